import ArgumentParser
import HistoryIndex
import PromotionEngine
import WorkflowModel

struct HistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Tell the ledger's records, oldest first",
        discussion: """
            Examples:
              gradus history --service checkout --stage prod
              gradus history --person olga --type approval.given --since 2026-10-01
              gradus history --limit 20 --before 4711
              gradus history --follow -o jsonl

            Text shows the newest 50 unless --limit, --before or --after says otherwise; json and jsonl give all.
            """)

    /// What a screen is filled with when nobody asks for more.
    private static let screenful = 50

    @OptionGroup var global: GlobalOptions

    @Option(help: "Only this service", completion: LiveNames.services)
    var service: String?

    @Option(help: "Only this stage", completion: LiveNames.stages)
    var stage: String?

    @Option(help: "Only what this person did, asked for or approved")
    var person: String?

    @Option(help: "Only this type of record, such as delivered")
    var type: String?

    @Option(help: ArgumentHelp("From this time on", valueName: "time"))
    var since: TimeArgument?

    @Option(help: ArgumentHelp("Before this time", valueName: "time"))
    var until: TimeArgument?

    @Option(help: ArgumentHelp("At most so many: the newest, or with --after the oldest", valueName: "count"))
    var limit: Int?

    @Option(help: ArgumentHelp("Only records with a lower number", valueName: "seq"))
    var before: Int?

    @Option(help: ArgumentHelp("Only records with a higher number", valueName: "seq"))
    var after: Int?

    @Flag(help: "Go on with new records until interrupted")
    var follow = false

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit is at least 1") }
        if follow, before != nil || until != nil { throw ValidationError("--follow goes on at the end: leave out --before and --until") }
    }

    func run() throws {
        let session = try Session(global)
        let console = session.console
        guard !(follow && console.format == .json) else {
            throw PromotionError(.usage, "one document cannot be followed", hint: "use --follow -o jsonl")
        }
        let index = try session.history()
        let query = self.query(isScreen: console.format == .text)
        if console.format == .jsonl {
            try index.forEach(query) { Console.write($0.exported.canonicalText + "\n", to: 1) }
        } else {
            var records: [LedgerRecord] = []
            try index.forEach(query) { records.append($0) }
            console.show(["apiVersion": "gradus/v1", "kind": "History", "records": .array(records.map(\.exported))]) {
                records.isEmpty ? "The ledger holds no such record." : RecordTable.text(records, session)
            }
            if console.format == .text { try tellMore(index, query, records, console) }
        }
        if follow { try goOn(session, query) }
    }

    private func query(isScreen: Bool) -> HistoryQuery {
        var query = HistoryQuery()
        query.service = service
        query.stage = stage
        query.person = person
        query.type = type
        query.since = since?.instant
        query.until = until?.instant
        query.before = before
        query.after = after
        query.limit = limit ?? (isScreen && after == nil && before == nil ? Self.screenful : nil)
        if isScreen, limit == nil, before != nil { query.limit = Self.screenful }
        return query
    }

    /// What is not shown, and how to see it.
    private func tellMore(_ index: HistoryIndex, _ query: HistoryQuery, _ records: [LedgerRecord], _ console: Console) throws {
        let total = try index.count(query)
        if total == 0 {
            for (column, asked, word) in [(HistoryIndex.NameColumn.type, type, "type"), (.stage, stage, "stage"), (.service, service, "service")] {
                guard let asked else { continue }
                let names = try index.names(column)
                if !names.contains(asked) {
                    console.status("No record has the \(word) '\(asked)'; there are \(names.joined(separator: ", ")).")
                }
            }
        }
        guard let first = records.first, let last = records.last, records.count < total else { return }
        console.status(
            query.after != nil
                ? "\(records.count) of \(total) records; the next ones: --after \(last.seq)"
                : "\(records.count) of \(total) records; earlier ones: --before \(first.seq)")
    }

    /// Looks every two seconds for what was appended since.
    private func goOn(_ session: Session, _ shown: HistoryQuery) throws {
        let index = try session.history()
        var query = shown
        query.limit = nil
        query.after = max(try index.newest ?? 0, after ?? 0)
        while true {
            WallPace().wait(.seconds(2))
            try index.update()
            let newest = try index.newest ?? 0
            try index.forEach(query) { record in
                let line = session.console.format == .jsonl
                    ? record.exported.canonicalText : RecordTable.line(record, session)
                Console.write(TerminalText.escaped(line, keepsColors: session.console.style.isColored) + "\n", to: 1)
            }
            query.after = newest
        }
    }
}

/// Records for people.
enum RecordTable {
    static func text(_ records: [LedgerRecord], _ session: Session) -> String {
        text(records, session.console.style, RelativeTime(session))
    }

    static func text(_ records: [LedgerRecord], _ style: Style, _ time: RelativeTime) -> String {
        var table = Table(["SEQ", "WHEN", "WHO", "WHAT"].map(style.dim))
        for record in records {
            table.add([
                String(record.seq), style.dim(time.text(record.at)), record.initiator.displayName, colored(record, style),
            ])
        }
        return table.text
    }

    static func line(_ record: LedgerRecord, _ session: Session) -> String {
        "\(record.seq)  \(record.at)  \(record.initiator.displayName)  \(colored(record, session.console.style))"
    }

    /// The sentence with its symbol: what moved, what was stopped, what somebody said.
    private static func colored(_ record: LedgerRecord, _ style: Style) -> String {
        switch record.fact.type {
        case "succeeded", "approval.given": style.green("✓") + " " + record.sentence
        case "delivered", "admitted": style.green("→") + " " + record.sentence
        case "failed", "rejected", "denied", "aborted", "rolled_back", "release.yanked": style.red("✗") + " " + record.sentence
        case "external-change", "withdrawn": style.yellow("!") + " " + record.sentence
        case "freeze.added", "hold.added": style.yellow("#") + " " + record.sentence
        default: style.dim("·") + " " + record.sentence
        }
    }
}

extension RelativeTime {
    init(_ session: Session) {
        self.init(now: WallPace.current, isAbsolute: session.settings.verbose)
    }
}
