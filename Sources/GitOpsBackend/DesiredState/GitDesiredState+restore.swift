import GitKit
import Manifests
public import PromotionEngine
import YAMLEdit

extension GitDesiredState {
    public func parent(of commit: String) throws -> String? {
        let object = try id(commit)
        guard repository.contains(object) else { return nil }
        return try repository.commit(object).parents.first?.hex
    }

    public func restore(
        _ fields: [FieldEdit], from source: String, written: String, isWhole: Bool, at commit: String
    ) throws -> EditPlan {
        let trees = try (
            source: repository.commit(id(source)).tree, written: repository.commit(id(written)).tree,
            now: repository.commit(id(commit)).tree
        )
        // A train's commit changed other services' fields as well, perhaps in the same files.
        let isWhole = try isWhole && DeployTrailers.promotions(in: repository.commit(id(written)).message).count < 2
        var edits: [FieldEdit] = []
        var files: [String: FileContent] = [:]
        // Of a whole file or folder only the object's id is known, not fields in it.
        if let object = fields.first(where: \.isObject) { throw changed(object.file, nil) }
        var paths: [String] = []
        for field in fields where !paths.contains(field.file) { paths.append(field.file) }
        for path in paths {
            guard let now = try blob(path, trees.now), let before = try blob(path, trees.source) else { throw changed(path, nil) }
            let names = fields.filter { $0.file == path }.map(\.field)
            let restored: [UInt8]
            if isWhole, try blob(path, trees.written) == now {
                restored = before
            } else {
                guard let after = try blob(path, trees.written) else { throw changed(path, nil) }
                restored = try splice(names, path, now: now, written: after, source: before)
            }
            for name in names {
                edits.append(
                    FieldEdit(file: path, field: name, old: value(name, in: now, path), new: value(name, in: restored, path)))
            }
            if restored != now { files[path] = .bytes(restored) }
        }
        return EditPlan(base: commit, edits: edits, files: files)
    }

    private func blob(_ path: String, _ tree: ObjectID) throws -> [UInt8]? {
        guard let entry = try repository.entry(at: path, inTree: tree), entry.mode == .blob || entry.mode == .executable else { return nil }
        return try repository.blob(entry.id)
    }

    /// Puts each field's former bytes in the place of those that were written over them.
    private func splice(
        _ fields: [String], _ path: String, now: [UInt8], written: [UInt8], source: [UInt8]
    ) throws -> [UInt8] {
        var changes: [(range: Range<Int>, bytes: [UInt8])] = []
        for field in fields {
            guard let present = range(field, in: now, path), let after = range(field, in: written, path),
                let before = range(field, in: source, path)
            else { throw changed(path, field) }
            let bytes = Array(source[before])
            if Array(now[present]) == bytes { continue }
            guard now[present].elementsEqual(written[after]) else { throw changed(path, field) }
            changes.append((present, bytes))
        }
        var result = now
        for change in changes.sorted(by: { $0.range.lowerBound > $1.range.lowerBound }) {
            result.replaceSubrange(change.range, with: change.bytes)
        }
        // The same bytes may mean something else in another place, such as below another indentation.
        for field in fields where value(field, in: result, path) != value(field, in: source, path) { throw changed(path, field) }
        return result
    }

    /// Nil where the field is not there or the file cannot be read.
    private func range(_ field: String, in bytes: [UInt8], _ path: String) -> Range<Int>? {
        do throws(YAMLError) {
            return try YAMLFile(bytes: bytes, path: path).node(at: YAMLPath(parsing: field)).range
        } catch {
            return nil
        }
    }

    private func value(_ field: String, in bytes: [UInt8], _ path: String) -> String? {
        do throws(ManifestError) {
            return try ManifestFile(bytes: bytes, path: path).value(of: field)
        } catch {
            return nil
        }
    }

    private func changed(_ path: String, _ field: String?) -> PromotionError {
        PromotionError(
            .conflict, "\(path)\(field.map { ": \($0)" } ?? "") was changed by someone else since the promotion",
            hint: "put it right by hand on its branch, or promote a registered version")
    }
}
