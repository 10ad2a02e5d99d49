import GitKit
public import PromotionEngine

extension GitDesiredState {
    /// More commits than this are counted by nobody on a screen.
    private static let longestChangelog = 50

    /// The commits of the source after one up to another, newest first, at most 50; empty where this repository does not
    /// hold both, because the source is elsewhere.
    public func subjects(after older: String, upTo newer: String) throws -> [StageComparison.Change] {
        guard let start = ObjectID(hex: older), let end = ObjectID(hex: newer), repository.contains(start), repository.contains(end)
        else { return [] }
        var changes: [StageComparison.Change] = []
        try repository.walk(from: end, excluding: [start]) { commit throws(GitError) in
            changes.append(
                StageComparison.Change(
                    commit: commit.id.hex, subject: String(commit.message.prefix { $0 != "\n" }), author: commit.author.name))
            return changes.count < Self.longestChangelog ? .next : .stop
        }
        return changes
    }

    /// The unified difference between the files of two places, paired in order; a file without a partner is compared with
    /// nothing.
    public func patch(from old: [String], at oldCommit: String, to new: [String], at newCommit: String) throws -> String {
        let (before, after) = (try repository.commit(try id(oldCommit)).tree, try repository.commit(try id(newCommit)).tree)
        var text = ""
        for position in 0..<max(old.count, new.count) {
            let (left, right) = (old.dropFirst(position).first, new.dropFirst(position).first)
            text += try patch(left, before, right, after)
        }
        return text
    }

    private func patch(_ left: String?, _ before: ObjectID, _ right: String?, _ after: ObjectID) throws -> String {
        guard let name = right ?? left else { return "" }
        let none = try repository.updatingTree(nil, [])
        func tree(_ path: String?, in tree: ObjectID) throws -> ObjectID {
            guard let path, let entry = try repository.entry(at: path, inTree: tree), entry.mode.isFile else { return none }
            return try repository.updatingTree(none, [.set(path: name, id: entry.id, mode: entry.mode)])
        }
        let patch = try repository.patch(fromTree: tree(left, in: before), toTree: tree(right, in: after))
        guard let left, left != name else { return patch }
        // Both sides have one name only so that they are compared; the head of the text names each by its own.
        return patch.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            if line == "--- a/\(name)" { return "--- a/\(left)" }
            return line.hasPrefix("diff --git ") ? "diff --git a/\(left) b/\(name)" : String(line)
        }.joined(separator: "\n")
    }

    public func author(of commit: String) throws -> String? {
        guard let id = ObjectID(hex: commit), repository.contains(id) else { return nil }
        let author = try repository.commit(id).author
        return "\(author.name) <\(author.email)>"
    }
}
