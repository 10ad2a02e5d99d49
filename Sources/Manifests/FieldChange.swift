/// What an update does to one field.
public struct FieldChange: Sendable, Hashable {
    /// What a field says about a version.
    public enum Meaning: Sendable, Hashable {
        /// The text that the update declares.
        case text
        /// An image's tag, digest or name alone, or all in one text.
        case tag, digest, imageName, imageReference
    }

    /// The canonical path, list items by name: `images[name=registry.example/web].newTag`.
    public var path: String
    /// The text in the file, nil if the field is missing.
    public var old: String?
    /// The text afterwards, nil if the field is removed; equal to `old` if nothing changes.
    public var new: String?
    /// The field's line in the file as it was, 1 for the first; that of the nearest thing around it if the field is missing.
    public var line: Int
    public var meaning: Meaning
    /// The part of `old` that the update is about; nil for all of it.
    public var part: String?

    public init(path: String, old: String?, new: String?, line: Int, meaning: Meaning = .text, part: String? = nil) {
        self.path = path
        self.old = old
        self.new = new
        self.line = line
        self.meaning = meaning
        self.part = part
    }
}
