public import YAMLEdit

/// A manifest in a repository: what the updates of a workflow read and write.
public struct ManifestFile: Sendable {
    /// The parsed file.
    public let file: YAMLFile

    /// - Parameter path: the file's path in the repository; its name tells a kustomization.
    /// - Throws: ``ManifestError`` with code `yaml` and the places of all faults.
    public init(bytes: [UInt8], path: String) throws(ManifestError) {
        do throws(YAMLError) {
            file = try YAMLFile(bytes: bytes, path: path)
        } catch {
            throw .yaml(error, operation: "read")
        }
    }

    /// The bytes after the updates, and every declared field, also those that do not change.
    ///
    /// All updates mean the file as it is. Applying updates that are in force already returns the identical bytes.
    ///
    /// - Throws: ``ManifestError``: the wrong kind of manifest, a field that is not there (with the nearest names), several that
    ///   fit, two updates that contradict each other, or a value that cannot be edited where it stands.
    /// - Parameter throughAliases: a value behind an alias or merge key is changed at the anchor, for all who use it.
    public func applying(
        _ updates: [ManifestUpdate], throughAliases: Bool = false
    ) throws(ManifestError) -> (bytes: [UInt8], changes: [FieldChange]) {
        var planner = UpdatePlanner(file: file)
        for update in updates { try planner.add(update) }
        do throws(YAMLError) {
            return (try file.applying(planner.edits, throughAliases: throughAliases), planner.changes)
        } catch {
            throw .yaml(error, operation: "edit")
        }
    }

    /// Whether one value of the file may stand for several fields.
    public var holdsAliases: Bool { file.documents.contains(where: \.holdsAlias) }

    /// Throws for a field that can be read but not written, because it takes its value from an anchor elsewhere.
    public func checkWritable(_ update: ManifestUpdate) throws(ManifestError) {
        if holdsAliases { _ = try applying([update]) }
    }

    /// The present values of the fields that an update writes; `new` equals `old`.
    ///
    /// - Throws: as ``applying(_:)``.
    public func read(_ update: ManifestUpdate) throws(ManifestError) -> [FieldChange] {
        var planner = UpdatePlanner(file: file)
        try planner.add(update)
        return planner.changes.map {
            FieldChange(path: $0.path, old: $0.old, new: $0.old, line: $0.line, meaning: $0.meaning, part: $0.part)
        }
    }
}
