import YAMLEdit

/// Decodes the workflow's `evidence:`, which declares own keys and restricts who may post any key.
struct EvidenceDecoder {
    let faults: FaultCollector
    private(set) var references: [PersonReference] = []

    init(faults: FaultCollector) { self.faults = faults }

    mutating func rules(_ node: YAMLNode) -> [String: EvidenceRule] {
        let mapping = node.resolved
        guard mapping.kind == .mapping else {
            faults.error("`evidence` must be a map, not \(mapping.typeInWords)", at: mapping)
            return [:]
        }
        var rules: [String: EvidenceRule] = [:]
        for entry in mapping.entriesResolvingMerges() {
            guard let key = entry.key.resolved.scalarText else {
                faults.error("an evidence key must be text", at: entry.key)
                continue
            }
            // A key that cannot be declared is remembered all the same, so that its criteria are not faulted again.
            rules[key] = rule(key, entry.value, keyNode: entry.key) ?? EvidenceRule(type: .text)
        }
        return rules
    }

    private mutating func rule(_ key: String, _ node: YAMLNode, keyNode: YAMLNode) -> EvidenceRule? {
        let builtIn = BuiltInCriterion(rawValue: key)
        checkName(key, builtIn, at: keyNode)
        guard var reader = MappingReader(node, WorkflowSchema.evidence, faults, as: "evidence `\(key)`") else { return nil }
        let type = reader.choice("type", of: EvidenceRule.ValueType.self)
        let postedBy = reader.texts("posted_by") ?? []
        let forbid = ApprovalDecoder.excluded(reader.texts("forbid") ?? [], faults)
        references += postedBy.map { PersonReference($0, .poster) }
        if builtIn == nil, reader.key("type") == nil {
            faults.error(
                "evidence `\(key)` needs a `type`", at: keyNode, hint: "write `\(key): {type: number}`, or text or bool")
        }
        if let builtIn, type != nil, let node = reader.key("type") {
            faults.error("`\(builtIn.rawValue)` is built in, so its type is given", at: node)
        }
        let minimumTests = reader.text("min_tests").flatMap(count)
        reader.finish()
        return EvidenceRule(
            type: builtIn == nil ? type : nil, postedBy: postedBy.map(\.text), forbid: forbid, minimumTests: minimumTests)
    }

    private func count(_ text: LocatedText) -> Int? {
        guard let count = Int(text.text), count >= 1 else {
            faults.error("`min_tests` must be a whole number of at least 1, not `\(text.text)`", at: text.node)
            return nil
        }
        return count
    }

    private func checkName(_ key: String, _ builtIn: BuiltInCriterion?, at node: YAMLNode) {
        if let builtIn {
            guard !builtIn.readsEvidence else { return }
            faults.error("`\(key)` is a built-in criterion that reads no evidence", at: node)
        } else if let near = BuiltInCriterion.misspelled(by: key) {
            faults.error("`\(key)` is too near to the built-in `\(near)`", at: node, hint: "did you mean `\(near)`?")
        } else if !NameRule.evidenceKey.allows(key) {
            faults.error("\(NameRule.evidenceKey.complaint(about: key))", at: node)
        }
    }
}
