import PromotionEngine
import TestSupport
import Testing

/// Rules that become easier between two promotions, through the command line and real commits.
@Suite struct RulesSettledTests {
    private static func stages(_ criterion: String = "{test_pass_rate: 90}", more: String = "") -> String {
        """
              - {name: dev, next_stage: qa}
              - {name: qa, next_stage: prod}
              - {name: prod, entry_criteria: [\(criterion)]\(more)}
            """
    }

    /// 1.0.0 is in prod by the strict rules; 1.1.0 by ann waits before it with 60 percent.
    private func shop(more: String = "") throws -> Shop {
        let shop = try Shop(stages: Self.stages(more: more))
        for (version, rate) in [("1.0.0", "95"), ("1.1.0", "60")] {
            try shop.must("release", "create", "web", version, "--author", "ann")
            try shop.must("report", "web", version, "test_pass_rate=\(rate)")
            for stage in ["dev", "qa"] + (version == "1.0.0" ? ["prod"] : []) {
                try shop.must("promote", "web", "--to", stage, "--version", version)
            }
        }
        #expect(try shop.run("promote", "web", "--to", "prod", by: "rita").code == 6)
        return shop
    }

    private func loosen(_ shop: Shop, by person: String, more: String = "") throws {
        try shop.change(["workflows/shop.yaml": Shop.workflow(stages: Self.stages("{test_pass_rate: 50}", more: more))], by: person)
    }

    @Test(arguments: ["ann", "rita"])
    func whoLoosenedTheRulesNeedsAnotherPerson(_ person: String) throws {
        let shop = try shop()
        try loosen(shop, by: person)
        let waiting = try shop.run("promote", "web", "--to", "prod", "-o", "json", by: "rita")
        #expect(waiting.code == 8)
        let gate = try #require(waiting.json?.settled)
        #expect(gate["value"]?.stringValue == person && gate["verdict"] == "waiting")
        #expect(gate["reason"]?.stringValue?.contains("prod.entry.test_pass_rate (>= 90 -> >= 50)") == true)
        #expect(gate["clear_with"]?.stringValue?.hasPrefix("gradus approve web@prod") == true)
        try shop.must("approve", "web@prod", by: person)
        #expect(try shop.run("promote", "web", "--to", "prod").code == 8, "their own approval does not count")
        try shop.must("approve", "web@prod", by: "olga")
        #expect(try shop.must("promote", "web", "--to", "prod", "-o", "json").json?["result"] == "promoted")
        try shop.must("audit", "verify")
    }

    @Test func somebodyWithoutAPartMayLoosenThem() throws {
        let shop = try shop()
        try loosen(shop, by: "carol")
        try shop.must("promote", "web", "--to", "prod")
    }

    @Test func aTightenedRuleAsksNobody() throws {
        let shop = try shop()
        try shop.must("report", "web", "1.1.0", "test_pass_rate=99")
        try shop.change(["workflows/shop.yaml": Shop.workflow(stages: Self.stages("{test_pass_rate: 95}"))], by: "rita")
        try shop.must("promote", "web", "--to", "prod")
    }

    @Test func outsideProductionItIsAskedWhereItIsDeclared() throws {
        for (more, code) in [(", class: staging", Int32(0)), (", class: staging, rules_settled: true", 8), (", rules_settled: false", 0)] {
            let shop = try shop(more: more)
            try loosen(shop, by: "rita", more: more)
            #expect(try shop.run("promote", "web", "--to", "prod").code == code, "\(more)")
        }
    }

    @Test func whatWasLoosenedBeforeTheLastPromotionIsSettled() throws {
        let shop = try shop()
        try loosen(shop, by: "rita")
        try shop.must("approve", "web@prod", by: "olga")
        _ = try shop.run("promote", "web", "--to", "prod")
        try shop.must("approve", "web@prod", by: "olga")
        try shop.must("promote", "web", "--to", "prod")
        try shop.must("release", "create", "web", "1.2.0")
        try shop.must("report", "web", "1.2.0", "test_pass_rate=60")
        for stage in ["dev", "qa", "prod"] { try shop.must("promote", "web", "--to", stage, "--version", "1.2.0") }
    }

    @Test func rulesThatCannotBeReadInBetweenMayHideAnything() throws {
        let shop = try shop()
        try shop.must("report", "web", "1.1.0", "test_pass_rate=99")
        try shop.change(["workflows/shop.yaml": "stages: [\n"], by: "rita")
        try shop.change(["workflows/shop.yaml": Shop.workflow(stages: Self.stages("{test_pass_rate: 95}"))], by: "carol")
        let waiting = try shop.run("promote", "web", "--to", "prod", "-o", "json", by: "rita")
        #expect(waiting.code == 8 && waiting.json?.settled?["reason"]?.stringValue?.contains("cannot be read") == true)
    }

    @Test func aChangeOfRulesIsOnRecordGateByGate() throws {
        let shop = try shop()
        try loosen(shop, by: "carol", more: ", approvals: {min: 1}")
        _ = try shop.run("promote", "web", "--to", "prod")
        let changed = try #require(try shop.must("history", "-o", "jsonl").lines?.first { $0["type"] == "rules.changed" })
        guard case .array(let changes)? = changed["changes"] else { throw TestSupportError("no changes") }
        #expect(changes.count == 2)
        #expect(changes[0]["gate"] == "prod.entry.test_pass_rate" && changes[0]["effect"] == "loosened")
        #expect(changes[0]["from"] == ">= 90" && changes[0]["to"] == ">= 50")
        #expect(changes[1]["gate"] == "approval" && changes[1]["effect"] == "tightened")
        #expect(try shop.git.git("log", "--format=%s", "gradus/ledger/000001", in: shop.place).contains("The rules changed: 1 loosened, 1 tightened"))
        _ = try shop.run("promote", "web", "--to", "prod")
        let count = try shop.must("history", "-o", "jsonl").lines?.filter { $0["type"] == "rules.changed" }.count
        #expect(count == 1, "once for each change")
        try shop.must("audit", "verify")
    }
}

extension JSONValue {
    /// The gate `rules_settled` of a promotion's document.
    fileprivate var settled: JSONValue? {
        guard case .array(let gates)? = self["gates"] else { return nil }
        return gates.first { $0["id"] == "rules_settled" }
    }
}
