/// Allows some actions to some people (`design.md` section 5, `permissions`).
public struct Permission: Sendable, Hashable {
    public enum Action: String, Sendable, Hashable, CaseIterable {
        case promote, rollback, hold, approve, freeze, yank
        case breakGlass = "break-glass"
        case adopt
        /// Shows a person by another name to all readers.
        case pseudonymise
    }

    public var actions: Set<Action>
    /// Groups or people; `*` is everyone, `service-owner` the service's owner.
    public var groups: [String]
    /// Names with `*` and `?`.
    public var services: [String]
    /// Names with `*` and `?`.
    public var stages: [String]

    public init(actions: Set<Action>, groups: [String], services: [String] = ["*"], stages: [String] = ["*"]) {
        self.actions = actions
        self.groups = groups
        self.services = services
        self.stages = stages
    }

    /// True when the permission speaks of the action for that service and stage; nil for an action on all of them.
    func covers(_ action: Action, service: String?, stage: String?) -> Bool {
        actions.contains(action) && Self.fits(service, services) && Self.fits(stage, stages)
    }

    /// An action on everything needs a permission for everything.
    private static func fits(_ name: String?, _ patterns: [String]) -> Bool {
        guard let name else { return patterns.contains("*") }
        return patterns.contains { NamePattern($0).fits(name) }
    }
}

extension People {
    /// Whether the person may do this, and if not, why not, as the end of a sentence.
    ///
    /// Without `permissions` everyone may do everything but break glass, yank, pseudonymise, and freeze without a scope. With them
    /// what no permission allows is denied.
    public func objection(to action: Permission.Action, by subject: String, service: Service?, stage: String?) -> String? {
        guard let permissions else {
            let isGuarded = action == .breakGlass || action == .yank || action == .pseudonymise || (action == .freeze && service == nil && stage == nil)
            return isGuarded ? "`\(action.rawValue)` needs a permission in workflows/groups.yaml, which has none" : nil
        }
        let covering = permissions.filter { $0.covers(action, service: service?.name, stage: stage) }
        let isAllowed = covering.contains { permission in
            permission.groups.contains { $0 == "*" || isMember(subject, of: $0, owner: service?.owner) }
        }
        if isAllowed { return nil }
        let allowed = covering.flatMap(\.groups).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        return allowed.isEmpty ? "nobody may" : "only \(allowed.joined(separator: ", ")) may"
    }
}

/// A name with `*` for any characters and `?` for one.
public struct NamePattern: Sendable, Hashable {
    private let pattern: [Character]

    public init(_ text: String) { pattern = Array(text) }

    public func fits(_ name: String) -> Bool {
        let name = Array(name)
        // The last `*` seen, and where in the name it began: on a mismatch it takes one character more.
        var star: (pattern: Int, name: Int)?
        var (position, at) = (0, 0)
        while at < name.count {
            if position < pattern.count, pattern[position] == "*" {
                star = (position, at)
                position += 1
            } else if position < pattern.count, pattern[position] == "?" || pattern[position] == name[at] {
                position += 1
                at += 1
            } else if let last = star {
                star = (last.pattern, last.name + 1)
                position = last.pattern + 1
                at = last.name + 1
            } else {
                return false
            }
        }
        return pattern[position...].allSatisfy { $0 == "*" }
    }
}
