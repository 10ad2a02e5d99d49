import ArgumentParser
import GitOpsBackend
import PromotionEngine

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one promotion as a timeline, with its evidence and approvals",
        discussion: "Example:\n  gradus show checkout-prod-17")

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("The promotion's id", valueName: "id"))
    var id: String

    func run() throws {
        let session = try Session(global)
        let history = LedgerHistory(session.location.authority)
        var subject: PromotionSubject?
        try history.forEach { record in
            if case .requested(let requested) = record.fact, requested.subject.promotion == id { subject = requested.subject }
        }
        guard let subject else {
            throw PromotionError(
                .usage, "the ledger holds no promotion '\(id)'", hint: "`gradus history --type requested` lists them all")
        }
        var records: [LedgerRecord] = []
        try history.forEach { record in
            if belongs(record.fact, to: subject) { records.append(record) }
        }
        session.console.show(
            [
                "apiVersion": "gradus/v1", "kind": "PromotionHistory", "id": .string(id),
                "service": .string(subject.service), "version": .string(subject.version), "to": .string(subject.stage),
                "workflow": .string(subject.workflow), "records": .array(records.map(\.exported)),
            ]
        ) {
            PromotionText.paragraphs(
                session.console.style.bold("\(id): \(subject.service) \(subject.version) to \(subject.stage)"),
                RecordTable.text(records))
        }
    }

    /// The promotion's own records, and what was said of its release: registration, evidence, approvals for the stage.
    private func belongs(_ fact: Fact, to subject: PromotionSubject) -> Bool {
        if fact.promotion != nil, fact.promotion != id {
            return false
        }
        guard fact.service == subject.service, fact.releaseVersion == subject.version else { return false }
        switch fact {
        case .releaseRegistered, .evidencePosted: return true
        default: return fact.stage == subject.stage
        }
    }
}
