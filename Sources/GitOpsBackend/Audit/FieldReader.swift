import GitKit
import Manifests
import PromotionEngine

/// Reads values of fields on commits; a file that several commits share is parsed once.
struct FieldReader {
    let repository: Repository
    /// By blob; nil for one that is no manifest.
    private var parsed: [ObjectID: ManifestFile?] = [:]
    /// More parsed files than this are forgotten together, so that long histories do not fill the memory.
    private static let capacity = 2_000

    init(_ repository: Repository) { self.repository = repository }

    /// What the field of an edit holds in a tree: a value, or an object's id; nil when there is no such field.
    mutating func value(_ edit: FieldEdit, inTree tree: ObjectID) throws -> String? {
        guard let entry = try repository.entry(at: edit.file, inTree: tree) else { return nil }
        if edit.isObject { return entry.id.hex }
        guard entry.mode.isFile, let file = try manifest(entry.id, edit.file) else { return nil }
        do {
            return try file.value(of: edit.field)
        } catch {
            // The place has become a map or a list: it holds no value.
            return nil
        }
    }

    /// The first edit whose new value does not stand in the tree; nil when all stand.
    mutating func missing(_ edits: [FieldEdit], inTree tree: ObjectID) throws -> (edit: FieldEdit, found: String?)? {
        for edit in edits {
            let found = try value(edit, inTree: tree)
            if found != edit.new { return (edit, found) }
        }
        return nil
    }

    private mutating func manifest(_ id: ObjectID, _ path: String) throws -> ManifestFile? {
        if let known = parsed[id] { return known }
        var file: ManifestFile?
        do {
            file = try ManifestFile(bytes: try repository.blob(id), path: path)
        } catch is ManifestError {
            // No manifest any more: its fields have no values.
        }
        if parsed.count >= Self.capacity { parsed = [:] }
        parsed[id] = .some(file)
        return file
    }
}
