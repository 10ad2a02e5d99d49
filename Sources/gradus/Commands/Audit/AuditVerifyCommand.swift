import ArgumentParser
import GitKit
import GitOpsBackend
import PromotionEngine

struct AuditVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verify every record and every commit that touches a declared value",
        discussion: """
            Examples:
              gradus audit verify
              gradus audit verify -o json > checkpoint.json
              gradus audit verify --since-checkpoint checkpoint.json
              gradus audit verify --signers allowed-signers

            Recomputes chain, subjects, trailers, authors, links of segments and checkpoints; compares deploy commits with their
            records; names every commit that changed declared values outside of a promotion. Works offline, on plain Git data.
            Exit 1 and the first bad record when something does not hold.

            A chain cannot tell that its end was cut off. Keep the output of `-o json` where the repository's owner cannot
            write, and hand it to --since-checkpoint later.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(help: ArgumentHelp("A saved output of `audit verify -o json`, or an export's manifest: what it names must still stand", valueName: "file"))
    var sinceCheckpoint: String?

    @OptionGroup var signatures: SignatureOptions

    func run() throws {
        let session = try Session(global)
        let saved = try sinceCheckpoint.map(Self.chainHead)
        let progress = Progress("Verifying the ledger", isQuiet: session.settings.quiet)
        let places = AuditPlaces(session)
        let report = try LedgerAudit(session.location, progress: { progress.show($0) }).verify(
            since: saved, branch: session.location.branch, elsewhere: places.elsewhere, declared: places.declared)
        progress.end()
        // Signatures of a chain that does not hold would say nothing.
        let signed = report.isChainWhole ? try signatures.report(session.location.authority) : nil
        for warning in places.warnings + report.warnings { session.console.warn(warning) }
        for finding in report.outside where !finding.isRecorded { session.console.warn(Self.unrecorded(finding, places.home(of: finding))) }
        if !report.baselines.isEmpty {
            session.console.warn("\(Counted.of(report.baselines.count, "change")) of declared values came where nothing had been delivered yet: what stands there is a baseline, which nobody decided")
        }
        session.console.show(report.document(signed)) {
            let style = session.console.style
            return ([text(report, style, saved, session.location.authority.name)] + (signed.map { [SignatureOptions.text($0, style)] } ?? [])).joined(separator: "\n")
        }
        if signed?.fault != nil {
            Console.status("Error: not everything is signed as the signers say")
            Console.status("Hint: --signed-from SEQ leaves out records from before signing was switched on")
            throw Finished(code: 1)
        }
        guard report.fault != nil else { return }
        Console.status("Error: the ledger does not hold together")
        Console.status("Hint: \(report.hint ?? "restore the branch from a backup or a clone that still verifies")")
        throw Finished(code: 1)
    }

    private func text(_ report: AuditReport, _ style: Style, _ saved: ChainHead?, _ repository: String) -> String {
        guard report.fault == nil else { return "\(style.red("✗")) \(report.fault ?? "")" }
        guard report.segments > 0 else {
            return "\(style.yellow("!")) There is no ledger: \(repository) has no branch below gradus/ledger/, and none was seen here before."
        }
        var lines = [
            "\(style.green("✓")) \(Counted.of(report.records, "record")) in \(Counted.of(report.segments, "segment")) hold together; "
                + "\(Counted.of(report.checkpoints, "checkpoint")) folded again; the chain ends in \(report.headHash.prefix(12))."
        ]
        if let saved {
            lines.append("\(style.green("✓")) The saved checkpoint stands: record \(saved.seq) is the one that it names.")
        }
        guard report.deployCommits > 0 else { return lines.joined(separator: "\n") }
        lines.append(
            "\(style.green("✓")) \(Counted.of(report.deployCommits, "deploy commit")) carry their records' values; "
                + "\(report.touchingCommits) of \(Counted.of(report.branchCommits, "commit")) looked at touch declared values, "
                + (report.outside.isEmpty ? report.baselines.isEmpty ? "all of them by promotions." : "and not all of them by promotions." : "\(report.outside.count) of those changes came from outside:"))
        for finding in report.outside {
            lines.append("  \(style.yellow("!")) \(finding.at) \(finding.sentence)\(finding.isRecorded ? "" : style.yellow(", not on record"))")
        }
        guard !report.baselines.isEmpty else { return lines.joined(separator: "\n") }
        lines.append("\(style.yellow("!")) \(Counted.of(report.baselines.count, "change")) came where nothing had been delivered yet (baseline):")
        for finding in report.baselines { lines.append("  \(style.yellow("!")) \(finding.at) \(finding.sentence)") }
        return lines.joined(separator: "\n")
    }

    /// - Parameter home: the branch of the cell by today's rules; nil when they do not declare it.
    private static func unrecorded(_ finding: OutsideFinding, _ home: String?) -> String {
        let claims = finding.claims.isEmpty ? "" : "; its message claims \(finding.claims.joined(separator: ", ")), of which the ledger holds no delivery by it"
        let next = switch home {
        case _ where finding.isPutBack: "\(finding.branch) holds again what the ledger says, so that there is nothing left to record"
        case nil: "the rules do not declare it any more, so that nothing records it"
        case finding.branch?: "`gradus reconcile` records it"
        case let home?: "promotions go to \(home) now, so that nothing records what is done on \(finding.branch)"
        }
        return "\(finding.sentence), and no record says so\(finding.isPutBack ? "" : " yet")\(claims); \(next)"
    }

    /// Throws a usage error when the file is no saved checkpoint.
    static func chainHead(_ path: String) throws -> ChainHead {
        let text = String(decoding: try LocalFile.read(path), as: UTF8.self)
        do throws(RecordFault) {
            return try ChainHead(savedDocument: text)
        } catch {
            throw PromotionError(
                .usage, "\(path) is no saved checkpoint", causes: [error.description],
                hint: "write one with `gradus audit verify -o json > checkpoint.json`")
        }
    }
}
