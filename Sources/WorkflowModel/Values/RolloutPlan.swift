/// How a release that is delivered to a stage reaches all of it: step by step, each gated by time and health.
///
/// 1. The first step is part of the deploy commit itself, so that there is no moment at which all is exposed.
/// 2. Every further step is a deploy commit of its own.
/// 3. The promotion is verified after the last step.
public struct RolloutPlan: Sendable, Hashable {
    public enum Steps: Sendable, Hashable {
        /// One value in one file grows.
        case values(file: String, path: String, [String])
        /// The stage's updates reach its targets wave by wave.
        case waves([[RolloutTarget]])
    }

    public var steps: Steps
    /// At least this long after a step before the next one.
    public var pause: TimeSpan
    /// Asked beside the stage's health until the release is verified; an analysis begins anew with each step.
    public var analysis: [HealthSource]
    /// So many targets may be ill before the release is.
    public var maximumFailures: Int

    public init(steps: Steps, pause: TimeSpan = .seconds(0), analysis: [HealthSource] = [], maximumFailures: Int = 0) {
        self.steps = steps
        self.pause = pause
        self.analysis = analysis
        self.maximumFailures = maximumFailures
    }

    /// How many steps there are; at least one.
    public var count: Int {
        switch steps {
        case .values(_, _, let values): values.count
        case .waves(let waves): waves.count
        }
    }

    /// What a step brings, for people: a value, or the targets of a wave. Steps count from 1.
    public func name(of step: Int) -> String {
        switch steps {
        case .values(_, _, let values): values[min(max(step, 1), values.count) - 1]
        case .waves(let waves): waves[min(max(step, 1), waves.count) - 1].map(\.name).joined(separator: ", ")
        }
    }

    /// A value may be put back to that of the step before; what a wave brought stands until it is rolled back.
    public var goesBackByStep: Bool {
        if case .values = steps { true } else { false }
    }

    /// All targets, in the order of their waves; empty where a value grows.
    public var targets: [RolloutTarget] {
        if case .waves(let waves) = steps { waves.flatMap(\.self) } else { [] }
    }

    /// The targets that a step has reached.
    public func targets(upTo step: Int) -> [RolloutTarget] {
        if case .waves(let waves) = steps { waves.prefix(step).flatMap(\.self) } else { [] }
    }

    /// All that decides, in one line: part of the plan's digest.
    public var declared: String {
        let what =
            switch steps {
            case .values(let file, let path, let values): "\(file)#\(path) \(values.joined(separator: ","))"
            case .waves(let waves):
                waves.map { "[" + $0.map(\.declared).joined(separator: ",") + "]" }.joined()
            }
        let sources = analysis.map { $0.name + $0.declared }.joined(separator: ",")
        return "\(what) pause=\(pause) analysis=\(sources) max_failures=\(maximumFailures)"
    }
}

/// One of the places that a stage consists of, such as a region or a cluster.
public struct RolloutTarget: Sendable, Hashable {
    /// The placeholder that stands for the name.
    public static let placeholder = "target"

    public var name: String
    /// Variables beside those of the service, whose values they replace.
    public var vars: [String: String]

    public init(name: String, vars: [String: String] = [:]) {
        self.name = name
        self.vars = vars
    }

    var declared: String { name + vars.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined() }
}

extension Stage {
    /// The values of a step among the updates of a service.
    ///
    /// - Parameter step: from 1; 0 leaves a growing value out; nil is the last step.
    public func updates(_ updates: [Update], atStep step: Int?) -> [Update] {
        guard let rollout else { return updates }
        switch rollout.steps {
        case .values(let file, let path, let values):
            guard step != 0 else { return updates }
            let value = values[min(max(step ?? values.count, 1), values.count) - 1]
            return updates + [Update(file: file, kind: .yaml(set: [Update.Assignment(key: path, value: value)]))]
        case .waves:
            let reached = rollout.targets(upTo: step == nil || step == 0 ? rollout.count : step ?? 1)
            return updates.flatMap { update -> [Update] in
                guard update.isPerTarget else { return [update] }
                return reached.map { target in
                    var aimed = update
                    aimed.target = target
                    return aimed
                }
            }
        }
    }
}
