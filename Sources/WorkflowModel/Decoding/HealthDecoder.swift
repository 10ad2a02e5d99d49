import YAMLEdit

/// Decodes a stage's `health` with its time spans (`design.md` section 8).
struct HealthDecoder {
    let faults: FaultCollector

    /// Sources that this version can ask.
    static let supported = [HealthPolicy.Source.report.rawValue]
    /// Sources of the contract that this version cannot ask.
    private static let unsupported = ["argocd", "prometheus", "http", "command", "kubernetes"]

    /// Nil when the stage declares no health and there is no default.
    ///
    /// A time span without a source stands for `health: report`: who says how long health must stand wants it to
    /// be asked for, and reports need no set-up.
    func policy(of stage: inout MappingReader, default inherited: [HealthPolicy.Source]?) -> HealthPolicy? {
        let own = stage.value("health").map(sources)
        let verifyFor = stage.span("verify_for")
        let timeout = stage.span("health_timeout")
        let staleAfter = stage.span("health_stale_after")
        let hasSpans = verifyFor != nil || timeout != nil || staleAfter != nil
        guard let sources = own ?? inherited ?? (hasSpans ? [.report] : nil) else { return nil }
        var policy = HealthPolicy(sources: sources, staleAfter: staleAfter)
        if let verifyFor { policy.verifyFor = verifyFor }
        if let timeout { policy.healthTimeout = timeout }
        return policy
    }

    /// One source or a list: `report`, `{report: {}}`, `[report]`.
    func sources(_ node: YAMLNode) -> [HealthPolicy.Source] {
        let value = node.resolved
        guard value.kind == .sequence else { return source(value) }
        if value.items.isEmpty { faults.error("`health` names no source", at: value) }
        return value.items.flatMap { source($0.resolved) }.reduce(into: []) { unique, source in
            if !unique.contains(source) { unique.append(source) }
        }
    }

    private func source(_ value: YAMLNode) -> [HealthPolicy.Source] {
        switch value.kind {
        case .mapping:
            let entries = value.entriesResolvingMerges()
            if entries.isEmpty { faults.error("`health` names no source", at: value) }
            return entries.flatMap { entry in
                let body = entry.value.resolved
                let isEmpty = body.isNull || (body.kind == .mapping && body.entries.isEmpty)
                let found = source(named: entry.key)
                if !found.isEmpty, !isEmpty { faults.error("the health source `report` takes no settings", at: body) }
                return found
            }
        case .scalar: return source(named: value)
        default:
            faults.error("a health source must be a name or a map, not \(value.typeInWords)", at: value)
            return []
        }
    }

    private func source(named node: YAMLNode) -> [HealthPolicy.Source] {
        let name = node.resolved.scalarText ?? ""
        if Self.supported.contains(name) { return [.report] }
        if Self.unsupported.contains(name) {
            faults.unsupported("the health source `\(name)`", at: node, hint: "`report` is")
        } else {
            faults.unknown("health source", name, among: Self.supported + Self.unsupported, at: node)
        }
        return []
    }
}
