import ArgumentParser
import HistoryIndex
import PromotionEngine

struct AuditPseudonymiseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pseudonymise",
        abstract: "Show a person by another name to everyone who reads the ledger through gradus",
        discussion: """
            Examples:
              gradus audit pseudonymise olga --reason "left the company, request 4711"
              gradus audit pseudonymise olga --also olga@example.com --also "Olga Petrova" --as person-a --reason "request 4711"

            Writes one record; history, reports, samples, statements and exports show the pseudonym from then on. No record is
            changed, so the chain stays whole and `audit verify` clean. It does not erase: Git still holds the id in old
            records, in author lines and in messages. Needs the permission `pseudonymise`.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("The person's id, as `gradus history` shows it", valueName: "subject"))
    var subject: String

    @Option(name: .customLong("as"), help: ArgumentHelp("The pseudonym; default: the one given before, else person-N", valueName: "name"))
    var pseudonym: String?

    @Option(help: ArgumentHelp("Another spelling of the same person: an id, a name, a mail address; can be repeated", valueName: "text"))
    var also: [String] = []

    @Option(help: "Why, for the record")
    var reason: String

    @Flag(help: "Check everything; record nothing")
    var dryRun = false

    func run() throws {
        let session = try Session(global, for: .writing)
        let known = try session.history().names(.person)
        let report = try session.conductor.pseudonymise(subject, as: pseudonym, also: also, reason: reason, dryRun: dryRun)
        // Authors of releases and of commits are no actors of a record, so it is no error.
        if !known.contains(subject), report.record != nil || report.isPlanned {
            session.console.warn("no record was caused, requested, approved or owned by '\(subject)': check the spelling with `gradus history --person`")
        }
        RecordText.show(
            report, session.console, done: "The person is shown by another name from now on.", same: "The same is recorded already.")
    }
}
