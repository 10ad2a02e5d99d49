import ArgumentParser
import Auditing
import GitOpsBackend
import PromotionEngine

struct AuditAttestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attest",
        abstract: "Write a signed in-toto statement for each promotion",
        discussion: """
            Examples:
              gradus audit attest --promotion checkout-prod-19 --key attest.pem > checkout.intoto.jsonl
              gradus audit attest --stage prod --since 2026-10-01 --key attest.pem --file prod.intoto.jsonl

            One line for each promotion: a DSSE envelope around an in-toto Statement whose subject is the release's images, and
            whose predicate holds the decision: gates, approvals, evidence, plan and rule files by digest, and the chain head.
            Without --key the statements are printed unsigned, as they are. With -o json all of them stand in one document.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(help: "The promotion; can be repeated. Default: all of the period and stages")
    var promotion: [String] = []

    @Option(help: ArgumentHelp("PEM file of a private key, Ed25519 or P-256, PKCS #8", valueName: "file"))
    var key: String?

    @Option(name: .customLong("file"), help: ArgumentHelp("Write to this file; default: stdout", valueName: "file"))
    var file: String?

    @OptionGroup var options: AuditScopeOptions

    func run() throws {
        let session = try Session(global)
        let signing = try key.map { try SigningKey(pem: String(decoding: LocalFile.read($0), as: UTF8.self), named: $0) }
        let reading = try AuditReading(session, isBranchRead: false)
        try reading.requireIntact()
        guard let head = reading.report.head else {
            throw PromotionError(.error, "the ledger has no records yet", hint: "register a release with `gradus release create`")
        }
        let statements = try chosen(reading).map { change in
            let statement = PromotionStatement.json(of: change, repository: session.location.authority.name, head: head)
            guard let signing else { return statement }
            var envelope = Envelope(statement)
            try envelope.sign(signing)
            return envelope.json
        }
        if file != nil || session.console.format != .json {
            try AuditOutput.write(statements.map { $0.canonicalText + "\n" }.joined(), to: file, session.console)
        }
        if session.console.format == .json {
            session.console.show(
                [
                    "apiVersion": "gradus/v1", "kind": "Attestations", "signed": .bool(signing != nil), "chain_head": head.json,
                    "statements": .array(statements),
                ]) { "" }
        }
        if let signing { session.console.status("Signed \(Counted.of(statements.count, "statement")) with the key \(signing.id)") }
    }

    private func chosen(_ reading: AuditReading) throws -> [Change] {
        guard promotion.isEmpty else {
            return try promotion.map { id in
                guard let change = reading.fold.changes.first(where: { $0.id == id }) else {
                    throw PromotionError(.usage, "no promotion '\(id)' was delivered", hint: "`gradus history --type delivered` lists them")
                }
                return change
            }
        }
        return Population(reading.fold, try options.productionScope(reading.rules, reading.fold)).changes.filter { $0.origin != .external }
    }
}
