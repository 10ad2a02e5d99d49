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
            return items.map { Self.text($0, session.console.style, RelativeTime(session)) }.joined(separator: "\n\n")
        }
    }

    /// What it is, why, since when, and the commands that clear it.
    private static func text(_ item: InboxItem, _ style: Style, _ time: RelativeTime) -> String {
        let since = item.since.map { "  " + style.dim(time.text($0)) } ?? ""
        var table = Table()
        table.add([" ", item.reason])
        let what = [item.service, item.version].filter { !$0.isEmpty }.joined(separator: " ")
        return "\(style.symbol(item.kind))  \(style.bold(what)) in \(style.bold(item.stage))\(since)\n"
            + table.text + item.commands.map { "\n   \($0)" }.joined()
    }
}
