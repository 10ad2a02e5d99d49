import Expressions
import YAMLEdit

/// Decodes metrics, of a `prometheus` source and of an AnalysisTemplate: the keys are the same in another spelling.
struct MetricDecoder {
    let faults: FaultCollector

    /// A metric whose query and conditions stand in the map itself.
    mutating func metric(_ reader: inout MappingReader, name: String, at node: YAMLNode) -> AnalysisMetric {
        var metric = AnalysisMetric(name: name)
        counts(&metric, &reader, snake: true)
        metric.successCondition = reader.text("success_condition")?.text ?? ""
        metric.failureCondition = reader.text("failure_condition")?.text ?? ""
        metric.provider.query = reader.text("query")?.text ?? ""
        metric.provider.timeout = reader.seconds("timeout") ?? 30
        if let value = reader.value("range"), var range = MappingReader(value, HealthSchema.range, faults) {
            let lookBack = range.required("look_back")?.text ?? "0s"
            if let step = range.seconds("step"), step > 0 {
                metric.provider.range = .init(start: "now() - duration(\"\(lookBack)\")", step: step)
            } else {
                faults.error("`range` needs a `step` above 0", at: value)
            }
            range.finish()
        }
        check(metric, at: node, reader: &reader, ("success_condition", "failure_condition"))
        return metric
    }

    /// A metric of an AnalysisTemplate.
    mutating func templateMetric(_ item: YAMLNode) -> AnalysisMetric? {
        guard var reader = MappingReader(item, "a metric", faults) else { return nil }
        guard let name = reader.required("name") else { return nil }
        var metric = AnalysisMetric(name: name.text)
        counts(&metric, &reader, snake: false)
        metric.successCondition = reader.text("successCondition")?.text ?? ""
        metric.failureCondition = reader.text("failureCondition")?.text ?? ""
        if let node = reader.value("provider") {
            provider(node, &metric)
        } else {
            faults.error("a metric needs `provider`", at: item)
        }
        reader.finish()
        check(metric, at: name.node, reader: &reader, ("successCondition", "failureCondition"))
        return metric
    }

    private func counts(_ metric: inout AnalysisMetric, _ reader: inout MappingReader, snake: Bool) {
        func key(_ snaked: String, _ camel: String) -> String { snake ? snaked : camel }
        metric.interval = reader.seconds("interval")
        metric.initialDelay = reader.seconds(key("initial_delay", "initialDelay"))
        metric.count = number("count", &reader)
        metric.failureLimit = number(key("failure_limit", "failureLimit"), &reader) ?? 0
        metric.inconclusiveLimit = number(key("inconclusive_limit", "inconclusiveLimit"), &reader) ?? 0
        metric.consecutiveErrorLimit = number(key("consecutive_error_limit", "consecutiveErrorLimit"), &reader) ?? 4
        metric.consecutiveSuccessLimit = number(key("consecutive_success_limit", "consecutiveSuccessLimit"), &reader) ?? 0
    }

    /// Upstream takes a text that is no number for 0; here that is a warning too, for nobody means it.
    private func number(_ key: String, _ reader: inout MappingReader) -> Int? {
        guard let text = reader.text(key) else { return nil }
        if let number = Int(text.text) { return number }
        faults.warning("`\(key)` is no number and counts as 0: `\(text.text)`", at: text.node)
        return 0
    }

    private func provider(_ node: YAMLNode, _ metric: inout AnalysisMetric) {
        guard var reader = MappingReader(node, "a provider", faults) else { return }
        let keys = node.resolved.keys
        guard keys.count == 1, let kind = keys.first else {
            faults.error("a metric has exactly one provider, not \(keys.count)", at: node)
            return
        }
        switch kind {
        case "prometheus":
            guard let value = reader.value(kind), var body = MappingReader(value, "`prometheus`", faults) else { return }
            metric.provider.address = body.text("address")?.text
            metric.provider.query = body.required("query")?.text ?? ""
            metric.provider.timeout = body.text("timeout").flatMap { Double($0.text) } ?? 30
            if let value = body.value("rangeQuery"), var range = MappingReader(value, "`rangeQuery`", faults) {
                metric.provider.range = .init(
                    start: range.required("start")?.text ?? "now()", end: range.required("end")?.text ?? "now()",
                    step: range.seconds("step") ?? 0)
                range.finish()
            }
            body.finish()
        case "web":
            guard let value = reader.value(kind), var body = MappingReader(value, "`web`", faults) else { return }
            metric.provider.kind = .web
            metric.provider.address = body.required("url")?.text
            metric.provider.jsonPath = body.text("jsonPath")?.text ?? "{$}"
            metric.provider.timeout = body.text("timeoutSeconds").flatMap { Double($0.text) } ?? 10
            if metric.provider.timeout <= 0 { metric.provider.timeout = 10 }
            if let method = body.text("method"), method.text != "GET" {
                faults.unsupported("the method `\(method.text)` of a web metric", at: method.node, hint: "`GET` is")
            }
            for item in body.items("headers") ?? [] {
                guard var header = MappingReader(item, "a header", faults) else { continue }
                if let name = header.required("key"), let value = header.required("value") { metric.provider.headers[name.text] = value.text }
                header.finish()
            }
            body.finish()
        default:
            faults.unsupported("the provider `\(kind)`", at: node.resolved.entries[0].key, hint: "`prometheus` and `web` are")
        }
    }

    private func check(
        _ metric: AnalysisMetric, at node: YAMLNode, reader: inout MappingReader, _ conditions: (String, String)
    ) {
        for fault in metric.faults { faults.error("metric `\(metric.name)`: \(fault)", at: node) }
        for key in [conditions.0, conditions.1] {
            // With arguments in it the condition is known only when they are.
            guard let text = reader.text(key), !text.text.contains("{{") else { continue }
            do { _ = try Expression(text.text, known: ["result"]) } catch {
                faults.error("`\(key)`: \(error.description)", at: text.node)
            }
        }
    }
}
