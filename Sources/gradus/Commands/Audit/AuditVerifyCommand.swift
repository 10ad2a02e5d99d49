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
        let report = try LedgerAudit(session.location.authority, progress: { progress.show($0) }).verify(
            since: saved, branch: session.location.branch, elsewhere: elsewhere(session))
        progress.end()
        // Signatures of a chain that does not hold would say nothing.
        let signed = report.fault == nil ? try signatures.report(session.location.authority) : nil
        for warning in report.warnings { session.console.warn(warning) }
        for finding in report.outside where !finding.isRecorded { session.console.warn(Self.unrecorded(finding)) }
        session.console.show(report.document(signed)) {
            let style = session.console.style
            return ([text(report, style, saved)] + (signed.map { [SignatureOptions.text($0, style)] } ?? [])).joined(separator: "\n")
        }
        if signed?.fault != nil {
            Console.status("Error: not everything is signed as the signers say")
            Console.status("Hint: --signed-from SEQ leaves out records from before signing was switched on")
            throw Finished(code: 1)
        }
        guard report.fault != nil else { return }
        Console.status("Error: the ledger does not hold together")
        Console.status("Hint: restore the branch from a backup or a clone that still verifies")
        throw Finished(code: 1)
    }

    /// Nothing where the rules or another repository cannot be read: the ledger is verified all the same.
    private func elsewhere(_ session: Session) -> [(name: String, target: ObjectID)] {
        do {
            return try session.desired.branchesElsewhere(session.desired.rules(of: nil))
        } catch {
            session.console.warn("environments in other repositories are not looked at: \(error)")
            return []
        }
    }

    private func text(_ report: AuditReport, _ style: Style, _ saved: ChainHead?) -> String {
        guard report.fault == nil else { return "\(style.red("✗")) \(report.fault ?? "")" }
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
                + (report.outside.isEmpty ? "all of them by promotions." : "\(report.outside.count) of those changes came from outside:"))
        for finding in report.outside {
            lines.append("  \(style.yellow("!")) \(finding.at) \(finding.sentence)\(finding.isRecorded ? "" : style.yellow(", not on record"))")
        }
        return lines.joined(separator: "\n")
    }

    private static func unrecorded(_ finding: OutsideFinding) -> String {
        let claims = finding.claims.isEmpty ? "" : "; its message claims \(finding.claims.joined(separator: ", ")), of which the ledger holds no delivery by it"
        return "\(finding.sentence), and no record says so yet\(claims); `gradus reconcile` records it"
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
