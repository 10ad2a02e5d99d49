import YAMLEdit

/// Decodes a stage's `progressive`, or its `targets` with their `waves`.
struct RolloutDecoder {
    let faults: FaultCollector
    let health: HealthDecoder

    /// - Parameter updates: those of the stage, among which the only file may be found.
    func plan(of stage: inout MappingReader, _ updates: [Update]) -> RolloutPlan? {
        let progressive = stage.value("progressive")
        let targets = stage.items("targets")
        let waves = stage.value("waves")
        if progressive != nil, targets != nil, let key = stage.key("targets") {
            faults.error("a stage has either `progressive` or `targets`", at: key, hint: "targets may have a rollout of their own in the agent")
            return nil
        }
        if waves != nil, targets == nil, let key = stage.key("waves") {
            faults.error("`waves` needs `targets`", at: key)
        }
        if let progressive { return values(progressive, updates) }
        return targets.flatMap { self.waves($0, waves, at: stage.node) }
    }

    private func values(_ node: YAMLNode, _ updates: [Update]) -> RolloutPlan? {
        guard var reader = MappingReader(node, RolloutSchema.progressive, faults) else { return nil }
        let file = reader.text("file")
        let path = reader.required("path")
        let steps = reader.key("steps") == nil ? nil : reader.texts("steps")
        if reader.key("steps") == nil { faults.error("`progressive` needs `steps`", at: node, hint: "write `steps: [5, 25, 50, 100]`") }
        let pause = reader.span("pause") ?? .seconds(0)
        let analysis = reader.value("analysis").map(health.sources) ?? []
        reader.finish()
        guard let path, let steps else { return nil }
        if steps.isEmpty, let key = reader.key("steps") { faults.error("`steps` is empty", at: key) }
        for (position, step) in steps.enumerated() where steps.prefix(position).contains(where: { $0.text == step.text }) {
            faults.error("the step `\(step.text)` comes twice", at: step.node)
        }
        checkPath(path)
        guard let file = file?.text ?? onlyFile(updates, at: path.node), !steps.isEmpty else { return nil }
        return RolloutPlan(
            steps: .values(file: file, path: path.text, steps.map(\.text)), pause: pause, analysis: analysis)
    }

    private func checkPath(_ path: LocatedText) {
        do throws(YAMLError) { _ = try YAMLPath(parsing: PlaceholderTemplate(path.text).filled { _ in "x" }) } catch {
            faults.error("`\(path.text)` is no path", at: path.node, hint: error.diagnostics.first?.message)
        }
    }

    private func onlyFile(_ updates: [Update], at node: YAMLNode) -> String? {
        let files = Set(updates.map(\.file))
        if files.count == 1 { return files.first }
        faults.error(
            "`progressive` needs `file`: the stage's updates write \(files.isEmpty ? "no file" : "\(files.count) files")", at: node,
            hint: files.min().map { "write `file: \"\($0)\"`" })
        return nil
    }

    private func waves(_ items: [YAMLNode], _ waves: YAMLNode?, at stage: YAMLNode) -> RolloutPlan? {
        var targets: [RolloutTarget] = []
        for item in items {
            guard let target = target(item) else { continue }
            if targets.contains(where: { $0.name == target.name }) { faults.error("two targets are called `\(target.name)`", at: item) }
            targets.append(target)
        }
        if targets.isEmpty {
            if items.isEmpty { faults.error("`targets` is empty", at: stage) }
            return nil
        }
        guard let waves else { return RolloutPlan(steps: .waves([targets])) }
        if waves.kind == .sequence { return RolloutPlan(steps: .waves(groups(waves.items, targets, at: waves))) }
        guard var reader = MappingReader(waves, RolloutSchema.waves, faults) else { return nil }
        let named = reader.items("groups").map { groups($0, targets, at: waves) } ?? [targets]
        let plan = RolloutPlan(
            steps: .waves(named), pause: reader.span("pause") ?? .seconds(0),
            analysis: reader.value("analysis").map(health.sources) ?? [],
            maximumFailures: reader.whole("max_failures", atLeast: 0) ?? 0)
        reader.finish()
        return plan
    }

    private func target(_ item: YAMLNode) -> RolloutTarget? {
        let name: LocatedText?
        var vars: [String: String] = [:]
        if item.resolved.kind == .mapping {
            guard var reader = MappingReader(item, RolloutSchema.target, faults) else { return nil }
            name = reader.required("name")
            for (key, value) in reader.assignments("vars") ?? [] { vars[key.text] = value.text }
            reader.finish()
        } else {
            name = faults.text(item, "an item of `targets`")
        }
        guard let name else { return nil }
        guard NameRule.stage.allows(name.text) else {
            faults.error(NameRule.stage.complaint(about: name.text), at: name.node)
            return nil
        }
        return RolloutTarget(name: name.text, vars: vars)
    }

    /// Each target in exactly one wave.
    private func groups(_ items: [YAMLNode], _ targets: [RolloutTarget], at node: YAMLNode) -> [[RolloutTarget]] {
        var left = targets
        var waves: [[RolloutTarget]] = []
        for item in items {
            guard item.resolved.kind == .sequence else {
                faults.error("a wave must be a list of targets, not \(item.resolved.typeInWords)", at: item)
                continue
            }
            var wave: [RolloutTarget] = []
            for name in item.resolved.items.compactMap({ faults.text($0, "an item of a wave") }) {
                if let position = left.firstIndex(where: { $0.name == name.text }) {
                    wave.append(left.remove(at: position))
                } else if targets.contains(where: { $0.name == name.text }) {
                    faults.error("the target `\(name.text)` is in two waves", at: name.node)
                } else {
                    faults.unknown("target", name.text, among: targets.map(\.name), at: name.node)
                }
            }
            if wave.isEmpty { faults.error("a wave is empty", at: item) } else { waves.append(wave) }
        }
        if let missing = left.first { faults.error("the target `\(missing.name)` is in no wave", at: node) }
        return waves.isEmpty ? [targets] : waves
    }
}
