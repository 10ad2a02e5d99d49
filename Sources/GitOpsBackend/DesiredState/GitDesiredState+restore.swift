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
    ) throws -> Restoration {
        let trees = try (
            source: repository.commit(id(source)).tree, written: repository.commit(id(written)).tree,
            now: repository.commit(id(commit)).tree
        )
        // A train's commit changed other services' fields as well, perhaps in the same files.
        let isWhole = try isWhole && DeployTrailers.promotions(in: repository.commit(id(written)).message).count < 2
        var edits: [FieldEdit] = []
        var files: [String: FileContent] = [:]
        // Of a whole file or folder only the object's id is known, not fields in it.
        var obstacles = fields.filter(\.isObject).map { Restoration.Obstacle($0, written: $0.new, cause: .shape) }
        var paths: [String] = []
        for field in fields where !field.isObject && !paths.contains(field.file) { paths.append(field.file) }
        for path in paths {
            var names: [String] = []
            for field in fields where field.file == path && !names.contains(field.field) { names.append(field.field) }
            let (source, after) = try (blob(path, trees.source), blob(path, trees.written))
            guard let now = try blob(path, trees.now) else {
                obstacles += names.map { name in
                    let former = FieldEdit(file: path, field: name, old: nil, new: source.flatMap { value(name, in: $0, path) })
                    return .init(former, written: after.flatMap { value(name, in: $0, path) }, cause: .gone)
                }
                continue
            }
            var restored = now
            var missed: [String: Restoration.Obstacle.Cause] = [:]
            if isWhole, let source, after == now {
                restored = source
            } else {
                (restored, missed) = splice(names, path, now: now, written: after, source: source)
            }
            for name in names {
                let former = source.flatMap { value(name, in: $0, path) }
                let field = FieldEdit(
                    file: path, field: name, old: value(name, in: now, path),
                    new: missed[name] == nil ? value(name, in: restored, path) : former)
                if let cause = missed[name] {
                    obstacles.append(.init(field, written: after.flatMap { value(name, in: $0, path) }, cause: cause))
                } else {
                    edits.append(field)
                }
            }
            if restored != now { files[path] = .bytes(restored) }
        }
        return Restoration(plan: EditPlan(base: commit, edits: edits, files: files), obstacles: obstacles)
    }

    private func blob(_ path: String, _ tree: ObjectID) throws -> [UInt8]? {
        guard let entry = try repository.entry(at: path, inTree: tree), entry.mode == .blob || entry.mode == .executable else { return nil }
        return try repository.blob(entry.id)
    }

    /// Puts each field's former bytes in the place of those that were written over them, as far as that goes.
    private func splice(
        _ fields: [String], _ path: String, now: [UInt8], written: [UInt8]?, source: [UInt8]?
    ) -> (bytes: [UInt8], missed: [String: Restoration.Obstacle.Cause]) {
        var missed: [String: Restoration.Obstacle.Cause] = [:]
        var changes: [(field: String, range: Range<Int>, bytes: [UInt8])] = []
        for field in fields {
            let present = range(field, in: now, path)
            let (after, before) = (written.flatMap { range(field, in: $0, path) }, source.flatMap { range(field, in: $0, path) })
            switch (present, before) {
            case (nil, nil): continue
            case (nil, .some): missed[field] = after == nil ? .shape : .gone
            case (.some(let present), nil):
                let isWritten = after.flatMap { range in written.map { now[present].elementsEqual($0[range]) } } ?? false
                missed[field] = isWritten ? .shape : .changed
            case (.some(let present), .some(let before)):
                let bytes = Array((source ?? [])[before])
                if now[present].elementsEqual(bytes) { continue }
                let isWritten = after.flatMap { range in written.map { now[present].elementsEqual($0[range]) } } ?? false
                if isWritten { changes.append((field, present, bytes)) } else { missed[field] = .changed }
            }
        }
        changes.sort { $0.range.lowerBound > $1.range.lowerBound }
        while true {
            var result = now
            for change in changes { result.replaceSubrange(change.range, with: change.bytes) }
            // The same bytes may mean something else in another place, such as below another indentation.
            let wrong = fields.filter { field in
                missed[field] == nil && value(field, in: result, path) != source.flatMap { value(field, in: $0, path) }
            }
            if wrong.isEmpty { return (result, missed) }
            for field in wrong { missed[field] = .shape }
            changes.removeAll { wrong.contains($0.field) }
        }
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
}
