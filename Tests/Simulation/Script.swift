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
            var step = make(&random, services, depth: 0)
            step.advance = Self.advance(&random)
            steps.append(step)
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

    private mutating func make(_ random: inout SplitMix, _ services: [String], depth: Int) -> Step {
        var step = Step(number: number(), action: Self.action(&random, services))
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
                step.interludes.append(.init(call: call, step: make(&random, services, depth: depth + 1)))
            }
        }
        return step
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
        let person = random.pick(["rita", "olga", "pavel", "ann"])
        switch random.number(0...99) {
        case 0..<4: return .register(service, version)
        case 4..<15: return .ready(service, version)
        case 15..<20:
            let key = random.pick(SimulatedRules.evidence)
            return .report(service, version, key: key, value: value(&random, key))
        case 20..<36: return .health(service, stage: random.pick(["qa", "qa", "prod"]), random.chance(90) ? .healthy : .degraded)
        case 36..<59:
            let target = random.pick(["dev", "qa", "prod", "prod", "prod"])
            return .promote(service, stage: target, version: random.chance(30) ? version : nil, by: person)
        case 59..<73: return .reconcile
        case 73..<83: return .approve(service, stage: "prod", by: person, withdraw: random.chance(12))
        case 83..<85: return .reject(service, stage: random.pick(["prod", stage]), by: person, withdraw: random.chance(50))
        case 85..<87: return .abort(service, stage: stage)
        case 87..<94: return .edit(service, stage: stage, version: random.chance(50) ? version : "9.\(random.number(0...3)).0")
        case 94: return random.chance(50) ? .squash(commits: random.number(1...3)) : .rewind(commits: random.number(1...3))
        case 95: return .rules(random.number(0...2))
        default: return .arrive
        }
    }

    private static func value(_ random: inout SplitMix, _ key: String) -> String {
        key == "security_scan" ? (random.chance(85) ? "pass" : "fail") : random.pick(["100", "99.5", "97", "80", "12"])
    }
}
