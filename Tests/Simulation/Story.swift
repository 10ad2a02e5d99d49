import PromotionEngine
import WorkflowModel

/// Steps that belong together: what people mean to do, and what comes between.
enum Story {
    struct Scene {
        let action: Action
        /// Seconds from the scene before; nil: any short time.
        var after: Int?
        var trouble: (effect: Int, trouble: Trouble)?

        init(_ action: Action, after: Int? = nil, trouble: (Int, Trouble)? = nil) {
            (self.action, self.after, self.trouble) = (action, after, trouble)
        }
    }

    static func random(_ random: inout SplitMix, _ service: String) -> [Scene] {
        switch random.number(0...99) {
        case 0..<17: takenBack(&random, service)
        case 17..<22: drifted(&random, service)
        case 22..<40: accident(&random, service)
        case 40..<54: closed(&random, service)
        case 54..<68: illness(&random, service)
        case 68..<80: glass(&random, service)
        case 80..<90: crowd(&random, service)
        case 90..<95: loosened(&random, service)
        default: brought(&random, service, version(&random), to: "prod", verified: random.chance(60))
        }
    }

    static func version(_ random: inout SplitMix) -> String { "1.0.\(random.number(1...6))" }

    private static func boss(_ random: inout SplitMix) -> String { random.pick(["rita", "olga", "pavel"]) }

    /// Some gates of the way into a stage.
    static func gates(_ random: inout SplitMix, _ stage: String) -> [String] {
        let own = stage == "qa"
            ? ["upstream", "dev.exit.test_pass_rate"] : ["upstream", "qa.exit.soak_duration", "prod.entry.security_scan", "approval"]
        var gates = (own + ["freeze", "hold"]).filter { _ in random.chance(60) }
        if random.chance(15) { gates.append(random.pick(["queue", "backfill", "yank"])) }
        return gates.isEmpty ? ["freeze"] : gates
    }

    /// A version comes to a stage, by the stages before it.
    private static func brought(
        _ random: inout SplitMix, _ service: String, _ version: String, to stage: String, verified: Bool
    ) -> [Scene] {
        var scenes = [Scene(.ready(service, version)), Scene(.reconcile)]
        if stage == "dev" { return scenes }
        scenes.append(Scene(.promote(service, stage: "qa", version: version, by: boss(&random))))
        scenes += healthy(service, "qa", after: stage == "prod" ? 260 : verified ? 70 : 5)
        if stage == "qa" { return scenes }
        scenes += entered(&random, service, version)
        if verified {
            scenes += healthy(service, "prod", after: 70)
            // Where prod is entered step by step, each has its time.
            for _ in 0..<random.number(0...3) { scenes.append(Scene(.reconcile, after: 70)) }
        }
        return scenes
    }

    private static func healthy(_ service: String, _ stage: String, after seconds: Int) -> [Scene] {
        [
            Scene(.agent(service, stage: stage, .healthy)), Scene(.health(service, stage: stage, .healthy)), Scene(.reconcile),
            Scene(.reconcile, after: seconds),
        ]
    }

    /// Somebody wants it in prod, others approve.
    private static func entered(_ random: inout SplitMix, _ service: String, _ version: String) -> [Scene] {
        var scenes = [Scene(.promote(service, stage: "prod", version: version, by: random.pick(Script.people)))]
        for _ in 0..<random.number(1...3) {
            scenes.append(Scene(.approve(service, stage: "prod", by: random.pick(Script.people), withdraw: false)))
        }
        scenes.append(Scene(.promote(service, stage: "prod", version: version, by: random.pick(Script.people))))
        return scenes
    }

    /// A stage has one release, then another, and goes back; and then?
    private static func takenBack(_ random: inout SplitMix, _ service: String) -> [Scene] {
        let stage = random.pick(["dev", "qa", "qa", "prod"])
        let old = random.number(1...4)
        let (first, second) = ("1.0.\(old)", "1.0.\(old + random.number(1...2))")
        let person = boss(&random)
        var scenes = brought(&random, service, first, to: stage, verified: true)
        scenes += brought(&random, service, second, to: stage, verified: random.chance(70))
        switch random.number(0...5) {
        case 0: scenes.append(Scene(.yank(service, version: first, by: person)))
        case 1: scenes.append(freeze(&random, service, stage, rollbacksToo: true))
        case 2: scenes.append(Scene(.hold(service, stage: stage, seconds: random.chance(50) ? 200 : nil, by: person)))
        default: break
        }
        scenes.append(Scene(.rollback(service, stage: stage, version: random.chance(40) ? first : nil, by: person)))
        if random.chance(40) { scenes += healthy(service, stage, after: 70) }
        switch random.number(0...4) {
        case 0...1:
            scenes.append(Scene(.resume(service, by: person)))
            scenes.append(Scene(.rollback(service, stage: stage, version: random.chance(30) ? second : nil, by: person)))
        case 2 where stage == "qa": scenes += entered(&random, service, second)
        case 2 where stage == "dev": scenes.append(Scene(.promote(service, stage: "qa", version: second, by: person)))
        case 3:
            scenes.append(Scene(.resume(service, by: person)))
            scenes.append(Scene(.promote(service, stage: stage, version: second, by: person)))
        default: scenes.append(Scene(.reconcile))
        }
        return scenes
    }

    /// A process dies at an effect, something happens to what it left, and others find it.
    private static func accident(_ random: inout SplitMix, _ service: String) -> [Scene] {
        let stage = random.pick(["dev", "dev", "qa"])
        let person = boss(&random)
        var scenes: [Scene] = []
        let next = version(&random)
        if stage == "dev" {
            scenes.append(Scene(.ready(service, next)))
        } else {
            scenes += brought(&random, service, next, to: "dev", verified: true)
        }
        let deaths: [Trouble] = [.diesAfter, .diesUnderWay, .breaksUnderWay, .breaksAfter, .diesBefore]
        let isRollback = random.chance(45)
        let action = isRollback
            ? Action.rollback(service, stage: stage, version: nil, by: person)
            : .promote(service, stage: stage, version: next, by: person)
        if isRollback { scenes.append(Scene(.promote(service, stage: stage, version: next, by: person))) }
        scenes.append(Scene(action, after: 1, trouble: (random.number(1...3), random.pick(deaths))))
        for _ in 0..<random.number(1...2) {
            switch random.number(0...6) {
            case 0...1: scenes.append(Scene(.edit(service, stage: stage, version: "9.\(random.number(0...3)).0"), after: 1))
            case 2: scenes.append(Scene(.hold(service, stage: stage, seconds: random.chance(50) ? 900 : nil, by: person), after: 1))
            case 3: scenes.append(freeze(&random, service, stage, rollbacksToo: random.chance(50)))
            case 4: scenes.append(Scene(.health(service, stage: stage, .healthy), after: 1))
            case 5: scenes.append(Scene(.adopt(service, by: person), after: 1))
            default: scenes.append(Scene(.promote(service, stage: stage, version: version(&random), by: person), after: 1))
            }
        }
        scenes.append(Scene(.reconcile, after: random.chance(60) ? 700 : 5))
        if random.chance(60) { scenes.append(Scene(.arrive, after: 1)) }
        scenes.append(Scene(.reconcile))
        if random.chance(30) { scenes.append(Scene(.rollback(service, stage: stage, version: nil, by: person))) }
        return scenes
    }

    private static func freeze(_ random: inout SplitMix, _ service: String, _ stage: String, rollbacksToo: Bool) -> Scene {
        let scope = FreezeScope(
            workflow: random.chance(30) ? SimulatedRules.workflow : nil, stage: random.chance(60) ? stage : nil,
            service: random.chance(60) ? service : nil)
        return Scene(.freeze(scope, delay: 0, seconds: random.chance(50) ? 1_500 : nil, rollbacksToo: rollbacksToo, by: "olga"), after: 1)
    }

    /// Freezes and holds come and go before something is to move.
    private static func closed(_ random: inout SplitMix, _ service: String) -> [Scene] {
        let stage = random.pick(["dev", "qa", "prod"])
        let next = version(&random)
        var scenes = stage == "dev"
            ? [Scene(.ready(service, next))]
            : brought(&random, service, next, to: stage == "prod" ? "qa" : "dev", verified: true)
        for _ in 0..<random.number(1...3) {
            scenes.append(
                random.chance(70)
                    ? freeze(&random, service, stage, rollbacksToo: random.chance(30))
                    : Scene(.hold(service, stage: stage, seconds: random.chance(50) ? 100 : nil, by: boss(&random)), after: 1))
        }
        if random.chance(60) { scenes.append(Scene(random.chance(70) ? .thaw(by: "olga") : .unhold(service, by: "olga"), after: 1)) }
        scenes += stage == "prod"
            ? entered(&random, service, next) : [Scene(.promote(service, stage: stage, version: next, by: boss(&random)))]
        scenes.append(Scene(.reconcile, after: random.pick([5, 120])))
        return scenes
    }

    /// Somebody with a part in the next release makes its way to prod easier.
    private static func loosened(_ random: inout SplitMix, _ service: String) -> [Scene] {
        let strict = 2 + random.number(0...1)
        var scenes = [Scene(.rules(strict, by: "hana"))]
        scenes += brought(&random, service, "1.0.\(random.number(1...3))", to: "prod", verified: random.chance(50))
        scenes.append(Scene(.rules(strict - 2, by: random.pick(Script.people))))
        return scenes + brought(&random, service, "1.0.\(random.number(4...6))", to: "prod", verified: false)
    }

    /// What was delivered turns out to be ill.
    private static func illness(_ random: inout SplitMix, _ service: String) -> [Scene] {
        let stage = random.pick(["qa", "qa", "prod"])
        let old = random.number(1...3)
        var scenes: [Scene] = []
        if random.chance(70) { scenes += brought(&random, service, "1.0.\(old)", to: stage, verified: true) }
        scenes += brought(&random, service, "1.0.\(old + random.number(1...3))", to: stage, verified: false)
        let person = boss(&random)
        if random.chance(25) {
            scenes.append(
                random.chance(50)
                    ? freeze(&random, service, stage, rollbacksToo: true) : Scene(.hold(service, stage: stage, seconds: nil, by: person)))
        }
        let word = random.pick([AgentWord.degraded, .degraded, .alarming, .progressing, .errored])
        scenes.append(Scene(.agent(service, stage: stage, word)))
        if random.chance(60) {
            scenes.append(Scene(.health(service, stage: stage, word == .progressing ? .progressing : .degraded)))
        }
        let dies = random.chance(40) ? (random.number(1...3), random.pick([Trouble.diesAfter, .diesBefore, .diesUnderWay, .doubled])) : nil
        scenes.append(Scene(.reconcile, trouble: dies))
        if random.chance(40) { scenes.append(Scene(.agent(service, stage: stage, .healthy))) }
        scenes.append(Scene(.reconcile, after: random.pick([20, 90, 700])))
        if random.chance(50) { scenes.append(Scene(.promote(service, stage: stage, version: nil, by: person))) }
        scenes.append(Scene(.reconcile, after: random.pick([20, 90])))
        return scenes
    }

    /// Something urgent goes past the gates; what comes next must not lose it.
    private static func glass(_ random: inout SplitMix, _ service: String) -> [Scene] {
        let stage = random.pick(["qa", "prod", "prod"])
        let patch = random.number(1...5)
        let urgent = "1.0.\(patch)"
        let person = random.pick(Script.people)
        var scenes = [Scene(.ready(service, urgent))]
        if random.chance(40) { scenes.append(freeze(&random, service, stage, rollbacksToo: false)) }
        let first = gates(&random, stage)
        let isStopped = random.chance(30)
        if isStopped { scenes.append(Scene(.hold(service, stage: stage, seconds: nil, by: "olga"), after: 1)) }
        scenes.append(
            Scene(.breakGlass(service, stage: stage, version: urgent, gates: isStopped ? first.filter { $0 != "hold" } : first, by: person)))
        // Another plan, for which nobody broke glass.
        if random.chance(40) { scenes.append(Scene(.edit(service, stage: stage, version: "9.0.0"))) }
        if isStopped { scenes.append(Scene(.unhold(service, by: "olga"))) }
        if random.chance(30) { scenes.append(Scene(.promote(service, stage: stage, version: urgent, by: boss(&random)))) }
        let again = random.chance(60)
            ? (isStopped ? first.filter { $0 != "hold" } : first) : gates(&random, stage) + (random.chance(50) ? ["upstream"] : [])
        scenes.append(Scene(.breakGlass(service, stage: stage, version: urgent, gates: again, by: boss(&random))))
        if random.chance(30) { scenes.append(Scene(.closeReview(service, by: random.pick(Script.people)))) }
        if random.chance(30) { scenes.append(Scene(.rollback(service, stage: stage, version: nil, by: boss(&random)))) }
        scenes += brought(&random, service, "1.0.\(patch + 1)", to: stage, verified: random.chance(50))
        return scenes
    }

    /// What was changed by hand is put back, or the process that does so dies, and somebody promotes what stood there.
    private static func drifted(_ random: inout SplitMix, _ service: String) -> [Scene] {
        let stage = random.pick(["dev", "qa", "prod"])
        let person = boss(&random)
        let first = version(&random)
        var scenes = brought(&random, service, first, to: stage, verified: random.chance(70))
        scenes.append(Scene(.edit(service, stage: stage, version: "9.\(random.number(0...3)).0"), after: 1))
        if random.chance(50) { scenes.append(Scene(.reconcile)) }
        if random.chance(40) { scenes.append(freeze(&random, service, stage, rollbacksToo: random.chance(30))) }
        let dies = random.chance(50) ? (random.number(1...4), random.pick([Trouble.diesAfter, .diesBefore])) : nil
        scenes.append(Scene(.restore(service, by: person), after: 1, trouble: dies))
        if dies != nil {
            scenes.append(Scene(.reconcile, after: 700))
            if random.chance(30) { scenes.append(Scene(.hold(service, stage: stage, seconds: nil, by: person), after: 1)) }
            scenes.append(Scene(.promote(service, stage: stage, version: first, by: boss(&random))))
        }
        scenes.append(Scene(.reconcile, after: 5))
        return scenes
    }

    /// Nothing more is to be done for a service; then something happens to it, or its time comes.
    static func quiet(_ random: inout SplitMix, _ service: String) -> [Scene] {
        var scenes = [Scene(.rules(RulesVariant.withoutProbes(random.number(0...RulesVariant.count - 1)), by: "hana"))]
        scenes += SimulatedRules.stages.map { Scene(.abort(service, stage: $0)) }
        scenes += brought(&random, service, version(&random), to: random.pick(["dev", "qa", "prod"]), verified: true)
        scenes += (0..<SimulatedNotes.machines).map { Scene(.rest(machine: $0)) }
        for _ in 0..<random.number(1...3) {
            let stage = random.pick(SimulatedRules.stages)
            switch random.number(0...7) {
            case 0...1: scenes.append(Scene(.edit(service, stage: stage, version: "9.\(random.number(0...3)).0")))
            case 2: scenes.append(Scene(.ready(service, version(&random))))
            case 3: scenes.append(freeze(&random, service, stage, rollbacksToo: false))
            case 4: scenes.append(Scene(.hold(service, stage: stage, seconds: random.chance(50) ? 900 : nil, by: "olga")))
            case 5: scenes.append(Scene(random.chance(50) ? .thaw(by: "olga") : .unhold(service, by: "olga")))
            case 6: scenes.append(Scene(.rules(RulesVariant.withoutProbes(random.number(0...RulesVariant.count - 1)), by: "hana")))
            default: scenes.append(Scene(.health(service, stage: stage, random.pick([.healthy, .degraded]))))
            }
            // The other machine falls behind, and finds several things at once later.
            scenes.append(Scene(.rest(machine: random.number(0...SimulatedNotes.machines - 1)), after: random.pick([1, 20, 300, 4_000])))
        }
        return scenes
    }

    /// Several releases in quick succession want the same place.
    private static func crowd(_ random: inout SplitMix, _ service: String) -> [Scene] {
        let stage = random.pick(["qa", "qa", "prod"])
        var scenes: [Scene] = []
        for _ in 0..<random.number(2...4) {
            let next = version(&random)
            scenes += stage == "prod"
                ? brought(&random, service, next, to: "qa", verified: random.chance(70))
                : [Scene(.ready(service, next)), Scene(.promote(service, stage: "dev", version: next, by: boss(&random)))]
            if random.chance(50) {
                scenes.append(Scene(.promote(service, stage: stage, version: random.chance(50) ? next : nil, by: boss(&random))))
            }
            if stage == "prod", random.chance(60) {
                scenes.append(Scene(.approve(service, stage: stage, by: random.pick(Script.people), withdraw: false)))
            }
        }
        scenes += healthy(service, "qa", after: 300)
        scenes.append(Scene(.promote(service, stage: stage, version: nil, by: boss(&random))))
        scenes.append(Scene(.reconcile, after: random.pick([20, 4_000])))
        return scenes
    }
}
