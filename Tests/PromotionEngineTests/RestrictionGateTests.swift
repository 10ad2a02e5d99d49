import Expressions
import PromotionEngine
import Testing
import WorkflowModel

/// `design.md` section 6: freezes, holds, yanks and conditions.
@Suite struct RestrictionGateTests {
    static func freeze(
        _ id: String, _ scope: FreezeScope = FreezeScope(), from start: TimeSpan = .seconds(0), to until: TimeSpan? = .hours(1)
    ) -> Fact {
        .freezeAdded(Freeze(id: id, scope: scope, owner: "olga", reason: "quiet", start: .start + start, until: until.map { .start + $0 }))
    }

    static func hold(_ id: String, stage: String = "qa", until: TimeSpan? = nil, rollback: String? = nil) -> Fact {
        .holdAdded(
            HoldAdded(
                id: id, service: .service, stage: stage, workflow: .workflow, owner: "olga", reason: "wait", until: until.map { .start + $0 },
                rollback: rollback))
    }

    static func condition(_ text: String) -> Criterion? {
        do { return Criterion(key: "condition", kind: .condition(try Expression(text))) } catch { return nil }
    }

    static let freezes: [(String, [Fact], Verdict, TimeSpan?)] = [
        ("none", [], .passed, nil), ("of everything", [freeze("f")], .waiting, .hours(1)),
        ("of this stage", [freeze("f", FreezeScope(stage: "qa"))], .waiting, .hours(1)), ("of another stage", [freeze("f", FreezeScope(stage: "prod"))], .passed, nil),
        ("of this service", [freeze("f", FreezeScope(service: .service))], .waiting, .hours(1)), ("of another service", [freeze("f", FreezeScope(service: "api"))], .passed, nil),
        ("of this workflow", [freeze("f", FreezeScope(workflow: .workflow))], .waiting, .hours(1)), ("of another workflow", [freeze("f", FreezeScope(workflow: "x"))], .passed, nil),
        ("of this service in another stage", [freeze("f", FreezeScope(stage: "prod", service: .service))], .passed, nil),
        ("to come", [freeze("f", from: .minutes(1))], .passed, nil), ("over", [freeze("f", from: .hours(-2), to: .seconds(0))], .passed, nil),
        ("ending in a second", [freeze("f", from: .hours(-2), to: .seconds(1))], .waiting, .seconds(1)), ("without an end", [freeze("f", to: nil)], .waiting, nil),
        ("two that overlap", [freeze("f"), freeze("g", from: .minutes(30), to: .hours(3))], .waiting, .hours(3)),
        ("two that touch", [freeze("f"), freeze("g", from: .hours(1), to: .hours(2))], .waiting, .hours(2)),
        ("two with a gap", [freeze("f"), freeze("g", from: .hours(2), to: .hours(3))], .waiting, .hours(1)),
        ("removed", [freeze("f"), .freezeRemoved(FreezeRemoved(id: "f", reason: nil))], .passed, nil),
        ("one of two removed", [freeze("f"), freeze("g"), .freezeRemoved(FreezeRemoved(id: "f", reason: nil))], .waiting, .hours(1)),
    ]

    @Test(arguments: freezes)
    func freezeGate(_ name: String, _ facts: [Fact], _ verdict: Verdict, _ next: TimeSpan?) throws {
        var scene = Scene()
        for fact in facts { scene.log.add(fact) }
        let gate = try scene.gate("freeze")
        #expect(gate.verdict == verdict && gate.nextCheck == next.map { .start + $0 }, "\(gate)")
        #expect((gate.clearWith == nil) == (verdict == .passed))
    }

    static let holds: [(String, [Fact], Verdict, TimeSpan?)] = [
        ("none", [], .passed, nil), ("here", [hold("h")], .waiting, nil), ("in another stage", [hold("h", stage: "prod")], .passed, nil),
        ("with an end", [hold("h", until: .hours(1))], .waiting, .hours(1)), ("over", [hold("h", until: .seconds(0))], .passed, nil),
        ("two with ends", [hold("h", until: .hours(1)), hold("i", until: .hours(2))], .waiting, .hours(2)),
        ("one with an end and one without", [hold("h", until: .hours(1)), hold("i")], .waiting, nil),
        ("one of two removed", [hold("h"), hold("i"), .holdRemoved(HoldRemoved(id: "h", service: .service, stage: "qa", reason: nil))], .waiting, nil),
        ("both removed", [hold("h"), .holdRemoved(HoldRemoved(id: "h", service: .service, stage: "qa", reason: nil))], .passed, nil),
    ]

    @Test(arguments: holds)
    func holdGate(_ name: String, _ facts: [Fact], _ verdict: Verdict, _ next: TimeSpan?) throws {
        var scene = Scene()
        for fact in facts { scene.log.add(fact) }
        let gate = try scene.gate("hold")
        #expect(gate.verdict == verdict && gate.nextCheck == next.map { .start + $0 }, "\(gate)")
    }

    @Test func aYankedReleaseEntersNothing() throws {
        var scene = Scene()
        scene.log.add(.releaseYanked(ReleaseYanked(service: .service, version: .version, reason: "loses orders")))
        let gate = try scene.gate("yank")
        #expect(gate.verdict == .failed && gate.reason.contains("loses orders"))
        #expect(scene.log.service.newestVersion == nil)
    }

    static let conditions: [(String, [String: String], Verdict)] = [
        ("release.version startsWith \"1.\"", [:], .passed), ("release.version startsWith \"2.\"", [:], .failed),
        ("evidence.cves <= 3", ["cves": "3"], .passed), ("evidence.cves <= 3", ["cves": "4"], .failed), ("evidence.cves <= 3", [:], .waiting),
        ("evidence[\"cves\"] == nil or evidence.cves < 1", [:], .passed), ("evidence.rate >= 99.5", ["rate": "99.50"], .passed),
        ("evidence.scan == \"pass\" and evidence.signed", ["scan": "pass", "signed": "true"], .passed),
        ("stage.name == \"qa\" and stage.class == \"development\"", [:], .passed), ("\"dev\" in stage.from", [:], .passed),
        ("\"ann\" in release.authors", [:], .passed), ("now.Hour() >= 8 and now.Weekday() in 1..5", [:], .passed), ("now.Hour() < 8", [:], .failed),
        ("release.age >= duration(\"1h\")", [:], .failed), ("now - release.registered_at < duration(\"1m\")", [:], .passed),
        ("release.version", [:], .errored), ("release.version > 3", [:], .errored), ("evidence.cves < \"a\"", ["cves": "1"], .errored),
        ("all(release.authors, # != release.requester)", [:], .passed), ("release.ticket != nil", [:], .failed),
    ]

    @Test(arguments: conditions)
    func conditionGate(_ text: String, _ evidence: [String: String], _ verdict: Verdict) throws {
        var scene = Scene()
        scene.qa.entryCriteria = [try #require(Self.condition(text))]
        if !evidence.isEmpty { scene.log.report(evidence) }
        let gate = try scene.gate("qa.entry.condition")
        #expect(gate.verdict == verdict, "\(gate.reason)")
    }
}
