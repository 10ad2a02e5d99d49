import GitKit
public import PromotionEngine
import WorkflowModel

extension GitDesiredState {
    public func rulesID() throws -> String? {
        let tree = try repository.commit(try currentTip()).tree
        return try repository.entry(at: RulesLoader.folder, inTree: tree)?.id.hex
    }

    public func places(of intent: EditIntent) throws -> [String] {
        let resolution = UpdateResolution(intent: intent, strictness: .reading)
        let files = try intent.updates.map { update in
            if case .copy = update.kind { return "" }
            return try resolution.file(of: update)
        }
        return files.filter { !$0.isEmpty } + (try resolution.copies().map(\.to))
    }

    public func changedFiles(from old: String, to new: String) throws -> [String]? {
        let (before, after) = (try id(old), try id(new))
        guard repository.contains(before), repository.contains(after) else { return nil }
        let changes = try repository.changes(
            fromTree: try repository.commit(before).tree, toTree: try repository.commit(after).tree)
        // A file that came or went may be a service that came or went.
        guard changes.allSatisfy({ $0.old != nil && $0.new != nil }) else { return nil }
        return changes.map(\.path)
    }
}
