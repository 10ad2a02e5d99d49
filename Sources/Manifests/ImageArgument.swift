/// An argument in the grammar of `kustomize edit set image`: `[NAME=]NEWNAME[:TAG][@DIGEST]`.
///
/// `*` in place of a new name, tag or digest keeps what the file has.
public struct ImageArgument: Sendable, Hashable {
    /// What keeps the file's value.
    public static let keep = "*"

    /// The entry's `name`.
    public var name: String
    public var newName: String?
    public var tag: String?
    public var digest: String?

    /// - Throws: ``ManifestError`` with code `invalidArgument` for an empty name, or for a bare name that would change nothing.
    public init(parsing text: String) throws(ManifestError) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let isRenaming = parts.count == 2
        guard let reference = ImageReference(String(parts[parts.count - 1])), parts.first?.isEmpty == false
        else {
            throw .invalidArgument(text, "the image name is empty")
        }
        name = isRenaming ? String(parts[0]) : reference.name
        newName = isRenaming ? reference.name : nil
        tag = reference.tag
        digest = reference.digest
        guard isRenaming || tag != nil || digest != nil else {
            throw .invalidArgument(text, "there is neither a tag nor a digest nor a new name")
        }
    }

    /// The update this argument asks of a file, with every `*` replaced by the file's own value.
    ///
    /// Unlike kustomize, which rewrites the whole entry, a new name that the argument does not mention stays.
    ///
    /// - Throws: ``ManifestError`` if the file is no kustomization or names the image twice.
    public func update(in file: ManifestFile, create: Bool = false) throws(ManifestError) -> ManifestUpdate {
        let present = try file.kustomizationImage(named: name)
        return .kustomizationImage(
            name: name, newName: newName == Self.keep ? nil : newName,
            tag: tag == Self.keep ? present?.tag : tag,
            digest: digest == Self.keep ? present?.digest : digest, create: create)
    }
}
