import ArgumentParser
import GitOpsBackend
import PromotionEngine

struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Check the ledger", subcommands: [Verify.self])

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Verify every record: chain, subjects, trailers, segments, checkpoints, deploy commits",
            discussion: "Exit 1 and the first bad record when something does not hold. Works offline, on plain Git data.")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var signatures: SignatureOptions

        func run() throws {
            let session = try Session(global)
            let report = try LedgerAudit(session.location.authority).verify()
            // Signatures of a chain that does not hold would say nothing.
            let signed = report.fault == nil ? try signatures.report(session.location.authority) : nil
            for warning in report.warnings { session.console.warn(warning) }
            session.console.show(report.document(signed)) {
                let style = session.console.style
                guard let fault = report.fault else {
                    return "\(style.green("✓")) \(Counted.of(report.records, "record")) in \(Counted.of(report.segments, "segment")) hold together; "
                        + "\(Counted.of(report.checkpoints, "checkpoint")) folded again; the chain ends in \(report.headHash.prefix(12))."
                        + (signed.map { "\n" + SignatureOptions.text($0, style) } ?? "")
                }
                return "\(style.red("✗")) \(fault)"
            }
            if report.fault != nil {
                Console.status("Error: the ledger does not hold together")
                Console.status("Hint: restore the branch from a backup or a clone that still verifies")
                throw Finished(code: 1)
            }
            if signed?.fault != nil {
                Console.status("Error: not everything is signed as the signers say")
                Console.status("Hint: --signed-from SEQ leaves out records from before signing was switched on")
                throw Finished(code: 1)
            }
        }
    }
}
