import PromotionEngine

/// A history that breaks a rule, cut down to what it needs.
package struct Counterexample: Error, CustomStringConvertible {
    package let script: Script
    package let violation: String

    package var description: String {
        """
        seed \(script.seed): \(violation)
        \(script.text)
        replay it with: simulate --seed \(script.seed) --keep \(script.numbers.map(String.init).joined(separator: ","))
        """
    }
}

/// Plays random histories against the engine and says what must never happen and did.
package enum Simulation {
    /// What one history did, so that nobody trusts one that does nothing.
    package struct Summary: Sendable {
        package var records = 0
        package var commits = 0
        package var types: [String: Int] = [:]

        package init() {}

        package mutating func add(_ other: Summary) {
            records += other.records
            commits += other.commits
            types.merge(other.types) { $0 + $1 }
        }
    }

    /// The first rule that the history breaks; nil when it breaks none.
    package static func violation(in script: Script) -> String? { play(script).violation }

    /// The ledger that the history left, one line a record.
    package static func ledger(of script: Script) -> [String] {
        let world = SimulatedWorld(keepsNotes: script.keepsNotes)
        run(script, in: world)
        return world.records.map { record in
            let commit =
                switch record.fact {
                case .admitted(let admitted): " on \(admitted.base)"
                case .delivered(let delivered): " by \(delivered.commit)\(delivered.unchanged ? ", unchanged" : "")\(delivered.late ? ", late" : "")"
                case .externalChange(let change): " by \(change.commit)"
                default: ""
                }
            return "\(record.seq) \(record.at) \(record.initiator.id): \(RecordMessage(record).text.prefix { !$0.isNewline })\(commit)"
        }
    }

    package static func play(_ script: Script) -> (violation: String?, summary: Summary) {
        let world = SimulatedWorld(keepsNotes: script.keepsNotes)
        run(script, in: world)
        var summary = Summary()
        summary.records = world.records.count
        summary.commits = world.branch.commits.count
        for record in world.records { summary.types[record.fact.type, default: 0] += 1 }
        return (world.violation, summary)
    }

    private static func run(_ script: Script, in world: SimulatedWorld) {
        let performer = Performer(world: world)
        for step in script.steps where world.violation == nil { performer.perform(step) }
        if world.violation == nil { Settlement(world: world, performer: performer).settle() }
    }

    /// Plays one seed; a broken rule comes back with the smallest script that was found for it.
    package static func run(seed: UInt64, shrink: Bool = true) -> (Counterexample?, Summary) {
        let script = Script(seed: seed)
        let (violation, summary) = play(script)
        guard let violation else { return (nil, summary) }
        let small = shrink ? Shrinker.shrunk(script) : script
        return (Counterexample(script: small, violation: Simulation.violation(in: small) ?? violation), summary)
    }
}

/// Drops parts of a script as long as it still breaks some rule.
enum Shrinker {
    static func shrunk(_ script: Script) -> Script {
        var kept = script.numbers
        var size = max(1, kept.count / 2)
        while true {
            var dropped = false
            var start = 0
            while start < kept.count {
                let rest = Array(kept[..<start] + kept[min(start + size, kept.count)...])
                if Simulation.violation(in: script.kept(Set(rest))) != nil {
                    kept = rest
                    dropped = true
                } else {
                    start += size
                }
            }
            if size == 1, !dropped { return script.kept(Set(kept)) }
            size = max(1, size / 2)
        }
    }
}
