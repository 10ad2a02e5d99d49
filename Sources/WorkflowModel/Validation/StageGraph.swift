import YAMLEdit

/// Turns `next_stage` and `after` into edges and checks the graph that they form.
struct StageGraph {
    let faults: FaultCollector
    /// All names that the file gives to stages, also of those with faults.
    let names: [String]
    /// False when a stage was left out after a fault: what then seems unconnected is not reported.
    let isWhole: Bool

    /// Fills in `after` of every stage, in file order and each stage once.
    func connect(_ stages: inout [DeclaredStage]) {
        let known = stages.map(\.stage.name)
        var edges = Set<Edge>()
        for declared in stages {
            if let next = declared.nextStage, exists(next) { edges.insert(Edge(from: declared.stage.name, to: next.text)) }
            for previous in declared.after where exists(previous) {
                edges.insert(Edge(from: previous.text, to: declared.stage.name))
            }
        }
        for index in stages.indices {
            let name = stages[index].stage.name
            stages[index].stage.after = known.filter { edges.contains(Edge(from: $0, to: name)) }
        }
        let cycles = reportCycles(stages)
        if isWhole, !cycles { reportUnconnected(stages) }
    }

    private struct Edge: Hashable {
        var from: String
        var to: String
    }

    private func exists(_ name: LocatedText) -> Bool {
        if names.contains(name.text) { return true }
        faults.unknown("stage", name.text, among: names, at: name.node)
        return false
    }

    // MARK: Cycles

    private func reportCycles(_ stages: [DeclaredStage]) -> Bool {
        // A stage is done when no path from it can lead back to it, or its cycle has been reported.
        var done = Set<String>()
        var found = false
        let following = Dictionary(
            uniqueKeysWithValues: stages.map { declared in
                let name = declared.stage.name
                return (name, stages.filter { $0.stage.after.contains(name) }.map(\.stage.name))
            })
        for declared in stages where !done.contains(declared.stage.name) {
            var path: [String] = []
            if let cycle = Self.cycle(from: declared.stage.name, following, &path, &done) {
                found = true
                report(cycle, stages)
            }
        }
        return found
    }

    /// The first cycle on a walk from `name`, closed: `[a, b, a]`.
    private static func cycle(
        from name: String, _ following: [String: [String]], _ path: inout [String], _ done: inout Set<String>
    ) -> [String]? {
        if let start = path.firstIndex(of: name) { return Array(path[start...]) + [name] }
        guard !done.contains(name) else { return nil }
        path.append(name)
        for next in following[name] ?? [] {
            if let cycle = cycle(from: next, following, &path, &done) {
                done.formUnion(path)
                return cycle
            }
        }
        path.removeLast()
        done.insert(name)
        return nil
    }

    private func report(_ cycle: [String], _ stages: [DeclaredStage]) {
        // Begin with the stage that stands first in the file, so that the message does not depend on the walk.
        let ring = cycle.dropLast()
        let first = stages.first { ring.contains($0.stage.name) }
        guard let first, let start = ring.firstIndex(of: first.stage.name) else { return }
        let ordered = ring[start...] + ring[..<start] + [first.stage.name]
        faults.error("the stages form a cycle: \(ordered.joined(separator: " -> "))", at: first.node)
    }

    // MARK: Stages that no release can reach

    /// A stage with neither `next_stage` nor `after` is a first stage. If it is also no part of the rest, then a
    /// forgotten edge has cut the workflow in two, and the part cut off would be entered without its gates.
    private func reportUnconnected(_ stages: [DeclaredStage]) {
        guard let first = stages.first, stages.count > 1 else { return }
        guard stages.contains(where: { !$0.stage.after.isEmpty }) else {
            faults.error(
                "the stages are not connected: no stage says what comes next", at: first.node,
                hint: "write `next_stage: \(stages[1].stage.name)` in stage `\(first.stage.name)`")
            return
        }
        var reached: Set<String> = [first.stage.name]
        var component = reached
        // Each part is reported once, at its first stage.
        while true {
            grow(&component, stages)
            reached.formUnion(component)
            guard let other = stages.first(where: { !reached.contains($0.stage.name) }) else { return }
            faults.error(
                "stage `\(other.stage.name)` is unreachable: no edge joins it to `\(first.stage.name)`", at: other.node,
                hint: "write `next_stage: \(other.stage.name)` in the stage before it")
            component = [other.stage.name]
        }
    }

    private func grow(_ component: inout Set<String>, _ stages: [DeclaredStage]) {
        var grew = true
        while grew {
            grew = false
            for declared in stages {
                let neighbours = [declared.stage.name] + declared.stage.after
                guard neighbours.contains(where: component.contains) else { continue }
                let before = component.count
                component.formUnion(neighbours)
                grew = grew || component.count > before
            }
        }
    }
}
