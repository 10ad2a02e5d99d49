/// One value of one file, before and after a promotion.
public struct FieldEdit: Sendable, Hashable {
    /// Path inside the repository.
    public let file: String
    /// The field inside the file, list items by name.
    public let field: String
    /// Nil: the field was not there.
    public let old: String?
    /// Nil: the field is taken away.
    public let new: String?

    /// The `field` of an edit whose values are ids of Git objects: the path as a whole, a file or a folder.
    ///
    /// No path inside of a file reads like this, because `#` follows a document's selector.
    public static let object = "#object"

    /// Whether the path as a whole is meant.
    public var isObject: Bool { field == Self.object }

    public init(file: String, field: String, old: String?, new: String?) {
        self.file = file
        self.field = field
        self.old = old
        self.new = new
    }

    public var changes: Bool { old != new }

    init(_ fields: JSONFields) throws(RecordFault) {
        file = try fields.string("file")
        field = try fields.string("field")
        old = try fields.optionalString("old")
        new = try fields.optionalString("new")
    }

    public var json: JSONValue {
        .compact(["file": .string(file), "field": .string(field), "old": .optional(old), "new": .optional(new)])
    }
}
