import YAMLEdit

/// Decodes `rollback_triggers`: a list, a map with targets and strategies, or the name of a ConfigMap that holds them.
struct TriggerDecoder {
    let faults: FaultCollector
    let attachments: RuleAttachments
    let metrics: [String: NamedMetric]
    /// The Prometheus server of alerts.
    let address: String?
    /// The stage has steps that a gradual rollback goes back by.
    var goesBackByStep = false

    /// Types that speak of a metric by another name.
    private static let metricOfType = ["error_rate_spike": "error_rate", "response_time_degradation": "response_time"]
    /// Steps of strategies that a rollback consists of anyway.
    private static let ownSteps: Set<String> = [
        "pause_new_sync", "revert_to_previous", "revert_deployment", "verify_health", "force_sync_previous", "immediate_apply",
    ]
    /// What is checked after a rollback anyway.
    private static let ownChecks: Set<String> = ["health_check"]

    func triggers(_ node: YAMLNode) -> [RollbackTrigger] {
        if node.resolved.kind == .sequence { return list(node) }
        guard var reader = MappingReader(node, HealthSchema.triggerSet, faults) else { return [] }
        var found: [RollbackTrigger] = []
        if let name = reader.text("from") { found += attached(name) }
        for key in ["triggers", "rollbackTriggers"] {
            if let value = reader.value(key) { found += list(value) }
        }
        reader.value("rollback_targets").map(warnOfTargets)
        reader.value("rollbackStrategies").map(warnOfStrategies)
        reader.finish()
        return found
    }

    /// The files are read by a collector of their own; their faults are told at the place that refers to them.
    private func attached(_ name: LocatedText) -> [RollbackTrigger] {
        guard let files = attachments.triggerFiles[name.text] else {
            faults.unknown("ConfigMap with triggers", name.text, among: attachments.triggerFiles.keys.sorted(), at: name.node)
            return []
        }
        var found: [RollbackTrigger] = []
        for file in files {
            guard let root = file.documents.first else { continue }
            let inner = FaultCollector(file: file)
            found += TriggerDecoder(
                faults: inner, attachments: RuleAttachments(), metrics: metrics, address: address, goesBackByStep: goesBackByStep
            ).triggers(root)
            for fault in inner.diagnostics {
                let place = fault.position.map { "\($0.line):\($0.column)" } ?? ""
                let text = "\(file.path):\(place): \(fault.message)"
                if fault.severity == .error { faults.error(text, at: name.node, hint: fault.hint) } else { faults.warning(text, at: name.node) }
            }
        }
        return found
    }

    private func list(_ node: YAMLNode) -> [RollbackTrigger] {
        let value = node.resolved
        guard value.kind == .sequence else {
            faults.error("`rollback_triggers` must be a list, not \(value.typeInWords)", at: value)
            return []
        }
        return value.items.compactMap(trigger)
    }

    private func trigger(_ item: YAMLNode) -> RollbackTrigger? {
        guard var reader = MappingReader(item, HealthSchema.trigger, faults) else { return nil }
        let metric = reader.text("metric")
        let type = reader.text("type")
        let alert = reader.text("alert")
        let threshold = reader.text("threshold")
        let duration = reader.span("duration") ?? .seconds(0)
        let window = reader.span("baseline") ?? .hours(1)
        let action = action(&reader)
        reader.finish()
        guard [metric, type, alert].count(where: { $0 != nil }) == 1 else {
            faults.error("a trigger needs exactly one of `metric`, `type` and `alert`", at: item)
            return nil
        }
        if let alert {
            guard let address else {
                faults.error("the alert `\(alert.text)` has no server", at: alert.node, hint: "name one by a `prometheus` health source")
                return nil
            }
            return RollbackTrigger(name: alert.text, kind: .alert(alert.text, address: address), duration: duration, action: action)
        }
        guard let name = metric ?? type else { return nil }
        guard let threshold else {
            faults.error("the trigger `\(name.text)` needs `threshold`", at: item)
            return nil
        }
        if type?.text == "health_check_failure" {
            guard let count = Int(threshold.text), count > 0 else {
                faults.error("`health_check_failure` counts looks: its `threshold` must be a whole number", at: threshold.node)
                return nil
            }
            return RollbackTrigger(name: name.text, kind: .failedChecks, threshold: .above(Double(count)), duration: duration, action: action)
        }
        let candidates = [name.text] + (Self.metricOfType[name.text].map { [$0] } ?? [])
        guard let defined = candidates.lazy.compactMap({ metrics[$0] }).first else {
            faults.error(
                "no metric `\(candidates.last ?? "")` is defined", at: name.node,
                hint: FaultCollector.didYouMean(name.text, among: metrics.keys.sorted())
                    ?? "write its query under `metrics`: `\(candidates.last ?? ""): {query: …, unit: percent}`")
            return nil
        }
        guard let limit = limit(threshold, defined, window) else { return nil }
        return RollbackTrigger(name: name.text, kind: .metric(defined), threshold: limit, duration: duration, action: action)
    }

    /// `5` is in the metric's own unit, `5%` a percentage, `2x` a multiple of the time before.
    private func limit(_ text: LocatedText, _ metric: NamedMetric, _ window: TimeSpan) -> RollbackTrigger.Threshold? {
        func refuse(_ why: String, hint: String? = nil) -> RollbackTrigger.Threshold? {
            faults.error("`threshold`: \(why)", at: text.node, hint: hint)
            return nil
        }
        if text.text.hasSuffix("x") {
            guard let factor = Double(text.text.dropLast()), factor > 0 else { return refuse("`\(text.text)` is no multiple such as 2x") }
            return .timesBaseline(factor, window: window)
        }
        if text.text.hasSuffix("%") {
            guard let percent = Double(text.text.dropLast()) else { return refuse("`\(text.text)` is no percentage such as 5%") }
            switch metric.unit {
            case .percent: return .above(percent)
            case .ratio: return .above(percent / 100)
            case .number:
                return refuse("a percentage of `\(metric.name)`, whose unit is not known", hint: "write `unit: percent` or `unit: ratio`")
            }
        }
        guard let number = Double(text.text), number.isFinite else { return refuse("`\(text.text)` is no number, percentage or multiple") }
        if metric.unit == .ratio, number > 1 {
            return refuse("a ratio never exceeds \(text.text)", hint: "write `\(text.text)%`, or `unit: percent`")
        }
        return .above(number)
    }

    private func action(_ reader: inout MappingReader) -> RollbackTrigger.Action {
        guard let text = reader.text("action") else { return .immediate }
        let name = text.text.hasSuffix("_rollback") ? String(text.text.dropLast("_rollback".count)) : text.text
        switch name {
        case "immediate", "automatic": return .immediate
        case "emergency": return .emergency
        case "gradual":
            if !goesBackByStep {
                faults.warning("`\(text.text)` acts at once here: the stage has no steps to go back by", at: text.node)
            }
            return .gradual
        default:
            faults.unknown(
                "action", text.text, among: ["immediate_rollback", "gradual_rollback", "emergency_rollback", "automatic_rollback"],
                at: text.node)
            return .immediate
        }
    }

    private func warnOfTargets(_ node: YAMLNode) {
        for entry in node.entriesResolvingMerges() {
            let checks = entry.value.resolved["validation_checks"]?.resolved.items.compactMap { $0.resolved.scalarText } ?? []
            for check in checks where !Self.ownChecks.contains(check) {
                faults.warning("the check `\(check)` is not carried out after a rollback; the health sources are", at: entry.key)
            }
            if let channels = entry.value.resolved.entry(forKey: "notification_channels") {
                faults.warning("`notification_channels` notify nobody here", at: channels.key)
            }
        }
    }

    private func warnOfStrategies(_ node: YAMLNode) {
        for entry in node.entriesResolvingMerges() {
            let steps = entry.value.resolved["steps"]?.resolved.items ?? []
            let unknown = steps.compactMap { step -> String? in
                let name = step.resolved.scalarText ?? step.resolved.keys.first ?? ""
                return Self.ownSteps.contains(name) ? nil : name
            }
            if !unknown.isEmpty {
                faults.warning(
                    "steps of `\(entry.key.scalarText ?? "")` that are not carried out: \(unknown.joined(separator: ", "))", at: entry.key)
            }
        }
    }
}
