import GitKit
public import PromotionEngine

/// A commit that changed which branch is the target.
public struct TargetMove: Sendable, Hashable {
    public let commit: String
    public let at: Instant
    /// `NAME <MAIL>`.
    public let author: String
    public let subject: String
    public let from: String
    public let to: String
    /// The file could not be read after it: why.
    public let fault: String?
}

/// Which branches were the target, by `.gradus/config.yaml` on the branch that HEAD names.
public struct TargetBranches {
    public static let path = TargetConfiguration.path
    private let authority: any Authority
    private let landings: LandingTimes

    public init(_ authority: any Authority, _ landings: LandingTimes = LandingTimes()) {
        self.authority = authority
        self.landings = landings
    }

    /// Every change of the target, oldest first; empty where HEAD names no branch.
    ///
    /// - Throws: when the branch or a commit cannot be read; a file that cannot be read is part of the answer, and changes nothing.
    public func moves() throws -> [TargetMove] {
        guard let head = try authority.defaultBranch() else { return [] }
        let repository = authority.repository
        let line = try authority.line(of: head)
        let fallback = Self.short(head)
        var present = fallback
        var before: ObjectID?
        var found: [TargetMove] = []
        for (step, at) in zip(line, landings.times(line)) {
            let commit = step.commit
            let entry = try repository.entry(at: Self.path, inTree: commit.tree)?.id
            guard entry != before else { continue }
            before = entry
            var named = present
            var fault: String?
            do {
                named = try TargetConfiguration.branch(at: commit.id, in: repository).map(Self.short) ?? fallback
            } catch let error as PromotionError {
                fault = ([error.message] + error.faults.prefix(1)).joined(separator: ": ")
            }
            guard named != present || fault != nil else { continue }
            found.append(
                TargetMove(
                    commit: commit.id.hex, at: at, author: "\(commit.author.name) <\(commit.author.email)>",
                    subject: commit.message.split(separator: "\n").first.map(String.init) ?? "", from: present, to: named, fault: fault))
            present = named
        }
        return found
    }

    /// The branches that were the target at some time since a moment, without `refs/heads/`.
    func names(since moment: Instant) throws -> [String] {
        guard let head = try authority.defaultBranch() else { return [] }
        var names = [Self.short(head)]
        for move in try moves() {
            // In the same second both were.
            if move.at < moment { names = [move.to] } else { names.append(move.to) }
        }
        return names
    }

    private static func short(_ name: String) -> String {
        let prefix = "refs/heads/"
        return name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
    }
}
