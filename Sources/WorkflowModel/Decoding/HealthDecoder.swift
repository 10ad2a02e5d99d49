import YAMLEdit

/// What a workflow says of health for all its stages.
struct HealthDefaults {
    var sources: [HealthSource]?
    var metrics: [String: NamedMetric] = [:]
    /// The workflow's `rollback_triggers`; decoded for each stage, because a stage may have metrics of its own.
    var triggers: YAMLNode?
}

/// Decodes a stage's health: sources, time spans, sync and triggers (`design.md` section 8).
struct HealthDecoder {
    let faults: FaultCollector
    let attachments: RuleAttachments

    init(faults: FaultCollector, attachments: RuleAttachments = RuleAttachments()) {
        self.faults = faults
        self.attachments = attachments
    }

    /// What stands at the top of a workflow.
    func defaults(of workflow: inout MappingReader) -> HealthDefaults {
        var defaults = HealthDefaults()
        defaults.sources = workflow.value("health").map(sources)
        defaults.metrics = metrics(&workflow, beside: [:], address: address(of: defaults.sources))
        defaults.triggers = workflow.value("rollback_triggers")
        return defaults
    }

    /// Nil when the stage declares no health and there is no default.
    ///
    /// A time span without a source stands for `health: report`: who says how long health must stand wants it to
    /// be asked for, and reports need no set-up.
    func policy(of stage: inout MappingReader, default inherited: HealthDefaults) -> HealthPolicy? {
        let own = stage.value("health").map(sources)
        let verifyFor = stage.span("verify_for")
        let timeout = stage.span("health_timeout")
        let staleAfter = stage.span("health_stale_after")
        let syncTimeout = stage.span("sync_timeout")
        let syncKey = stage.key("sync")
        let declaredSync = stage.value("sync").map(sync)
        let sync = declaredSync?.sync
        let sources = own ?? inherited.sources
        let named = metrics(&stage, beside: inherited.metrics, address: address(of: sources))
        let decoder = TriggerDecoder(
            faults: faults, attachments: attachments, metrics: named, address: address(of: sources),
            goesBackByStep: stage.key("progressive") != nil)
        let triggers = (stage.value("rollback_triggers") ?? inherited.triggers).map(decoder.triggers) ?? []
        let hasSpans = verifyFor != nil || timeout != nil || staleAfter != nil
        if let syncKey, sync == .argocd, !(sources ?? []).contains(where: { $0.name == "argocd" }) {
            faults.error("`sync: argocd` needs a health source `argocd`, which says where", at: syncKey)
        }
        guard let sources = sources ?? (triggers.isEmpty ? (hasSpans ? [.report] : nil) : []) else { return nil }
        var policy = HealthPolicy(
            sources: sources, staleAfter: staleAfter, sync: sync ?? .none, syncTimeout: syncTimeout, triggers: triggers)
        if let verifyFor { policy.verifyFor = verifyFor }
        if let timeout { policy.healthTimeout = timeout }
        policy.pausedApps = declaredSync?.paused ?? []
        if let limit = declaredSync?.limit { policy.pauseLimit = limit }
        return policy
    }

    /// One source or a list: `report`, `{report: {}}`, `[report, {http: {…}}]`.
    func sources(_ node: YAMLNode) -> [HealthSource] {
        let value = node.resolved
        guard value.kind == .sequence else { return source(value) }
        if value.items.isEmpty { faults.error("`health` names no source", at: value) }
        return value.items.flatMap { source($0.resolved) }.reduce(into: []) { unique, source in
            if !unique.contains(source) { unique.append(source) }
        }
    }

    private func source(_ value: YAMLNode) -> [HealthSource] {
        switch value.kind {
        case .mapping:
            let entries = value.entriesResolvingMerges()
            if entries.isEmpty { faults.error("`health` names no source", at: value) }
            return entries.flatMap { source(named: $0.key, $0.value.resolved) }
        case .scalar: return source(named: value, nil)
        default:
            faults.error("a health source must be a name or a map, not \(value.typeInWords)", at: value)
            return []
        }
    }

    private func source(named node: YAMLNode, _ body: YAMLNode?) -> [HealthSource] {
        let name = node.resolved.scalarText ?? ""
        guard HealthSchema.names.contains(name) else {
            faults.unknown("health source", name, among: HealthSchema.names, at: node)
            return []
        }
        let isEmpty = body.map { $0.isNull || ($0.kind == .mapping && $0.entries.isEmpty) } ?? true
        if name == "report" {
            if let body, !isEmpty { faults.error("the health source `report` takes no settings", at: body) }
            return [.report]
        }
        guard let body, !isEmpty else {
            faults.error("the health source `\(name)` needs settings", at: node)
            return []
        }
        return HealthSourceDecoder(faults: faults, attachments: attachments).source(named: name, body, at: node).map { [$0] } ?? []
    }

    private func address(of sources: [HealthSource]?) -> String? {
        for case .prometheus(let source) in (sources ?? []).map(\.settings) {
            if let address = source.address ?? source.metrics.lazy.compactMap(\.provider.address).first { return address }
        }
        return nil
    }

    private func metrics(
        _ reader: inout MappingReader, beside inherited: [String: NamedMetric], address: String?
    ) -> [String: NamedMetric] {
        guard let node = reader.value("metrics") else { return inherited }
        guard node.kind == .mapping else {
            faults.error("`metrics` must be a map of names, not \(node.typeInWords)", at: node)
            return inherited
        }
        var metrics = inherited
        for entry in node.entriesResolvingMerges() {
            guard let name = entry.key.resolved.scalarText,
                var body = MappingReader(entry.value, HealthSchema.namedMetric, faults, as: "the metric `\(name)`")
            else { continue }
            let query = body.required("query")?.text
            let unit = body.choice("unit", of: NamedMetric.Unit.self) ?? .number
            let place = body.text("address")?.text ?? address
            body.finish()
            guard let query else { continue }
            guard let place else {
                faults.error("the metric `\(name)` has no server", at: entry.key, hint: "write `address: https://…`")
                continue
            }
            metrics[name] = NamedMetric(name: name, query: query, unit: unit, address: place)
        }
        return metrics
    }

    /// What `sync` says.
    private struct DeclaredSync {
        var sync: HealthPolicy.Sync
        var paused: [String] = []
        var limit: TimeSpan?
    }

    /// `none`, `argocd` or `{argocd: {pause_apps: […]}}`.
    private func sync(_ node: YAMLNode) -> DeclaredSync {
        if node.kind == .scalar {
            switch node.scalarText ?? "" {
            case "argocd": return DeclaredSync(sync: .argocd)
            case "none": return DeclaredSync(sync: .none)
            case let other:
                faults.error("`sync` must be none or argocd, not `\(other)`", at: node)
                return DeclaredSync(sync: .none)
            }
        }
        guard var reader = MappingReader(node, HealthSchema.syncMap, faults) else { return DeclaredSync(sync: .none) }
        var declared = DeclaredSync(sync: .argocd)
        if let value = reader.value("argocd"), var body = MappingReader(value, HealthSchema.argocdSync, faults) {
            declared.paused = body.texts("pause_apps")?.map(\.text) ?? []
            declared.limit = body.span("pause_limit")
            body.finish()
        }
        reader.finish()
        return declared
    }
}
