import PromotionEngine
import WorkflowModel

/// A whole random history, made of nothing but its seed.
package struct Script: Sendable {
    package let seed: UInt64
    var steps: [Step]
    private var next = 0

    package init(seed: UInt64) {
        self.seed = seed
        steps = []
        var random = SplitMix(seed: seed)
        let services = Array(SimulatedRules.services.prefix(random.number(1...3)))
        if random.chance(70) { steps.append(Step(number: number(), action: .rules(Self.variant(&random), by: "hana"))) }
        for service in services { steps.append(Step(number: number(), action: .ready(service, "1.0.1"))) }
        for _ in 0..<random.number(8...24) {
            // Left to chance alone few histories come far: some steps follow the way that people mean to go.
            if random.chance(16) {
                for scene in Story.random(&random, random.pick(services)) { steps.append(make(&random, services, scene)) }
            } else {
                var step = make(&random, services, depth: 0, Self.action(&random, services))
                step.advance = Self.advance(&random)
                steps.append(step)
            }
        }
        if keepsNotes, random.chance(50) {
            for scene in Story.quiet(&random, random.pick(services)) { steps.append(Step(number: number(), action: scene.action, advance: scene.after ?? 1)) }
        }
    }

    /// The script with only the parts of these numbers.
    package func kept(_ keep: Set<Int>) -> Script {
        var script = self
        script.steps = steps.compactMap { $0.kept(keep) }
        return script
    }

    /// In every other history `reconcile` notes what is at rest.
    package var keepsNotes: Bool { seed.isMultiple(of: 2) }

    package var numbers: [Int] { steps.flatMap(\.numbers) }

    package var text: String { steps.flatMap { $0.lines() }.joined(separator: "\n") }

    private mutating func number() -> Int {
        next += 1
        return next
    }

    private mutating func make(_ random: inout SplitMix, _ services: [String], depth: Int, _ action: Action) -> Step {
        var step = Step(number: number(), action: action)
        if random.chance(10) { step.skew = random.number(-400...400) }
        if random.chance(30) {
            for _ in 0..<random.number(1...2) {
                step.troubles.append(
                    .init(number: number(), effect: random.number(1...4), trouble: random.pick(Trouble.allCases)))
            }
        }
        // Up to five processes at once: one inside the other.
        if depth < 4, random.chance(depth == 0 ? 40 : 25) {
            for _ in 0..<random.number(1...2) {
                let call = random.number(1...20)
                step.interludes.append(.init(call: call, step: make(&random, services, depth: depth + 1, Self.action(&random, services))))
            }
        }
        return step
    }

    /// A scene of a story is disturbed seldom, or it would not come to its end.
    private mutating func make(_ random: inout SplitMix, _ services: [String], _ scene: Story.Scene) -> Step {
        var step = Step(number: number(), action: scene.action)
        step.advance = scene.after ?? random.number(0...60)
        if let (effect, trouble) = scene.trouble { step.troubles.append(.init(number: number(), effect: effect, trouble: trouble)) }
        if random.chance(8) {
            let other = make(&random, services, depth: 1, Self.action(&random, services))
            step.interludes.append(.init(call: random.number(1...20), step: other))
        }
        return step
    }

    /// Most histories have few rules, so that the others are not all about one thing.
    private static func variant(_ random: inout SplitMix) -> Int {
        random.chance(30) ? random.number(0...3) : random.number(0...RulesVariant.count - 1)
    }

    private static func advance(_ random: inout SplitMix) -> Int {
        switch random.number(0...99) {
        case 0..<55: random.number(0...60)
        case 55..<80: random.number(61...580)
        case 80..<93: random.number(601...7_200)
        case 93..<95: 8 * 86_400
        default: -random.number(1...1_200)
        }
    }

    private static func action(_ random: inout SplitMix, _ services: [String]) -> Action {
        let service = random.pick(services)
        let stage = random.pick(SimulatedRules.stages)
        let version = "1.0.\(random.number(1...4))"
        let person = random.pick(people)
        switch random.number(0...99) {
        case 0..<4: return .register(service, version)
        case 4..<14: return .ready(service, version)
        case 14..<18:
            let key = random.pick(SimulatedRules.evidence)
            return .report(service, version, key: key, value: value(&random, key))
        case 18..<30: return .health(service, stage: random.pick(["qa", "qa", "qa", "prod"]), health(&random))
        case 30..<34: return .agent(service, stage: random.pick(["qa", "prod"]), agent(&random))
        case 34..<49:
            let target = random.pick(["dev", "qa", "prod", "prod", "prod"])
            return .promote(service, stage: target, version: random.chance(30) ? version : nil, by: person)
        case 49..<52:
            let target = random.pick(["qa", "qa", "prod"])
            return .breakGlass(
                service, stage: target, version: random.chance(50) ? version : nil, gates: Story.gates(&random, target), by: person)
        case 52..<64: return .reconcile
        case 64..<71: return .approve(service, stage: "prod", by: person, withdraw: random.chance(8))
        case 71..<74: return .reject(service, stage: random.pick(["prod", stage]), by: person, withdraw: random.chance(10))
        case 74..<76: return .takeBack(service)
        case 76..<78: return .abort(service, stage: stage)
        case 78..<83: return .edit(service, stage: stage, version: random.chance(50) ? version : "9.\(random.number(0...3)).0")
        case 83: return random.chance(50) ? .squash(commits: random.number(1...3)) : .rewind(commits: random.number(1...3))
        case 84: return .rules(variant(&random), by: random.chance(50) ? person : "hana")
        case 85..<97: return restriction(&random, service, stage, version, person)
        default: return .arrive
        }
    }

    static let people = ["rita", "olga", "pavel", SimulatedRules.author, SimulatedRules.outsider]

    private static func restriction(
        _ random: inout SplitMix, _ service: String, _ stage: String, _ version: String, _ person: String
    ) -> Action {
        switch random.number(0...99) {
        case 0..<14:
            let scope = FreezeScope(
                workflow: random.chance(30) ? SimulatedRules.workflow : nil, stage: random.chance(50) ? stage : nil,
                service: random.chance(50) ? service : nil)
            return .freeze(
                scope, delay: random.chance(70) ? 0 : random.number(1...400),
                seconds: random.chance(85) ? random.number(30...900) : nil, rollbacksToo: random.chance(30), by: person)
        case 14..<28: return .thaw(by: person)
        case 28..<42: return .hold(service, stage: stage, seconds: random.chance(60) ? random.number(30...900) : nil, by: person)
        case 42..<50: return .unhold(service, by: person)
        case 50..<63: return .resume(service, by: person)
        case 63..<89:
            return .rollback(
                service, stage: random.pick(["dev", "qa", "prod"]), version: random.chance(25) ? version : nil, by: person)
        case 89..<93: return .yank(service, version: version, by: person)
        case 93..<95: return .closeReview(service, by: person)
        case 95..<97: return random.chance(60) ? .restore(service, by: person) : .adoptDrift(service, by: person)
        default: return .adopt(service, by: person)
        }
    }

    private static func health(_ random: inout SplitMix) -> HealthStatus {
        random.chance(78) ? .healthy : random.chance(70) ? .progressing : .degraded
    }

    private static func agent(_ random: inout SplitMix) -> AgentWord {
        random.chance(50) ? .healthy : random.pick(AgentWord.allCases)
    }

    private static func value(_ random: inout SplitMix, _ key: String) -> String {
        key == "security_scan" ? (random.chance(85) ? "pass" : "fail") : random.pick(["100", "99.5", "97", "80", "12"])
    }
}
