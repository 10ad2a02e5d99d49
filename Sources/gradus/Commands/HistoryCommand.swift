import ArgumentParser
import GitOpsBackend
import PromotionEngine

struct HistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Tell the ledger's records, oldest first",
        discussion: """
            Examples:
              gradus history --service checkout --stage prod
              gradus history -o jsonl --since 2026-10-01
            """)

    @OptionGroup var global: GlobalOptions

    @Option(help: "Only this service")
    var service: String?

    @Option(help: "Only this stage")
    var stage: String?

    @Option(help: "Only this type of record")
    var type: String?

    @Option(help: ArgumentHelp("From this time on", valueName: "time"))
    var since: TimeArgument?

    @Option(help: ArgumentHelp("Before this time", valueName: "time"))
    var until: TimeArgument?

    func run() throws {
        let session = try Session(global)
        var records: [LedgerRecord] = []
        try LedgerHistory(session.location.authority).forEach { record in
            guard matches(record) else { return }
            if session.console.format == .jsonl {
                Console.write(record.exported.canonicalText + "\n", to: 1)
            } else {
                records.append(record)
            }
        }
        guard session.console.format != .jsonl else { return }
        session.console.show(
            ["apiVersion": "gradus/v1", "kind": "History", "records": .array(records.map(\.exported))]
        ) {
            if records.isEmpty { return "The ledger holds no such record." }
            return RecordTable.text(records)
        }
    }

    private func matches(_ record: LedgerRecord) -> Bool {
        (service == nil || record.fact.service == service) && (stage == nil || record.fact.stage == stage)
            && (type == nil || record.fact.type == type) && (since.map { record.at >= $0.instant } ?? true)
            && (until.map { record.at < $0.instant } ?? true)
    }
}

/// Records for people.
enum RecordTable {
    static func text(_ records: [LedgerRecord]) -> String {
        var table = Table(["SEQ", "AT", "BY", "WHAT"])
        for record in records {
            table.add([String(record.seq), record.at.description, record.initiator.displayName, record.sentence])
        }
        return table.text
    }
}
