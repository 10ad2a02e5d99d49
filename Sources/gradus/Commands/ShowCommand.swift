import ArgumentParser
import HistoryIndex
import PromotionEngine

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one promotion as a timeline, with its evidence and approvals",
        discussion: "Example:\n  gradus show checkout-prod-17")

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("The promotion's id", valueName: "id"), completion: LiveNames.promotions)
    var id: String

    func run() throws {
        let session = try Session(global)
        let index = try session.history()
        let (subject, requested) = try request(in: index)
        var records: [LedgerRecord] = []
        var query = HistoryQuery()
        query.service = subject.service
        query.version = subject.version
        try index.forEach(query) { record in
            if belongs(record.fact, to: subject) { records.append(record) }
        }
        session.console.show(
            [
                "apiVersion": "gradus/v1", "kind": "PromotionHistory", "id": .string(id),
                "service": .string(subject.service), "version": .string(subject.version), "to": .string(subject.stage),
                "workflow": .string(subject.workflow), "records": .array(records.map(\.exported)),
            ]
        ) {
            PromotionTimeline(
                subject: subject, requested: requested, records: records, style: session.console.style,
                time: RelativeTime(session)
            ).text
        }
    }

    private func request(in index: HistoryIndex) throws -> (PromotionSubject, PromotionRequested) {
        var query = HistoryQuery()
        query.promotion = id
        query.type = "requested"
        query.limit = 1
        var found: PromotionRequested?
        try index.forEach(query) { record in
            if case .requested(let requested) = record.fact { found = requested }
        }
        guard let found else {
            throw PromotionError(
                .usage, "the ledger holds no promotion '\(id)'", hint: "`gradus history --type requested` lists them all")
        }
        return (found.subject, found)
    }

    /// The promotion's own records, and what was said of its release: registration, evidence, approvals for the stage.
    private func belongs(_ fact: Fact, to subject: PromotionSubject) -> Bool {
        if fact.promotion != nil, fact.promotion != id { return false }
        guard fact.service == subject.service, fact.releaseVersion == subject.version else { return false }
        switch fact {
        case .releaseRegistered, .evidencePosted: return true
        default: return fact.stage == subject.stage
        }
    }
}

/// The life of one promotion for people.
struct PromotionTimeline {
    let subject: PromotionSubject
    let requested: PromotionRequested
    let records: [LedgerRecord]
    let style: Style
    let time: RelativeTime

    var text: String {
        PromotionText.paragraphs(
            style.bold("\(subject.service) \(subject.version)") + " to " + style.bold(subject.stage) + "  " + state,
            details, RecordTable.text(records, style, time))
    }

    /// How it ended, or where it stands.
    private var state: String {
        // What was seen, asked and told changes nothing of where it stands.
        let steps: Set<String> = [
            "requested", "proposed", "admitted", "withdrawn", "delivered", "step.delivered", "succeeded", "failed", "aborted", "rejected",
            "rolled_back", "superseded",
        ]
        let last = records.last { $0.fact.promotion == subject.promotion && steps.contains($0.fact.type) }?.fact
        if case .stepDelivered(let delivered)? = last { return style.yellow("… step \(delivered.step), its health is being watched") }
        return switch last?.type {
        case "succeeded"?: style.green("✓ succeeded")
        case "delivered"?: style.yellow("… delivered, its health is being watched")
        case "failed"?, "aborted"?, "rejected"?, "rolled_back"?, "superseded"?: style.red("✗ \(last?.type ?? "")")
        case "proposed"?, "proposal.observed"?: style.yellow("… proposed")
        case "admitted"?: style.yellow("… admitted")
        default: style.yellow("… pending")
        }
    }

    private var details: String {
        var rows: [(String, String)] = [("promotion", subject.promotion), ("workflow", subject.workflow)]
        rows.append(("requested by", requested.requester + (requested.trigger == .manual ? "" : " (\(requested.trigger.rawValue))")))
        if let from = requested.from { rows.append(("from", from)) }
        if let reason = requested.reason { rows.append(("reason", reason)) }
        if let ticket = requested.ticket { rows.append(("ticket", ticket)) }
        if let downgrade = requested.downgradeFrom { rows.append(("downgrade from", downgrade)) }
        for record in records {
            switch record.fact {
            case .admitted(let admitted) where !admitted.approvedBy.isEmpty:
                rows.append(("approved by", admitted.approvedBy.joined(separator: ", ")))
            case .proposed(let proposed):
                rows.append(("proposed", proposed.url ?? "\(proposed.branch) at \(proposed.head.prefix(10))"))
            case .delivered(let delivered):
                rows.append(("deploy commit", delivered.commit))
                for edit in delivered.edits where edit.changes && !edit.isObject {
                    rows.append(("", "\(edit.file): \(edit.field): \(edit.old ?? "(none)") -> \(edit.new ?? "(none)")"))
                }
            default: break
            }
        }
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { name, value in
            style.dim(name.padded(to: width)) + "  " + value
        }.joined(separator: "\n")
    }
}

extension String {
    /// The text with spaces behind it up to a number of columns.
    func padded(to columns: Int) -> String {
        self + String(repeating: " ", count: max(0, columns - TextWidth.of(self)))
    }
}
