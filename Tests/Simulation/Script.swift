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
        for service in services { steps.append(Step(number: number(), action: .ready(service, "1.0.1"))) }
        for _ in 0..<random.number(15...45) {
            // Left to chance alone few histories come far: some steps follow the way that people mean to go.
            let intended = random.chance(8) ? Self.way(&random, random.pick(services)) : [Self.action(&random, services)]
            for action in intended {
                var step = make(&random, services, depth: 0, action)
                step.advance = Self.advance(&random)
                steps.append(step)
            }
        }
    }

    /// The script with only the parts of these numbers.
    package func kept(_ keep: Set<Int>) -> Script {
        var script = self
        script.steps = steps.compactMap { $0.kept(keep) }
        return script
    }

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

    /// A new version, its health on the way, and somebody who wants it in prod.
    private static func way(_ random: inout SplitMix, _ service: String) -> [Action] {
        var actions: [Action] = [.ready(service, "1.0.\(random.number(1...6))"), .reconcile]
        for _ in 0..<random.number(1...3) { actions.append(.health(service, stage: "qa", health(&random))) }
        actions.append(.reconcile)
        actions.append(.promote(service, stage: "prod", version: nil, by: random.pick(people)))
        for _ in 0..<random.number(0...2) { actions.append(.approve(service, stage: "prod", by: random.pick(people), withdraw: false)) }
        actions.append(.promote(service, stage: "prod", version: nil, by: random.pick(people)))
        if random.chance(60) { actions.append(.health(service, stage: "prod", health(&random))) }
        if random.chance(40) { actions.append(.reconcile) }
        return actions
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
        case 18..<34: return .health(service, stage: random.pick(["qa", "qa", "qa", "prod"]), health(&random))
        case 34..<52:
            let target = random.pick(["dev", "qa", "prod", "prod", "prod"])
            return .promote(service, stage: target, version: random.chance(30) ? version : nil, by: person)
        case 52..<64: return .reconcile
        case 64..<71: return .approve(service, stage: "prod", by: person, withdraw: random.chance(8))
        case 71..<74: return .reject(service, stage: random.pick(["prod", stage]), by: person, withdraw: random.chance(10))
        case 74..<76: return .takeBack(service)
        case 76..<78: return .abort(service, stage: stage)
        case 78..<83: return .edit(service, stage: stage, version: random.chance(50) ? version : "9.\(random.number(0...3)).0")
        case 83: return random.chance(50) ? .squash(commits: random.number(1...3)) : .rewind(commits: random.number(1...3))
        case 84: return .rules(random.number(0...2))
        case 85..<97: return restriction(&random, service, stage, version, person)
        default: return .arrive
        }
    }

    private static let people = ["rita", "olga", "pavel", SimulatedRules.author]

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
        case 89..<95: return .yank(service, version: version, by: person)
        default: return .adopt(service, by: person)
        }
    }

    private static func health(_ random: inout SplitMix) -> HealthStatus {
        random.chance(78) ? .healthy : random.chance(70) ? .progressing : .degraded
    }

    private static func value(_ random: inout SplitMix, _ key: String) -> String {
        key == "security_scan" ? (random.chance(85) ? "pass" : "fail") : random.pick(["100", "99.5", "97", "80", "12"])
    }
}
