import YAMLEdit

/// What stands beside the workflows and is referred to by name: AnalysisTemplates and ConfigMaps with triggers.
struct RuleAttachments {
    /// By `metadata.name`.
    var templates: [String: AnalysisTemplate] = [:]
    /// By `metadata.name`: the texts of a ConfigMap's `data`, each with the file that its places belong to.
    var triggerFiles: [String: [YAMLFile]] = [:]

    /// Keys of `data` by which a ConfigMap is known to hold triggers.
    static let triggerKeys = ["triggers.yaml", "rollback-policy.yaml"]

    /// True when the document is no workflow but an attachment, which is then taken in.
    mutating func take(_ root: YAMLNode, in file: YAMLFile, _ faults: FaultCollector) throws(YAMLError) -> Bool {
        guard let kind = root.resolved.value(forKey: "kind")?.resolved.scalarText else { return false }
        if TemplateDecoder.kinds.contains(kind) {
            guard let template = TemplateDecoder(faults: faults).template(root) else { return true }
            if templates.updateValue(template, forKey: template.name) != nil {
                faults.error("there are two AnalysisTemplates `\(template.name)`", at: root)
            }
            return true
        }
        guard kind == "ConfigMap", let data = root.resolved["data"]?.resolved,
            Self.triggerKeys.contains(where: { data.value(forKey: $0) != nil })
        else { return false }
        let name = root.resolved["metadata"]?.resolved["name"]?.resolved.scalarText ?? ""
        var files: [YAMLFile] = []
        for entry in data.entries {
            guard let key = entry.key.scalarText, key.hasSuffix(".yaml"), let text = entry.value.resolved.scalarText else { continue }
            files.append(try YAMLFile(bytes: Array(text.utf8), path: "\(file.path)[\(key)]"))
        }
        if triggerFiles.updateValue(files, forKey: name) != nil {
            faults.error("there are two ConfigMaps `\(name)` with triggers", at: root)
        }
        return true
    }
}
