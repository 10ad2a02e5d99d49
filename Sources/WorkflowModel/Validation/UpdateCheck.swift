import YAMLEdit

/// Checks the updates of one workflow once services and stages are known: filters, placeholders, and fields written twice.
struct UpdateCheck {
    let faults: FaultCollector
    let services: [DeclaredService]
    let stages: [DeclaredStage]
    /// The workflow's own updates, which every stage's `replace_updates` may leave unused.
    let updates: [DeclaredUpdate]
    /// False: services that nobody has looked for may have the names, labels and variables that are asked for.
    let servicesAreKnown: Bool

    func run() {
        for declared in distinctUpdates { check(declared) }
        var fields = FieldCheck(faults: faults)
        for stage in stages {
            let applied = services.map { fields.add($0, in: stage) }
            // A stage to which no update leads can only refuse promotions.
            guard !services.isEmpty, !applied.contains(true), !stage.stage.recordOnly else { continue }
            faults.warning(
                "no update applies in stage `\(stage.stage.name)`, so promotions into it are refused", at: stage.node,
                hint: "`record_only: true` allows promotions that change nothing")
        }
    }

    /// Every update of the file once, although each stage repeats the workflow's.
    private var distinctUpdates: [DeclaredUpdate] {
        var seen = Set<ObjectIdentifier>()
        let all = updates + services.flatMap { $0.updates ?? [] } + stages.flatMap(\.updates)
        return all.filter { seen.insert(ObjectIdentifier($0.node)).inserted }
    }

    private func check(_ declared: DeclaredUpdate) {
        let stageNames = stages.map(\.stage.name)
        for stage in declared.stages where !stageNames.contains(stage.text) {
            faults.unknown("stage", stage.text, among: stageNames, at: stage.node)
        }
        guard servicesAreKnown else { return }
        for selector in declared.services { check(selector) }
        let users = services.map(\.service).filter { service in
            declared.services.isEmpty || stageNames.contains { declared.update.applies(to: service, stage: $0) }
        }
        for template in declared.templates { check(template, users: users) }
    }

    /// An item of `for`: a service's name, or `label=value`.
    private func check(_ selector: LocatedText) {
        if selector.text.contains("=") {
            let update = Update(file: "", kind: .yaml(set: []), services: [selector.text])
            if !services.contains(where: { update.applies(to: $0.service, stage: "") }) {
                faults.warning("no service has the label `\(selector.text)`", at: selector.node)
            }
        } else if !services.contains(where: { $0.service.name == selector.text }) {
            faults.unknown("service", selector.text, among: services.map(\.service.name), at: selector.node)
        }
    }

    private func check(_ text: LocatedText, users: [Service]) {
        let template = PlaceholderTemplate(text.text)
        if !template.isClosed { faults.error("`{` without `}` in `\(text.text)`", at: text.node) }
        for name in template.placeholders where !Placeholder.isBuiltIn(name) && !isOfTargets(name) {
            let declaring = services.map(\.service).filter { $0.vars[name] != nil }
            if declaring.isEmpty {
                let known = Placeholder.names + services.flatMap { $0.service.vars.keys.sorted() }
                faults.error(
                    "unknown placeholder `{\(name)}`", at: text.node,
                    hint: FaultCollector.nearest(name, among: known).map { "did you mean `{\($0)}`?" })
            } else if let lacking = users.first(where: { $0.vars[name] == nil }) {
                faults.error(
                    "service `\(lacking.name)` has no variable `\(name)` for the placeholder `{\(name)}`", at: text.node)
            }
        }
    }

    /// Whether the targets of some stage give the placeholder a value.
    private func isOfTargets(_ name: String) -> Bool {
        let targets = stages.flatMap { $0.stage.rollout?.targets ?? [] }
        return name == RolloutTarget.placeholder ? !targets.isEmpty : targets.contains { $0.vars[name] != nil }
    }
}
