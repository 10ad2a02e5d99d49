import YAMLEdit

/// Decodes `depends_on: [{service, stage, version: ">=1.4"}]`.
struct DependencyDecoder {
    let faults: FaultCollector

    /// One criterion for each dependency.
    ///
    /// A single one is named by the key alone. Of several each also carries its service, and its stage if given, so
    /// that every gate has its own id.
    func dependencies(_ node: YAMLNode, key: String) -> [(name: String, kind: Criterion.Kind)] {
        let items = node.kind == .sequence ? node.items : [node]
        if items.isEmpty { faults.error("`\(key)` names no service", at: node) }
        let dependencies = items.compactMap(dependency)
        return dependencies.map { dependency in
            let parts = [key, dependency.service] + (dependency.stage.map { [$0] } ?? [])
            return (items.count > 1 ? parts.joined(separator: ".") : key, .dependsOn(dependency))
        }
    }

    private func dependency(_ node: YAMLNode) -> Criterion.Dependency? {
        guard var reader = MappingReader(node, WorkflowSchema.dependency, faults) else { return nil }
        let service = reader.required("service")
        let stage = reader.text("stage")
        let version = reader.text("version")
        reader.finish()
        let range = version.flatMap(versionRange)
        guard let service, version == nil || range != nil else { return nil }
        return Criterion.Dependency(service: service.text, stage: stage?.text, version: range)
    }

    /// Always with an operator and without spaces: `>= 1.4` is `>=1.4`, and `1.4` and `=1.4` are `==1.4`.
    private func versionRange(_ text: LocatedText) -> String? {
        let trimmed = NumberComparison.trimming(text.text[...])
        let sign = trimmed.prefix { "<>=!".contains($0) }
        let version = NumberComparison.trimming(trimmed.dropFirst(sign.count))
        let comparison: Criterion.Comparison? =
            sign.isEmpty || sign == "=" ? .equal : Criterion.Comparison(rawValue: String(sign))
        guard let comparison, isVersion(version) else {
            faults.error(
                "a dependency's `version` must be an operator and a version, such as \">=1.4\", not `\(text.text)`",
                at: text.node)
            return nil
        }
        return comparison.rawValue + version
    }

    /// One to three numbers, then optionally a pre-release and build part; an optional `v` before.
    private func isVersion(_ text: Substring) -> Bool {
        let unprefixed = text.hasPrefix("v") ? text.dropFirst() : text
        let core = unprefixed.prefix { $0 != "-" && $0 != "+" }
        let suffix = unprefixed.dropFirst(core.count)
        let parts = core.split(separator: ".", omittingEmptySubsequences: false)
        return (1...3).contains(parts.count)
            && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }
            && suffix.count != 1
            && suffix.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-+.".contains($0)) }
    }
}
