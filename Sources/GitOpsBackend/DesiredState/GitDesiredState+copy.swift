import GitKit
import Manifests
import PromotionEngine
import WorkflowModel

extension GitDesiredState {
    /// The tree with files and folders put in place of others, by their ids: no content is read.
    func copying(_ copies: [UpdateResolution.Copy], onto tree: ObjectID, for intent: EditIntent) throws -> ObjectID {
        guard !copies.isEmpty else { return tree }
        return try repository.updatingTree(
            tree,
            try copies.map { copy in
                guard let source = try repository.entry(at: copy.from, inTree: tree) else {
                    throw try missing(copy.from, tree, intent)
                }
                try requireCopyable(source, copy.from, intent)
                if let target = try repository.entry(at: copy.to, inTree: tree) {
                    try requireCopyable(target, copy.to, intent)
                    guard (source.mode == .tree) == (target.mode == .tree) else {
                        throw PromotionError(
                            .usage, "\(copy.from) cannot be copied to \(copy.to): one is a folder, the other a file",
                            hint: "mend `copy` under `updates:` of stage '\(intent.stage.name)'")
                    }
                }
                return .set(path: copy.to, id: source.id, mode: source.mode)
            })
    }

    /// Links and submodules may lead out of the repository.
    private func requireCopyable(_ entry: TreeEntry, _ path: String, _ intent: EditIntent) throws {
        guard entry.mode == .link || entry.mode == .commit else { return }
        throw PromotionError(
            .usage, "\(path) is \(entry.mode == .link ? "a symbolic link" : "a submodule"), which gradus does not copy",
            hint: "name the file or folder itself under `updates:` of stage '\(intent.stage.name)'")
    }

    /// A plan with every file that the copies change, and with the ids that the copied paths get.
    func adding(
        _ copies: [UpdateResolution.Copy], to plan: EditPlan, base: ObjectID, copied: ObjectID
    ) throws -> EditPlan {
        let final = try repository.updatingTree(copied, try treeChanges(of: plan, on: copied))
        var files: [String: FileContent] = [:]
        for change in try repository.changes(fromTree: base, toTree: final) {
            files[change.path] =
                change.new.map { plan.files[change.path] ?? .object(id: $0.id.hex, mode: $0.mode.rawValue) } ?? .removed
        }
        let objects = try copies.map { copy in
            FieldEdit(
                file: copy.to, field: FieldEdit.object, old: try repository.entry(at: copy.to, inTree: base)?.id.hex,
                new: try repository.entry(at: copy.to, inTree: final)?.id.hex)
        }
        // Edits were planned on what was copied; what the target held before is what they change for everybody else.
        var before: [String: ManifestFile?] = [:]
        let edits = try plan.edits.map { edit in
            if before[edit.file] == nil { before[edit.file] = try readable(edit.file, inTree: base) }
            let old = (before[edit.file] ?? nil).flatMap { value(edit.field, in: $0) }
            return FieldEdit(file: edit.file, field: edit.field, old: old, new: edit.new)
        }
        return EditPlan(base: plan.base, edits: objects + edits, files: files)
    }
}
