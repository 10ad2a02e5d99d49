import ArgumentParser
import Auditing
import GitOpsBackend
import PromotionEngine

struct AuditSampleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample",
        abstract: "Draw a sample of changes that anyone can draw again",
        discussion: """
            Examples:
              gradus audit sample --count 25 --seed 2026-q4 --stage prod
              gradus audit sample --count 25 --seed 2026-q4 --file sample.html

            Every change is ordered by SHA-256 of SEED:ID, and the first ones are taken: the same ledger and seed give the same
            sample. With --file one HTML page per item.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var options: AuditScopeOptions

    @Option(help: "How many changes")
    var count: Int

    @Option(help: "Any text; agree on it before you look")
    var seed: String

    @Option(name: .customLong("file"), help: ArgumentHelp("Write pages for print, one per item, to this file", valueName: "file"))
    var file: String?

    func validate() throws {
        guard count > 0 else { throw ValidationError("--count must be at least 1") }
    }

    func run() throws {
        let session = try Session(global)
        let reading = try AuditReading(session)
        try reading.requireIntact()
        let population = Population(reading.fold, try options.productionScope(reading))
        let sample = AuditSample(of: population, count: count, seed: seed)
        if let file {
            let page = SamplePage(sample, scope: population.scope, head: reading.report.head, repository: session.location.authority.name)
            try AuditOutput.write(page.text, to: file, session.console)
        }
        session.console.show(json(sample, population, reading.report.head)) { text(sample, population, reading.report) }
    }

    private func json(_ sample: AuditSample, _ population: Population, _ head: ChainHead?) -> JSONValue {
        [
            "apiVersion": "gradus/v1", "kind": "AuditSample", "scope": population.scope.json, "seed": .string(seed),
            "population": .int(sample.population), "chain_head": head?.json ?? .null, "items": .array(sample.items.map(\.json)),
        ]
    }

    private func text(_ sample: AuditSample, _ population: Population, _ report: AuditReport) -> String {
        var table = Table(["", "DELIVERED", "CHANGE", "REQUESTED BY", "APPROVED BY", "TESTS", "OUTCOME", "ID"])
        for (position, item) in sample.items.enumerated() {
            table.add([
                String(position + 1), item.deliveredAt.description, "\(item.service) \(item.version) to \(item.stage)", item.requester,
                item.approvers.isEmpty ? "nobody" : item.approvers.joined(separator: ", "),
                item.evidence.map { "\($0.key) \($0.value)" }.joined(separator: ", "), item.outcome.words, item.id,
            ])
        }
        return "\(sample.items.count) of \(Counted.of(sample.population, "change")), \(population.scope.period), seed '\(seed)'; the chain ends in record \(report.records), \(report.headHash.prefix(12)).\n" + table.text
    }
}
