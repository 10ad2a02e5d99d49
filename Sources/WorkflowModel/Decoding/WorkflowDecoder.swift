import YAMLEdit

/// A workflow with what the checks over all files need.
struct DecodedWorkflow {
    var workflow: Workflow
    var faults: FaultCollector
    /// Where the name stands, or the file's root.
    var node: YAMLNode
    var services: [DeclaredService]
    var stages: [DeclaredStage]
    /// Those of all stages, which the workflow gives.
    var criteria: [DeclaredCriterion]
    var references: [PersonReference]
    /// False when services are to be found in a tree and there was none to look in.
    var servicesAreKnown: Bool
}

/// Decodes one workflow (`design.md` section 5), in the full form or in the seed form without `apiVersion`.
struct WorkflowDecoder {
    let faults: FaultCollector
    /// The name of a workflow in the seed form: that of the file or of the ConfigMap.
    let defaultName: String
    /// Where services are looked for; nil: nowhere, the files are read without their repository.
    let trees: (any TreeSource)?
    /// The services to look for there; nil: all.
    var wanted: Set<String>?
    /// What workflows refer to by name.
    var attachments = RuleAttachments()

    private static let apiVersion = "gradus/v1"
    /// Keys that the seed form does not have: with them the file is meant to be of the full form.
    private static let fullFormKeys = ["workflow", "services", "updates"]
    private static let fullFormStageKeys = ["updates", "environment"]
    /// Checks follow edges and compare stages, so hostile files must not make them large.
    private static let maximumStages = 500

    /// Nil when nothing of use could be read, which is then reported.
    func workflow(_ root: YAMLNode) -> DecodedWorkflow? {
        guard var reader = MappingReader(root, WorkflowSchema.workflow, faults) else { return nil }
        guard let isSeedForm = isSeedForm(&reader) else { return nil }
        let name = name(&reader, isSeedForm: isSeedForm)
        var evidence = EvidenceDecoder(faults: faults)
        let rules = reader.value("evidence").map { evidence.rules($0) } ?? [:]
        let items = stageItems(&reader)
        let criteria = CriteriaDecoder(
            faults: faults, stageNames: items.compactMap(Self.stageName), evidence: rules, isSeedForm: isSeedForm)
        var references = evidence.references
        let defaults = defaults(&reader, criteria, &references)
        let (named, discoveries) = services(&reader, isSeedForm: isSeedForm, &references)
        let pendingExpires = pendingExpires(&reader)
        reader.finish()
        var stageDecoder = StageDecoder(faults: faults, defaults: defaults, criteria: criteria)
        var stages = StageList(faults: faults).unique(items.compactMap { stageDecoder.stage($0) })
        references += stageDecoder.references
        StageGraph(faults: faults, names: criteria.stageNames, isWhole: stages.count == items.count).connect(&stages)
        CriteriaPlacement(faults: faults, defaults: defaults.criteria).place(in: &stages)
        StageList(faults: faults).settleClasses(&stages)
        StageList(faults: faults).warnOfManualStages(stages)
        let (services, skipped, servicesAreKnown) = discovered(discoveries, beside: named, stages)
        let workflow = Workflow(
            name: name?.text ?? defaultName, path: faults.file.path, services: services.map(\.service),
            stages: stages.map(\.stage), evidence: rules, isSeedForm: isSeedForm, pendingExpires: pendingExpires,
            skipped: skipped, discovers: !discoveries.isEmpty)
        UpdateCheck(
            faults: faults, services: services, stages: stages, updates: defaults.updates,
            servicesAreKnown: servicesAreKnown
        ).run()
        return DecodedWorkflow(
            workflow: workflow, faults: faults, node: name?.node ?? root, services: services, stages: stages,
            criteria: defaults.criteria, references: references, servicesAreKnown: servicesAreKnown)
    }

    /// Nil for a file that is no workflow at all: its other keys are then not worth a word.
    private func isSeedForm(_ reader: inout MappingReader) -> Bool? {
        if reader.key("apiVersion") != nil {
            guard let version = reader.text("apiVersion"), version.text != Self.apiVersion else { return false }
            faults.error("`apiVersion` must be \(Self.apiVersion), not `\(version.text)`", at: version.node)
            return version.text.hasPrefix("gradus/") ? false : nil
        }
        let stageItems = reader.value("stages")?.items ?? []
        let key =
            Self.fullFormKeys.compactMap { reader.key($0) }.first
            ?? stageItems.flatMap { $0.resolved.entriesResolvingMerges() }.map(\.key)
            .first { Self.fullFormStageKeys.contains($0.resolved.scalarText ?? "") }
        guard let key else { return true }
        faults.error(
            "`\(key.scalarText ?? "")` needs `apiVersion: \(Self.apiVersion)` at the top of the workflow", at: key)
        return false
    }

    private func name(_ reader: inout MappingReader, isSeedForm: Bool) -> LocatedText? {
        guard !isSeedForm else { return nil }
        let name = reader.required("workflow", hint: "write the workflow's name, such as `workflow: \(defaultName)`")
        if let name, !NameRule.workflow.allows(name.text) {
            faults.error(NameRule.workflow.complaint(about: name.text), at: name.node)
        }
        return name
    }

    private func pendingExpires(_ reader: inout MappingReader) -> TimeSpan {
        let span = reader.span("pending_expires") ?? .days(7)
        if span.seconds == 0, let node = reader.value("pending_expires") {
            faults.error("`pending_expires` must be longer than 0s, or every promotion would expire at once", at: node)
        }
        return span
    }

    private func stageItems(_ reader: inout MappingReader) -> [YAMLNode] {
        guard reader.key("stages") != nil else {
            faults.error("a workflow needs `stages`", at: reader.node)
            return []
        }
        guard let items = reader.items("stages") else { return [] }
        if items.isEmpty, let node = reader.value("stages") { faults.error("`stages` is empty", at: node) }
        guard items.count <= Self.maximumStages else {
            faults.error("a workflow has at most \(Self.maximumStages) stages; this one has \(items.count)", at: items[0])
            return []
        }
        return items
    }

    private static func stageName(_ item: YAMLNode) -> String? {
        item.resolved.entriesResolvingMerges().first { $0.key.resolved.scalarText == "name" }?.value.resolved.scalarText
    }

    private func defaults(
        _ reader: inout MappingReader, _ criteria: CriteriaDecoder, _ references: inout [PersonReference]
    ) -> StageDefaults {
        var defaults = StageDefaults()
        defaults.updates = reader.items("updates").map(UpdateDecoder(faults: faults).updates) ?? []
        var approvals = ApprovalDecoder(faults: faults)
        if let node = reader.value("approvals"), let rule = approvals.rule(node) { defaults.approvals = [rule] }
        references += approvals.references
        defaults.attachments = attachments
        defaults.health = HealthDecoder(faults: faults, attachments: attachments).defaults(of: &reader)
        let policies = PolicyDecoder(faults: faults)
        defaults.pullRequest = PullRequestDecoder(faults: faults).policy(of: &reader) ?? PullRequestPolicy()
        defaults.delivery = policies.delivery(of: &reader) ?? .commit
        defaults.onFailure = policies.onFailure(of: &reader) ?? .none
        defaults.criteria = reader.value("criteria").map { criteria.criteria($0, of: "`criteria`") } ?? []
        return defaults
    }

    private func services(
        _ reader: inout MappingReader, isSeedForm: Bool, _ references: inout [PersonReference]
    ) -> (named: [DeclaredService], discoveries: [DeclaredDiscovery]) {
        guard !isSeedForm else { return ([], []) }
        guard let node = reader.value("services") else {
            if reader.key("services") == nil {
                faults.error("a workflow needs `services`", at: reader.node, hint: "write `services: [NAME]`")
            }
            return ([], [])
        }
        var decoder = ServiceDecoder(faults: faults)
        let services = decoder.services(node)
        references += decoder.references
        return (services, decoder.discoveries)
    }

    private func discovered(
        _ discoveries: [DeclaredDiscovery], beside named: [DeclaredService], _ stages: [DeclaredStage]
    ) -> (services: [DeclaredService], skipped: [SkippedMatch], areKnown: Bool) {
        var services = named
        var skipped: [SkippedMatch] = []
        guard let trees else { return (services, skipped, discoveries.isEmpty) }
        // A discovery that finds nothing is reported; that its services and captures are then missing follows from it.
        var areKnown = true
        for declared in discoveries {
            let known = Set(services.map(\.service.name))
            let found = ServiceDiscovery(faults: faults, stages: stages, trees: trees, wanted: wanted).services(declared, named: known)
            services += found.services
            skipped += found.skipped
            areKnown = areKnown && !found.services.isEmpty && wanted == nil
        }
        return (services, skipped, areKnown)
    }
}
