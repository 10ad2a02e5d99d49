import PromotionEngine
import Testing
import WorkflowModel

/// `design.md` section 6: evidence criteria of the edge dev → qa.
@Suite struct EvidenceGateTests {
    static let rows: [VerdictRow] = [
        VerdictRow("absent evidence waits", .waiting) { $0.dev.exitCriteria = [.number(.atLeast, "100")] },
        VerdictRow("absent text waits", .waiting) { $0.dev.exitCriteria = [.text("pass", key: "test_pass_rate")] },
        number("equal is enough for at least", .passed, .atLeast, "80", "80"),
        number("decimals compare as numbers", .passed, .atLeast, "80", "80.0"),
        number("more is enough", .passed, .atLeast, "9", "10"),
        number("a little less fails", .failed, .atLeast, "80", "79.99"),
        number("rounding lifts nothing to the threshold", .failed, .atLeast, "100", "99.99999999999999999999"),
        number("at most holds when equal", .passed, .atMost, "0", "0"),
        number("at most fails above", .failed, .atMost, "0", "1"),
        number("negative numbers compare", .passed, .atMost, "0", "-3"),
        number("greater fails when equal", .failed, .greater, "5", "5"),
        number("greater holds above", .passed, .greater, "5", "5.1"),
        number("less fails when equal", .failed, .less, "5", "5"),
        number("less holds below", .passed, .less, "5", "4"),
        number("equal holds", .passed, .equal, "5", "5.00"),
        number("equal fails", .failed, .equal, "5", "6"),
        number("not equal holds", .passed, .notEqual, "5", "6"),
        number("not equal fails", .failed, .notEqual, "5", "5.0"),
        number("a word is no number", .errored, .atLeast, "80", "many"),
        number("a percent sign is no number", .errored, .atLeast, "80", "97%"),
        number("not a number is no number", .errored, .atLeast, "80", "nan"),
        number("infinity is no number", .errored, .atLeast, "80", "inf"),
        number("an empty value is no number", .errored, .atLeast, "80", ""),
        text("text equals", .passed, "pass", "pass"),
        text("text equals whatever the case", .passed, "pass", "PASS"),
        text("other text fails", .failed, "pass", "fail"),
        text("a longer text fails", .failed, "pass", "passed"),
        text("white space is part of the text", .failed, "pass", "pass "),
        text("an empty text fails", .failed, "pass", ""),
        text("true equals", .passed, "true", "True"),
        text("false fails", .failed, "true", "false"),
        attempts("the latest of two counts, good after bad", .passed, ["50", "100"]),
        attempts("the latest of two counts, bad after good", .failed, ["100", "50"]),
        VerdictRow("latest is by seq, not by time", .failed) {
            $0.dev.exitCriteria = [.number(.atLeast, "100")]
            $0.log.report(["test_pass_rate": "100"])
            $0.pass(.seconds(-3_600))
            $0.log.report(["test_pass_rate": "50"])
        },
        VerdictRow("evidence of another key does not count", .waiting) {
            $0.dev.exitCriteria = [.number(.atLeast, "100")]
            $0.log.report(["code_coverage": "100"])
        },
        VerdictRow("evidence of another version does not count", .waiting) {
            $0.dev.exitCriteria = [.number(.atLeast, "100")]
            $0.log.register("2.0.0")
            $0.log.report(["test_pass_rate": "100"], version: "2.0.0")
        },
        VerdictRow("evidence posted before the registration does not count", .waiting) {
            $0.dev.exitCriteria = [.number(.atLeast, "100")]
            $0.log.report(["test_pass_rate": "100"], version: "3.0.0")
            $0.log.register("3.0.0")
            $0.version = "3.0.0"
        },
        staged("posted with the stage that is left counts", .passed, "dev"),
        staged("posted with the stage that is entered does not count", .waiting, "qa"),
        staged("posted with a later stage does not count", .waiting, "prod"),
        rule("posted by a member of the named group", .passed, EvidenceRule(postedBy: ["security"]), by: "sam"),
        rule("posted by a person who is named", .passed, EvidenceRule(postedBy: ["sam"]), by: "sam"),
        rule("posted by somebody else is as good as absent", .waiting, EvidenceRule(postedBy: ["security"]), by: "ci"),
        rule("posted by the requester where that is forbidden", .waiting, EvidenceRule(forbid: [.requester]), by: "rita"),
        rule("posted by an author where that is forbidden", .waiting, EvidenceRule(forbid: [.author]), by: "ann"),
        rule("posted by an author where it is not", .passed, EvidenceRule(), by: "ann"),
        VerdictRow("a later post that does not count hides nothing", .passed) {
            $0.evidence["test_pass_rate"] = EvidenceRule(postedBy: ["security"])
            $0.dev.exitCriteria = [.number(.atLeast, "100")]
            $0.log.report(["test_pass_rate": "100"], by: "sam")
            $0.log.report(["test_pass_rate": "0"], by: "ci")
        },
    ]

    @Test(arguments: rows)
    func exitCriterion(_ row: VerdictRow) throws {
        let gate = try row.scene().gate("dev.exit.test_pass_rate")
        #expect(gate.verdict == row.verdict, "\(gate.reason)")
        #expect(gate.criterion == "test_pass_rate")
        // An absent or wrong value names the command that clears it.
        if gate.verdict == .waiting || gate.verdict == .failed {
            #expect(gate.clearWith?.hasPrefix("gradus report web ") == true)
        }
    }

    @Test(arguments: [
        ("prod", "prod", true), ("prod", "qa", true), ("prod", "dev", false), ("prod", nil, true),
        ("qa", "qa", false), ("qa", "dev", true), ("qa", "prod", false), ("qa", nil, true),
        ("dev", "dev", false), ("dev", nil, true), ("dev", "qa", false),
    ] as [(String, String?, Bool)])
    func entryGatesTakeEvidenceOfTheirEdgeAndOfALastStage(_ target: String, _ stage: String?, _ counts: Bool) throws {
        var scene = Scene()
        let criteria = [Criterion.number(.atLeast, "100")]
        (scene.dev.entryCriteria, scene.qa.entryCriteria, scene.prod.entryCriteria) = (criteria, criteria, criteria)
        scene.target = target
        scene.log.report(["test_pass_rate": "100"], stage: stage)
        #expect(try scene.gate("\(target).entry.test_pass_rate").verdict == (counts ? .passed : .waiting))
    }

    @Test func exitGatesOfTheEdgeToALastStageTakeNoEvidenceOfThatStage() throws {
        var scene = Scene()
        scene.target = "prod"
        scene.qa.exitCriteria = [.number(.atLeast, "100")]
        scene.log.report(["test_pass_rate": "100"], stage: "prod")
        #expect(try scene.gate("qa.exit.test_pass_rate").verdict == .waiting)
    }

    @Test func fanInAsksEachStageForItsOwnEvidence() throws {
        var scene = Scene()
        scene.others = [Stage(name: "perf", after: ["dev"], exitCriteria: [.number(.atLeast, "100")])]
        scene.qa.exitCriteria = [.number(.atLeast, "100")]
        scene.prod.after = ["qa", "perf"]
        scene.target = "prod"
        scene.log.report(["test_pass_rate": "100"], stage: "perf")
        #expect(try scene.gate("perf.exit.test_pass_rate").verdict == .passed)
        #expect(try scene.gate("qa.exit.test_pass_rate").verdict == .waiting)
    }

    @Test func saysValueThresholdSourceAndTime() throws {
        var scene = Scene()
        scene.dev.exitCriteria = [.number(.atLeast, "100")]
        scene.log.report(["test_pass_rate": "80"])
        scene.pass(.minutes(5))
        scene.log.report(["test_pass_rate": "97"], by: "sam")
        scene.pass(.minutes(5))
        let gate = try scene.gate("dev.exit.test_pass_rate")
        #expect(gate.value == "97")
        #expect(gate.threshold == ">= 100")
        #expect(gate.since == .start + .minutes(5))
        let source = try #require(gate.source)
        #expect(source.contains("sam") && source.contains("record 3") && source.contains("2 attempts"))
        let attempts = scene.log.service.releases[.version]?.attempts("test_pass_rate", leaving: ["dev"])
        #expect(attempts?.map(\.value) == ["80", "97"])
    }

    private static func number(
        _ name: String, _ verdict: Verdict, _ comparison: Criterion.Comparison, _ threshold: String, _ value: String
    ) -> VerdictRow {
        VerdictRow(name, verdict) {
            $0.dev.exitCriteria = [.number(comparison, threshold)]
            $0.log.report(["test_pass_rate": value])
        }
    }

    private static func text(_ name: String, _ verdict: Verdict, _ expected: String, _ value: String) -> VerdictRow {
        VerdictRow(name, verdict) {
            $0.dev.exitCriteria = [.text(expected, key: "test_pass_rate")]
            $0.log.report(["test_pass_rate": value])
        }
    }

    private static func attempts(_ name: String, _ verdict: Verdict, _ values: [String]) -> VerdictRow {
        VerdictRow(name, verdict) {
            $0.dev.exitCriteria = [.number(.atLeast, "100")]
            for value in values { $0.log.report(["test_pass_rate": value]) }
        }
    }

    private static func staged(_ name: String, _ verdict: Verdict, _ stage: String) -> VerdictRow {
        VerdictRow(name, verdict) {
            $0.dev.exitCriteria = [.number(.atLeast, "100")]
            $0.log.report(["test_pass_rate": "100"], stage: stage)
        }
    }

    private static func rule(_ name: String, _ verdict: Verdict, _ rule: EvidenceRule, by person: String) -> VerdictRow {
        VerdictRow(name, verdict) {
            $0.evidence["test_pass_rate"] = rule
            $0.dev.exitCriteria = [.number(.atLeast, "100")]
            $0.log.report(["test_pass_rate": "100"], by: person)
        }
    }
}
