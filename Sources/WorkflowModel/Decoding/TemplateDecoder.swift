import YAMLEdit

/// Decodes a document of kind AnalysisTemplate or ClusterAnalysisTemplate.
struct TemplateDecoder {
    let faults: FaultCollector
    static let kinds = ["AnalysisTemplate", "ClusterAnalysisTemplate"]

    /// Nil when it has no name; faults are reported.
    func template(_ root: YAMLNode) -> AnalysisTemplate? {
        guard let metadata = root.resolved["metadata"]?.resolved, let name = metadata["name"]?.resolved.scalarText else {
            faults.error("an AnalysisTemplate needs `metadata.name`", at: root)
            return nil
        }
        guard let spec = root.resolved["spec"], var reader = MappingReader(spec, "the spec of an AnalysisTemplate", faults) else {
            faults.error("an AnalysisTemplate needs `spec`", at: root)
            return nil
        }
        var arguments: [(name: String, value: String?)] = []
        for item in reader.items("args") ?? [] {
            guard var argument = MappingReader(item, "an argument", faults), let name = argument.required("name") else { continue }
            arguments.append((name.text, argument.text("value")?.text))
            if let node = argument.key("valueFrom") {
                faults.unsupported("`valueFrom`", at: node, hint: "give the value under `args` of the health source")
            }
            argument.finish()
        }
        var metrics = MetricDecoder(faults: faults)
        let decoded = (reader.items("metrics") ?? []).compactMap { metrics.templateMetric($0) }
        if decoded.isEmpty { faults.error("no metrics are specified", at: spec) }
        for name in Set(decoded.map(\.name)) where decoded.count(where: { $0.name == name }) > 1 {
            faults.error("two metrics are called `\(name)`", at: spec)
        }
        let dryRun = (reader.items("dryRun") ?? []).compactMap { $0.resolved["metricName"]?.resolved.scalarText }
        _ = reader.value("measurementRetention")
        reader.finish()
        return AnalysisTemplate(name: name, arguments: arguments, metrics: decoded, dryRun: dryRun)
    }
}
