/// The workflow file that `init` proposes.
struct WorkflowDraft {
    let name: String
    let layout: RepositoryLayout
    /// What was looked at, as lines of the head comment.
    let findings: [String]
    /// What needs nothing, and why, as further lines.
    let notes: [String]

    /// From this many services on a discovery is shorter to read than their list.
    private static let longestList = 12

    var text: String {
        (head + services + updates + stages).joined(separator: "\n") + "\n"
    }

    private var stageNames: [String] { layout.stages.map(\.name) }

    private var head: [String] {
        var lines = [
            "# yaml-language-server: $schema=../.gradus/workflow.schema.json",
            "# Written by `gradus init` from what the repository holds. Every line is yours to change.",
            "# Found: \(findings.joined(separator: "; ")).",
        ]
        lines += notes.prefix(12).map { "# \($0)." }
        if !layout.undecided.isEmpty {
            lines.append("# Not decided:")
            lines += layout.undecided.prefix(12).map { "#   - \($0)." }
            if layout.undecided.count > 12 { lines.append("#   - and \(layout.undecided.count - 12) more of this kind.") }
        }
        return lines + ["apiVersion: gradus/v1", "workflow: \(YAMLText.scalar(name))", ""]
    }

    // MARK: Services

    private var services: [String] {
        if let pattern = discovery {
            return [
                "# Every service that this pattern finds. To give one an owner or variables, make this a list and name it beside:",
                "#   services: [{from: …}, {name: \(layout.services[0]), owner: TEAM}]",
                "services: {from: \(quoted(pattern))}", "",
            ]
        }
        let lines = layout.services.map { service -> String in
            let vars = (layout.vars[service] ?? [:]).sorted { $0.key < $1.key }
            guard !vars.isEmpty else { return "  - \(YAMLText.scalar(service))" }
            let list = vars.map { "\($0.key): \(YAMLText.scalar($0.value))" }.joined(separator: ", ")
            return "  - {name: \(YAMLText.scalar(service)), vars: {\(list)}}"
        }
        return ["# To name who owns a service: {name: NAME, owner: TEAM}.", "services:"] + lines + [""]
    }

    /// A pattern that finds exactly these services in the first stage; nil when the list is short or no pattern does.
    private var discovery: String? {
        guard layout.services.count > Self.longestList, let first = layout.stages.first else { return nil }
        let isCaptured = layout.vars.values.allSatisfy { Set($0.keys).isSubset(of: ["group"]) }
        guard isCaptured else { return nil }
        let family = layout.families.first { family in
            family.template.contains("{service}") && layout.services.allSatisfy { family.cells[$0]?.contains(first.name) ?? false }
        }
        return family?.template.replacingOccurrences("{stage}", with: first.name)
    }

    // MARK: Updates

    private var updates: [String] {
        ["# What a promotion writes."] + ["updates:"] + layout.families.flatMap(update) + [""]
    }

    private func update(_ family: RepositoryLayout.Family) -> [String] {
        family.parts(services: layout.services, stages: stageNames).flatMap { part -> [String] in
            var lines = body(family)
            if part.stages.count < stageNames.count { lines.append("    stages: [\(list(part.stages))]") }
            if part.services.count < layout.services.count { lines.append("    for: [\(list(part.services))]") }
            return lines
        }
    }

    private func body(_ family: RepositoryLayout.Family) -> [String] {
        let file = quoted(path(family.template))
        let version = quoted(family.version)
        switch family.kind {
        case .kustomization(let image): return ["  - kustomization: \(file)", "    image: \(quoted(image))"]
        case .parameter(let name, let source):
            return ["  - application: \(file)"] + selector(source) + ["    helm_parameters: {\(YAMLText.scalar(name)): \(version)}"]
        case .revision(let source):
            return ["  - application: \(file)"] + selector(source) + ["    target_revision: \(version)"]
        case .helmValue(let path): return ["  - helm_values: \(file)", "    set: {\(YAMLText.scalar(path)): \(version)}"]
        case .dependency(let name): return ["  - chart: \(file)", "    dependency: \(quoted(name))", "    version: \(version)"]
        case .workload(let image): return ["  - manifest: \(file)", "    image: \(quoted(image))"]
        case .element(let conditions, let field):
            return ["  - application_set: \(file)", "    element: {\(conditions.joined(separator: ", "))}", "    set: {\(YAMLText.scalar(field)): \(version)}"]
        case .flux(let field, let object):
            let line =
                switch field {
                case .chartVersion: "    chart_version: \(version)"
                case .value(let path): "    values: {\(YAMLText.scalar(path)): \(version)}"
                case .reference(let key): "    ref: {\(key): \(version)}"
                case .image(let image): "    image: \(quoted(image))"
                }
            return ["  - flux: \(file)"] + (object.map { ["    object: \(quoted($0))"] } ?? []) + [line]
        }
    }

    private func selector(_ source: String?) -> [String] { source.map { ["    source: {\($0)}"] } ?? [] }

    /// The default environment is `environments/{stage}`.
    private func path(_ template: String) -> String {
        let standard = "environments/{stage}/"
        return template.hasPrefix(standard) ? "{environment}/" + template.dropFirst(standard.count) : template
    }

    private func quoted(_ text: String) -> String { text.contains("{") ? "\"\(text)\"" : YAMLText.scalar(text) }

    private func list(_ names: [String]) -> String { names.map(YAMLText.scalar).joined(separator: ", ") }

    // MARK: Stages

    private var stages: [String] {
        let last = layout.stages.map(\.rank).max()
        var lines = ["stages:"]
        for (index, stage) in layout.stages.enumerated() {
            lines.append("  - name: \(YAMLText.scalar(stage.name.lowercased()))")
            lines += environment(of: stage)
            let before = layout.stages.filter { $0.rank < stage.rank }
            let previous = before.filter { $0.rank == before.map(\.rank).max() }.map { $0.name.lowercased() }
            if !previous.isEmpty { lines.append("    after: [\(list(previous))]") }
            if stage.rank == last, layout.stages.count > 1 {
                lines += [
                    "    auto_promote: false",
                    "    # One yes of anyone but the requester and the author. To say whose: `approvers: [GROUP]` and workflows/groups.yaml.",
                    "    approval_required: true",
                ]
            } else {
                lines.append("    auto_promote: false    # true: a release enters by itself when its gates hold")
            }
            if index == 0 {
                lines += [
                    "    # What must hold to leave the stage, posted with `gradus report`:", "    # exit_criteria:",
                    "    #   - test_pass_rate: 100", "    #   - security_scan: pass",
                ]
            }
        }
        return lines
    }

    private func environment(of stage: EnvironmentName) -> [String] {
        if let branch = layout.branches[stage.name] { return ["    environment: {branch: \(YAMLText.scalar(branch)), path: .}"] }
        // A stage's name is lower-case; the folder keeps its own.
        return stage.name == stage.name.lowercased() ? [] : ["    environment: environments/\(stage.name)"]
    }
}

extension String {
    func replacingOccurrences(_ text: String, with other: String) -> String {
        var result = ""
        var rest = self[...]
        while let found = rest.firstRange(of: text) {
            result += rest[..<found.lowerBound] + other
            rest = rest[found.upperBound...]
        }
        return result + rest
    }
}
