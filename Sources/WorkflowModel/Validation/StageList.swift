import YAMLEdit

/// Checks and defaults that need all stages of a workflow but no edges' order.
struct StageList {
    let faults: FaultCollector

    /// The stages whose names are new; a second one of a name is reported and left out.
    func unique(_ stages: [DeclaredStage]) -> [DeclaredStage] {
        var nodes: [String: YAMLNode] = [:]
        return stages.filter { declared in
            let name = declared.stage.name
            if let earlier = nodes[name] {
                faults.error("duplicate stage `\(name)`, first in line \(faults.line(earlier))", at: declared.node)
                return false
            }
            nodes[name] = declared.node
            return true
        }
    }

    /// A stage without `class` gets the one that its name says, else production if it is the only last stage.
    func settleClasses(_ stages: inout [DeclaredStage]) {
        let followed = Set(stages.flatMap(\.stage.after))
        let last = stages.filter { !followed.contains($0.stage.name) }.map(\.stage.name)
        for index in stages.indices {
            let name = stages[index].stage.name
            stages[index].stage.stageClass =
                stages[index].declaredClass ?? Self.stageClass(named: name) ?? (last == [name] ? .production : .development)
        }
    }

    /// `auto_promote` speaks of entering its own stage. Many read it as leaving, so a pair that the two readings
    /// move differently is pointed out.
    func warnOfManualStages(_ stages: [DeclaredStage]) {
        for declared in stages {
            guard let node = declared.manualNode else { continue }
            let name = declared.stage.name
            for next in stages where next.stage.after.contains(name) && next.stage.autoPromote {
                faults.warning(
                    "`auto_promote: false` means that a person starts the promotion into `\(name)`; "
                        + "releases go on from `\(name)` to `\(next.stage.name)` by themselves, "
                        + "because `\(next.stage.name)` has `auto_promote: true`",
                    at: node,
                    hint: "to stop releases from leaving `\(name)`, write `auto_promote: false` in `\(next.stage.name)`")
            }
        }
    }

    private static let classes: [String: Stage.Class] = [
        "dev": .development, "develop": .development, "development": .development,
        "qa": .test, "test": .test, "testing": .test, "sit": .test, "nonprod": .test, "non-prod": .test,
        "staging": .staging, "stage": .staging, "stg": .staging, "uat": .staging,
        "preprod": .staging, "pre-prod": .staging, "preproduction": .staging, "pre-production": .staging,
        "prod": .production, "production": .production,
    ]

    /// The whole name says it, else its first part, else its last: `prod-eu`, `eu-prod`.
    private static func stageClass(named name: String) -> Stage.Class? {
        let parts = name.split { $0 == "-" || $0 == "_" }.map(String.init)
        let whole = parts.joined(separator: "-")
        if let known = classes[whole] { return known }
        guard let first = parts.first, let last = parts.last else { return nil }
        if let known = classes[first] ?? classes[parts.prefix(2).joined(separator: "-")] { return known }
        return ["pre", "non", "not"].contains(first) ? nil : classes[last]
    }
}
