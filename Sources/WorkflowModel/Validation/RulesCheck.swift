import YAMLEdit

/// Checks that need all files: names used across workflows, groups and people.
struct RulesCheck {
    let workflows: [DecodedWorkflow]
    /// Nil when there is no groups file.
    let people: People?
    let peopleAreReadable: Bool
    /// Nil when there is no calendar file.
    var calendar: ReleaseCalendar?
    /// False: other files may declare what these do not.
    let isComplete: Bool

    func run() {
        checkWorkflowNames()
        checkServiceNames()
        checkOpenWorkflows()
        let rules = Rules(workflows: workflows.map(\.workflow))
        for decoded in workflows {
            checkDependencies(decoded, rules)
            checkWindows(decoded)
            if peopleAreReadable { checkPeople(decoded) }
        }
        DependencyCycles(workflows).report()
    }

    private func checkWorkflowNames() {
        var paths: [String: String] = [:]
        for decoded in workflows {
            let name = decoded.workflow.name
            if let earlier = paths[name] {
                decoded.faults.error("duplicate workflow `\(name)`, first in \(earlier)", at: decoded.node)
            } else {
                paths[name] = decoded.workflow.path
            }
        }
    }

    private func checkServiceNames() {
        var owners: [String: DecodedWorkflow] = [:]
        for decoded in workflows {
            for service in decoded.services {
                let name = service.service.name
                guard let earlier = owners[name] else {
                    owners[name] = decoded
                    continue
                }
                decoded.faults.error(
                    "service `\(name)` already belongs to workflow `\(earlier.workflow.name)` of \(earlier.workflow.path)",
                    at: service.node)
            }
        }
    }

    /// A workflow without services takes every service that no other declares, so there can be one only.
    private func checkOpenWorkflows() {
        let open = workflows.filter(\.workflow.isSeedForm)
        for decoded in open.dropFirst() {
            decoded.faults.error(
                "both this workflow and \(open[0].workflow.path) declare no services, so no service fits either",
                at: decoded.node)
        }
    }

    // MARK: Windows

    private func checkWindows(_ decoded: DecodedWorkflow) {
        guard isComplete || calendar != nil else { return }
        let declared = decoded.stages.flatMap { $0.entry + $0.exit + $0.promotion } + decoded.criteria
        for criterion in declared {
            guard case .window(let references) = criterion.criterion.kind else { continue }
            for case .named(let name) in references where calendar?.windows[name] == nil {
                guard let calendar else {
                    decoded.faults.error("unknown window `\(name)`: there is no workflows/calendar.yaml", at: criterion.node)
                    continue
                }
                decoded.faults.unknown("window", name, among: calendar.windows.keys.sorted(), at: criterion.node)
            }
        }
    }

    // MARK: Dependencies

    private func checkDependencies(_ decoded: DecodedWorkflow, _ rules: Rules) {
        for declared in decoded.stages {
            // Without a stage of its own, a dependency of an entry criterion is about the stage being entered.
            for criterion in declared.entry { check(criterion, rules, entering: declared.stage.name, decoded.faults) }
            for criterion in declared.exit + declared.promotion { check(criterion, rules, entering: nil, decoded.faults) }
        }
        for criterion in decoded.criteria { check(criterion, rules, entering: nil, decoded.faults) }
    }

    private func check(
        _ declared: DeclaredCriterion, _ rules: Rules, entering entered: String?, _ faults: FaultCollector
    ) {
        guard case .dependsOn(let dependency) = declared.criterion.kind else { return }
        guard let workflow = rules.workflow(of: dependency.service) else {
            guard isComplete, workflows.allSatisfy(\.servicesAreKnown) else { return }
            faults.unknown("service", dependency.service, among: rules.serviceNames, at: declared.node)
            return
        }
        guard let stage = dependency.stage ?? entered, workflow.stage(stage) == nil else { return }
        faults.error(
            "workflow `\(workflow.name)` of service `\(dependency.service)` has no stage `\(stage)`", at: declared.node,
            hint: FaultCollector.didYouMean(stage, among: workflow.stages.map(\.name)))
    }

    // MARK: People

    private func checkPeople(_ decoded: DecodedWorkflow) {
        for reference in decoded.references where !isKnown(reference) {
            let name = reference.name
            let kind = reference.role == .owner ? "group or person" : "group"
            guard let people else {
                guard isComplete else { continue }
                let message = "unknown \(kind) `\(name)`: there is no workflows/groups.yaml"
                // The seed's workflow came without groups and loads unchanged.
                if decoded.workflow.isSeedForm || reference.role != .approver {
                    decoded.faults.warning(message, at: reference.node)
                } else {
                    decoded.faults.error(
                        message, at: reference.node, hint: "write the file with `groups: {\(name): [SUBJECT]}`")
                }
                continue
            }
            let known = people.groups.keys.sorted() + people.people.keys.sorted() + ["service-owner"]
            let message = "unknown \(kind) `\(name)`"
            let hint = FaultCollector.didYouMean(name, among: known)
            if reference.role == .approver {
                decoded.faults.error(message, at: reference.node, hint: hint)
            } else {
                decoded.faults.warning(message, at: reference.node, hint: hint)
            }
        }
        warnOfOwnerless(decoded)
    }

    /// A group, a person of `people`, a member of a group, or an address, which names a person by itself.
    private func isKnown(_ reference: PersonReference) -> Bool {
        let name = reference.name
        if name.contains("@") || (name == "service-owner" && reference.role != .owner) { return true }
        guard let people else { return false }
        return people.groups[name] != nil || people.people[name] != nil
            || people.groups.values.contains { $0.contains(name) }
    }

    private func warnOfOwnerless(_ decoded: DecodedWorkflow) {
        guard isComplete || people != nil, people?.groups["service-owner"] == nil,
            let reference = decoded.references.first(where: { $0.name == "service-owner" && $0.role == .approver }),
            let service = decoded.services.first(where: { $0.service.owner == nil })
        else { return }
        decoded.faults.warning(
            "service `\(service.service.name)` has no `owner`, so `service-owner` stands for nobody there",
            at: reference.node)
    }
}
