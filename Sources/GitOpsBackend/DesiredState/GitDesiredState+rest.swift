import GitKit
public import PromotionEngine
import WorkflowModel

extension GitDesiredState {
    public func rulesID() throws -> String? {
        let tree = try repository.commit(try currentTip()).tree
        return try repository.entry(at: RulesLoader.folder, inTree: tree)?.id.hex
    }

    public func tellRuleWarnings(_ warnings: [String]) {
        for warning in warnings where warned.insert(warning).inserted { warn(warning) }
    }

    public func places(of intent: EditIntent) throws -> [String] {
        let resolution = UpdateResolution(intent: intent, strictness: .reading)
        return try intent.updates.flatMap { update in
            let file = try resolution.file(of: update)
            // What a template says is read from it each time.
            if case .template(let source, _, _) = update.kind { return [file, source] }
            return [file]
        }
    }

    public func changedFiles(from old: String, to new: String) throws -> ChangedFiles? {
        let (before, after) = (try id(old), try id(new))
        guard repository.contains(before), repository.contains(after) else { return nil }
        let trees = (try repository.commit(before).tree, try repository.commit(after).tree)
        let changes = try repository.changes(fromTree: trees.0, toTree: trees.1)
        return ChangedFiles(paths: changes.map(\.path), cameOrWent: changes.contains { $0.old == nil || $0.new == nil })
    }
}
