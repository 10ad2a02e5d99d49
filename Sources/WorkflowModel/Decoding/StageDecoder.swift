import YAMLEdit

/// A stage with what its validation needs beside the value.
struct DeclaredStage {
    /// Without edges, criteria and class, which need the whole workflow.
    var stage: Stage
    var node: YAMLNode
    var nextStage: LocatedText?
    var after: [LocatedText]
    var declaredClass: Stage.Class?
    /// Where the file says `auto_promote: false`; nil when it is true or left out.
    var manualNode: YAMLNode?
    var entry: [DeclaredCriterion]
    var exit: [DeclaredCriterion]
    /// Guard leaving the stage, or entering it if it is a last one.
    var promotion: [DeclaredCriterion]
    var updates: [DeclaredUpdate]
}

/// What a workflow says for all its stages.
struct StageDefaults {
    var updates: [DeclaredUpdate] = []
    var approvals: [ApprovalRule] = []
    var health = HealthDefaults()
    var attachments = RuleAttachments()
    var onFailure: Stage.FailurePolicy = .none
    var delivery: Stage.Delivery = .commit
    var pullRequest = PullRequestPolicy()
    /// Entry criteria of every stage.
    var criteria: [DeclaredCriterion] = []
}

/// Decodes one item of `stages`.
struct StageDecoder {
    let faults: FaultCollector
    let defaults: StageDefaults
    let criteria: CriteriaDecoder
    private(set) var references: [PersonReference] = []

    init(faults: FaultCollector, defaults: StageDefaults, criteria: CriteriaDecoder) {
        self.faults = faults
        self.defaults = defaults
        self.criteria = criteria
    }

    /// Nil when the stage has no usable name, which is then reported.
    mutating func stage(_ item: YAMLNode) -> DeclaredStage? {
        guard var reader = MappingReader(item, WorkflowSchema.stage, faults) else { return nil }
        let name = reader.required("name")
        let environment = environment(&reader, stage: name?.text ?? "")
        let declaredClass = reader.choice("class", of: Stage.Class.self)
        let autoPromote = reader.bool("auto_promote")
        let manualNode = autoPromote == false ? reader.value("auto_promote") : nil
        let nextStage = nextStage(&reader)
        let after = after(&reader)
        let entry = criteria(&reader, "entry_criteria")
        let exit = criteria(&reader, "exit_criteria")
        let promotion = criteria(&reader, "promotion_criteria")
        var approvals = ApprovalDecoder(faults: faults)
        let rules = approvals.rules(of: &reader)
        references += approvals.references
        let healthDecoder = HealthDecoder(faults: faults, attachments: defaults.attachments)
        var health = healthDecoder.policy(of: &reader, default: defaults.health)
        let delivery = PolicyDecoder(faults: faults).delivery(of: &reader)
        let onFailure = PolicyDecoder(faults: faults).onFailure(of: &reader)
        let rollback = reader.value("rollback").flatMap(PolicyDecoder(faults: faults).rollbackDelivery)
        let pullRequest = PullRequestDecoder(faults: faults).policy(of: &reader)
        let updates = updates(&reader)
        let rulesSettled = reader.bool("rules_settled")
        let rollout = RolloutDecoder(faults: faults, health: healthDecoder).plan(of: &reader, updates.map(\.update))
        // Where nothing else tells, the analysis of the steps does.
        if health == nil, let analysis = rollout?.analysis, !analysis.isEmpty { health = HealthPolicy(sources: analysis) }
        let hooks = reader.value("hooks").map(HookDecoder(faults: faults).hooks) ?? []
        let recordOnly = reader.bool("record_only") ?? false
        let queue = reader.choice("queue", of: Stage.Queue.self) ?? .latest
        reader.finish()
        guard let name else { return nil }
        guard NameRule.stage.allows(name.text) else {
            faults.error(NameRule.stage.complaint(about: name.text), at: name.node)
            return nil
        }
        if pullRequest != nil, delivery ?? defaults.delivery != .pullRequest, let node = reader.key("pull_request") {
            faults.error("`pull_request` needs `delivery: pull_request`", at: node)
        }
        if rollout != nil, delivery ?? defaults.delivery != .commit {
            faults.error(
                "a stage with steps is delivered by commit", at: reader.key("delivery") ?? name.node,
                hint: "say `delivery: commit` here, or leave `progressive`, `targets` and `waves` out")
        }
        var stage = Stage(
            name: name.text, environment: environment.path, branch: environment.branch, autoPromote: autoPromote ?? false,
            approvals: rules ?? defaults.approvals, updates: updates.map(\.update),
            delivery: delivery ?? defaults.delivery, health: health, onFailure: onFailure ?? defaults.onFailure,
            recordOnly: recordOnly, queue: queue, rulesSettled: rulesSettled, pullRequest: pullRequest ?? defaults.pullRequest,
            rollout: rollout, hooks: hooks,
            location: faults.located(name.node))
        if let rollback { stage.rollbackDelivery = rollback }
        return DeclaredStage(
            stage: stage, node: name.node, nextStage: nextStage, after: after, declaredClass: declaredClass,
            manualNode: manualNode, entry: entry, exit: exit, promotion: promotion, updates: updates)
    }

    private func criteria(_ reader: inout MappingReader, _ key: String) -> [DeclaredCriterion] {
        reader.value(key).map { criteria.criteria($0, of: "`\(key)`") } ?? []
    }

    /// A path, or `{path, branch, repository}`. `{stage}` in it is replaced at once.
    ///
    /// A branch of its own without a path is the whole environment, so its path is then the top, `.`.
    private func environment(_ reader: inout MappingReader, stage: String) -> (path: String?, branch: String?) {
        guard let value = reader.value("environment") else { return (nil, nil) }
        guard value.kind == .mapping, var place = MappingReader(value, WorkflowSchema.environment, faults) else {
            return (faults.text(value, "`environment`").flatMap { folder($0, stage) }, nil)
        }
        let path = place.text("path")
        let branch = place.text("branch")
        let repository = place.text("repository")
        place.finish()
        if path == nil, branch == nil, repository == nil, value.entries.isEmpty {
            faults.error("`environment` needs `path`, `branch` or `repository`", at: value)
        }
        if let repository, let complaint = BranchPlace.complaint(about: repository.text) {
            faults.error("the repository `\(repository.text)` \(complaint)", at: repository.node)
        }
        let named = branch.flatMap { self.branch($0, stage) }
        let isOwn = branch == nil && repository == nil
        return (
            path.map { folder($0, stage) } ?? (isOwn ? nil : "."),
            repository.map { BranchPlace(repository: $0.text, branch: named).text } ?? named
        )
    }

    private func folder(_ path: LocatedText, _ stage: String) -> String? {
        let folder = path.text.hasSuffix("/") ? String(path.text.dropLast()) : path.text
        if folder != ".", let complaint = RepositoryPath.complaint(about: folder) {
            faults.error("the path `\(path.text)` \(complaint)", at: path.node)
            return nil
        }
        return expanded(folder, at: path.node, stage)
    }

    private func branch(_ text: LocatedText, _ stage: String) -> String? {
        guard let name = expanded(text.text, at: text.node, stage) else { return nil }
        if let complaint = BranchName.complaint(about: name) {
            faults.error("the branch `\(name)` \(complaint)", at: text.node)
            return nil
        }
        return name
    }

    private func expanded(_ text: String, at node: YAMLNode, _ stage: String) -> String? {
        do {
            return try PlaceholderTemplate(text).expanded { $0 == "stage" ? stage : nil }
        } catch {
            faults.error("`environment` may use `{stage}` only, not `{\(error.name)}`", at: node)
            return nil
        }
    }

    /// `next_stage: null` says outright that nothing follows.
    private func nextStage(_ reader: inout MappingReader) -> LocatedText? {
        guard let node = reader.node.entriesResolvingMerges().first(where: { $0.key.resolved.scalarText == "next_stage" }),
            !node.value.resolved.isNull
        else {
            _ = reader.key("next_stage")
            return nil
        }
        return reader.text("next_stage")
    }

    /// A list; one name without brackets is read too.
    private func after(_ reader: inout MappingReader) -> [LocatedText] {
        guard let value = reader.value("after") else { return [] }
        return value.kind == .scalar ? [LocatedText(value.scalarText ?? "", value)] : reader.texts("after") ?? []
    }

    /// The workflow's updates and then the stage's own; only the own ones with `replace_updates: true`.
    private func updates(_ reader: inout MappingReader) -> [DeclaredUpdate] {
        let own = reader.items("updates").map(UpdateDecoder(faults: faults).updates)
        let replaces = reader.bool("replace_updates") ?? false
        if replaces, own == nil, let node = reader.key("replace_updates") {
            faults.error(
                "`replace_updates` needs `updates` to put in place", at: node,
                hint: "`updates: []` leaves the stage without any")
        }
        return (replaces ? [] : defaults.updates) + (own ?? [])
    }
}
