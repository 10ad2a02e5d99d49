import YAMLEdit

extension ManifestFile {
    /// The text of the field at a canonical path, as ``FieldChange/path`` gives it; nil when there is no such field.
    ///
    /// - Throws: ``ManifestError`` for a text that is no path, for a path that fits several places or ends in a map or list.
    public func value(of field: String) throws(ManifestError) -> String? {
        do throws(YAMLError) {
            return try file.get(YAMLPath(parsing: field))
        } catch where error.code == .notFound {
            return nil
        } catch {
            throw .yaml(error, operation: "read \(field)")
        }
    }
}
