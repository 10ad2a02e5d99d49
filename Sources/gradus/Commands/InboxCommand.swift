import ArgumentParser
import PromotionEngine

struct InboxCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inbox",
        abstract: "List what needs you: approvals, reviews, failures, what you asked for, your holds",
        discussion: "Example:\n  gradus inbox --actor olga")

    @OptionGroup var global: GlobalOptions

    func run() throws {
        // Only reads, but must know for whom.
        let session = try Session(global, for: .writing)
        let items = try session.conductor.inbox()
        session.console.show(
            [
                "apiVersion": "gradus/v1", "kind": "Inbox", "actor": .string(session.conductor.initiatorID),
                "items": .array(items.map(\.json)),
            ]
        ) {
            if items.isEmpty { return "Nothing needs \(session.conductor.initiatorID)." }
            return items.map { item in
                "\(item.kind.rawValue): \(item.service) \(item.version) in \(item.stage): \(item.reason)"
                    + item.commands.map { "\n  \($0)" }.joined()
            }.joined(separator: "\n")
        }
    }
}
