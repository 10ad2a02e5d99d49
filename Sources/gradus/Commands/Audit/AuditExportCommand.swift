import ArgumentParser
import Auditing
import GitOpsBackend
import PromotionEngine

struct AuditExportCommand: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case csv, jsonl, html
    }

    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the records out: CSV, JSON lines or HTML, one row per record",
        discussion: """
            Examples:
              gradus audit export --format csv --stage prod --since 2026-01-01 > records.csv
              gradus audit export --output evidence-2026 && (cd evidence-2026 && sha256sum -c SHA256SUMS)

            To stdout, or with --output DIR to files with a manifest (digests, chain head, what was asked for). Cells that a
            spreadsheet would take for a formula begin with an apostrophe. JSON lines hold the very records, so that their
            hashes can be recomputed, but for those that say `pseudonymised` (see `gradus audit pseudonymise`).
            """)

    @OptionGroup var global: GlobalOptions

    @Option(help: "csv, jsonl or html; can be repeated with --output, where all three are the default")
    var format: [Format] = []

    @Option(help: ArgumentHelp("Write files and a manifest into this new folder; also `--output DIR`", valueName: "dir"))
    var folder: String?

    @OptionGroup var options: AuditScopeOptions

    func validate() throws {
        if folder == nil, format.count > 1 { throw ValidationError("stdout takes one --format; several need --output DIR") }
    }

    func run() throws {
        let session = try Session(global)
        let progress = Progress("Verifying the ledger", isQuiet: session.settings.quiet)
        let report = try LedgerAudit(session.location.authority, progress: { progress.show($0) }).verify()
        progress.end()
        if let fault = report.fault {
            throw PromotionError(
                .error, "the ledger does not hold together", causes: [fault],
                hint: "`gradus audit verify` tells more; restore the branch from a backup or a clone that still verifies")
        }
        guard let folder else {
            if format.isEmpty, session.console.format == .json { return try showDocument(session, report) }
            let fallback: Format = session.console.format == .text ? .csv : .jsonl
            var writer = try ExportWriter(format.first ?? fallback) { Console.write($0, to: 1) }
            try each(session) { writer.write($0) }
            writer.end()
            return
        }
        try write(into: folder, session, report)
    }

    private func showDocument(_ session: Session, _ report: AuditReport) throws {
        var records: [JSONValue] = []
        try each(session) { records.append($0.exported) }
        session.console.show(
            [
                "apiVersion": "gradus/v1", "kind": "AuditExport", "filter": .object(filter.mapValues(JSONValue.string)),
                "population": .int(report.records), "chain_head": report.head?.json ?? .null, "records": .array(records),
            ]) { "" }
    }

    /// The records that were asked for, oldest first.
    private func each(_ session: Session, _ body: (LedgerRecord) throws -> Void) throws {
        var selection = RecordSelection(options.scope)
        let pseudonyms = try session.conductor.pseudonyms()
        try LedgerHistory(session.location.authority).forEach { if selection.takes($0) { try body(pseudonyms.shown($0)) } }
        try options.checkNames(selection, session)
    }

    private func write(into folder: String, _ session: Session, _ report: AuditReport) throws {
        guard !LocalFile.exists(folder) else {
            throw PromotionError(.usage, "\(folder) exists already", hint: "name a folder that does not: an export never writes over another")
        }
        var files: [ExportManifest.File] = []
        for format in format.isEmpty ? Format.allCases : format {
            var text = ""
            var rows = 0
            var writer = try ExportWriter(format) { text += $0 }
            try each(session) {
                writer.write($0)
                rows += 1
            }
            writer.end()
            let name = "records.\(format.rawValue)"
            try LocalFile.create("\(folder)/\(name)", Array(text.utf8))
            files.append(.init(name: name, sha256: Digest.sha256(text), bytes: text.utf8.count, rows: rows))
        }
        let manifest = ExportManifest(
            createdAt: WallPace.current, repository: session.location.authority.name, branch: session.desired.branch,
            filter: filter, population: report.records, records: files.first?.rows ?? 0, head: report.head, isIntact: true, files: files)
        try LocalFile.create("\(folder)/manifest.json", Array((manifest.json.prettyText + "\n").utf8))
        try LocalFile.create("\(folder)/SHA256SUMS", Array(manifest.sums.utf8))
        session.console.show(manifest.json) {
            "Wrote \(Counted.of(manifest.records, "record")) of \(manifest.population) to \(folder): \(files.map(\.name).joined(separator: ", ")), manifest.json, SHA256SUMS."
        }
    }

    private var filter: [String: String] {
        var filter: [String: String] = [:]
        if !options.stage.isEmpty { filter["stage"] = options.stage.joined(separator: ",") }
        filter["service"] = options.service
        filter["since"] = options.since?.instant.description
        filter["until"] = options.until?.instant.description
        return filter
    }
}

/// Writes records one after the other in one of the forms.
private struct ExportWriter {
    private let format: AuditExportCommand.Format
    private let put: (String) -> Void

    init(_ format: AuditExportCommand.Format, _ put: @escaping (String) -> Void) throws {
        self.format = format
        self.put = put
        switch format {
        case .csv: put(CSVText.line(ExportRow.columns))
        case .html: put(ExportPage.beginning)
        case .jsonl: break
        }
    }

    mutating func write(_ record: LedgerRecord) {
        switch format {
        case .csv: put(CSVText.line(ExportRow(record).cells))
        case .html: put(ExportPage.row(record))
        case .jsonl: put(record.exported.canonicalText + "\n")
        }
    }

    func end() {
        if format == .html { put(ExportPage.end) }
    }
}
