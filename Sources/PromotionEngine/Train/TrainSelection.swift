internal import WorkflowModel

/// One service on its way into the target stage of a train.
struct TrainCell {
    let workflow: Workflow
    let service: Service
    let stage: Stage
    /// The version that a waiting train brings; nil: what stands in the source stage.
    var version: String?
}

extension Conductor {
    /// The services that a train is about, by name. Throws a usage error for names that do not exist, for stages that do not
    /// follow on each other, and where one commit could not hold them all.
    func select(_ request: TrainRequest, _ rules: Rules) throws -> [TrainCell] {
        var cells: [TrainCell] = []
        if request.services.isEmpty {
            for workflow in rules.workflows {
                guard let stage = workflow.stage(request.to), stage.after.contains(request.from) else { continue }
                cells += workflow.services.map { TrainCell(workflow: workflow, service: $0, stage: stage) }
            }
            if !rules.workflows.contains(where: { $0.stage(request.to)?.after.contains(request.from) ?? false }) { throw noEdge(request, rules) }
        } else {
            for name in Set(request.services).sorted() {
                let (workflow, service, stage) = try locate(name, request.to, in: rules)
                _ = try locate(name, request.from, in: rules)
                guard stage.after.contains(request.from) else { throw noEdge(request, Rules(workflows: [workflow])) }
                cells.append(TrainCell(workflow: workflow, service: service, stage: stage))
            }
        }
        try checkOneCommit(cells, request)
        return cells.sorted { $0.service.name < $1.service.name }
    }

    private func noEdge(_ request: TrainRequest, _ rules: Rules) -> PromotionError {
        let stages = rules.workflows.flatMap { $0.stages.map(\.name) }
        for name in [request.from, request.to] where !stages.contains(name) {
            return PromotionError(
                .usage, "no workflow has a stage '\(name)'",
                hint: "stages: \(Set(stages).sorted().joined(separator: ", "))\(suggestion(name, stages))")
        }
        let edges = rules.workflows.flatMap { workflow in workflow.stages.flatMap { stage in stage.after.map { "\($0) -> \(stage.name)" } } }
        return PromotionError(
            .usage, "\(request.to) does not come directly after \(request.from)",
            hint: "edges: \(Set(edges).sorted().joined(separator: ", "))")
    }

    private func checkOneCommit(_ cells: [TrainCell], _ request: TrainRequest) throws {
        let branches = Set(cells.map { $0.stage.branch ?? desired.branch })
        guard branches.count <= 1 else {
            throw PromotionError(
                .usage, "\(request.to) is on several branches (\(branches.sorted().joined(separator: ", "))), and a train is one commit",
                hint: "run one train for each, naming its services with --service")
        }
        if let other = cells.first(where: { $0.stage.delivery != .commit }) {
            throw PromotionError(
                .usage, "stage '\(request.to)' of workflow '\(other.workflow.name)' is not delivered by commit, and a train is one commit",
                hint: "promote its services one by one with `gradus promote SERVICE --to \(request.to)`")
        }
    }

    /// The services themselves and those that their edges depend on.
    func scope(of cells: [TrainCell]) -> LedgerScope {
        var services: Set<String> = []
        var recent: Set<String> = []
        for (_, group) in Dictionary(grouping: cells, by: \.workflow.name) {
            let workflow = group[0].workflow
            let names = group.map(\.service.name)
            services.formUnion(names)
            services.formUnion(workflow.dependencies)
            if workflow.looksAtRecentReleases { recent.formUnion(names) }
        }
        var scope = LedgerScope(services: services)
        scope.recentOf = recent
        return scope
    }
}
