import ArgumentParser
import GitOpsBackend
import PromotionEngine

struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Check the ledger", subcommands: [Verify.self])

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Verify every record: chain, subjects, trailers, segments, checkpoints, deploy commits",
            discussion: "Example:\n  gradus audit verify\n\nExit 1 and the first bad record when something does not hold. Works offline, on plain Git data.")

        @OptionGroup var global: GlobalOptions

        func run() throws {
            let session = try Session(global)
            let report = try LedgerAudit(session.location.authority).verify()
            for warning in report.warnings { session.console.warn(warning) }
            session.console.show(report.json) {
                let style = session.console.style
                guard let fault = report.fault else {
                    return "\(style.green("✓")) \(Counted.of(report.records, "record")) in \(Counted.of(report.segments, "segment")) hold together; "
                        + "\(Counted.of(report.checkpoints, "checkpoint")) folded again; the chain ends in \(report.headHash.prefix(12))."
                }
                return "\(style.red("✗")) \(fault)"
            }
            if report.fault != nil {
                Console.status("Error: the ledger does not hold together")
                Console.status("Hint: restore the branch from a backup or a clone that still verifies")
                throw Finished(code: 1)
            }
        }
    }
}
