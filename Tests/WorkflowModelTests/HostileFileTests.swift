import Testing
import WorkflowModel

/// A file of the repository may hold anything. Reading it must end, without a crash, in rules or in errors.
@Suite struct HostileFileTests {
    private static let good = [Fixtures.seed, Fixtures.configMap(Fixtures.seed), Fixtures.workflow(adding: "    health: report")]

    /// A generator with a fixed seed, so that a failure can be repeated.
    private struct SplitMix: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func changedBytesNeverCrash(seed: UInt64) {
        var random = SplitMix(state: seed)
        let alphabet = Array("{}[]:,-&*<|>'\"#!?% \n\t0a".utf8)
        for _ in 0..<100 {
            var bytes = Array((Self.good.randomElement(using: &random) ?? "").utf8)
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                bytes[index] = alphabet.randomElement(using: &random) ?? 0
            }
            _ = RulesReader.read([RuleFile(path: "workflows/a.yaml", bytes: bytes, blobID: "")])
        }
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func cutFilesNeverCrash(seed: UInt64) {
        var random = SplitMix(state: seed)
        for text in Self.good {
            for _ in 0..<40 {
                let bytes = Array(text.utf8.prefix(Int.random(in: 0..<text.utf8.count, using: &random)))
                for name in ["a.yaml", "groups.yaml"] {
                    _ = RulesReader.read([RuleFile(path: "workflows/\(name)", bytes: bytes, blobID: "")])
                }
            }
        }
    }

    @Test func aLongChainOfStagesIsRead() {
        let stages = (0..<500).map { "  - {name: s\($0), next_stage: s\($0 + 1)}" }.dropLast() + ["  - {name: s499}"]
        let (rules, diagnostics) = Fixtures.read(["a.yaml": "stages:\n" + stages.joined(separator: "\n")])
        #expect(Fixtures.lines(diagnostics) == [])
        #expect(rules.workflows.first?.stages.count == 500)
    }

    @Test func tooManyStagesAreRefused() {
        let stages = (0..<501).map { "  - {name: s\($0)}" }
        let (_, diagnostics) = Fixtures.read(["a.yaml": "stages:\n" + stages.joined(separator: "\n")])
        #expect(Fixtures.lines(diagnostics) == [
            "a.yaml:2:5: error: a workflow has at most 500 stages; this one has 501"
        ])
    }
}
