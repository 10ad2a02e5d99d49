import YAMLEdit

/// Decodes `approvals`, and `approval_required` with `approvers` (`design.md` section 6, Approvals).
struct ApprovalDecoder {
    let faults: FaultCollector
    /// Every group or person that a decoded rule names.
    private(set) var references: [PersonReference] = []

    init(faults: FaultCollector) { self.faults = faults }

    /// The rules of one stage; nil when it says nothing of approvals, so that the workflow's default applies.
    mutating func rules(of stage: inout MappingReader) -> [ApprovalRule]? {
        var rules: [ApprovalRule] = []
        let requiredNode = stage.value("approval_required")
        let required = stage.bool("approval_required")
        let approvers = stage.texts("approvers")
        references += (approvers ?? []).map { PersonReference($0, .approver) }
        if required == true {
            if let approvers, approvers.isEmpty, let node = stage.key("approvers") {
                faults.error("`approvers` names nobody, so nobody could approve", at: node)
            }
            rules.append(ApprovalRule(from: (approvers ?? []).map(\.text)))
        } else if let node = stage.key("approvers") {
            if requiredNode == nil {
                faults.error(
                    "`approvers` has no effect without `approval_required: true`", at: node,
                    hint: "write `approval_required: true`, or false if nobody need approve")
            } else if required == false {
                faults.warning("`approval_required` is false, so these approvers are never asked", at: node)
            }
        }
        let approvals = stage.value("approvals")
        if let approvals, let rule = rule(approvals) { rules.append(rule) }
        return requiredNode == nil && approvals == nil ? nil : rules
    }

    /// `{min, from, required, forbid, allow_self, expires, authenticated}`.
    mutating func rule(_ node: YAMLNode) -> ApprovalRule? {
        guard var reader = MappingReader(node, WorkflowSchema.approvals, faults) else { return nil }
        let minimum = minimum(&reader)
        let from = reader.texts("from") ?? []
        let required = reader.texts("required") ?? []
        let forbid = reader.texts("forbid")
        let allowsSelf = reader.bool("allow_self") ?? false
        let expires = reader.span("expires")
        let authenticated = reader.bool("authenticated") ?? false
        reader.finish()
        references += (from + required).map { PersonReference($0, .approver) }
        let excluded = forbid.map { Self.excluded($0, faults) }
        if allowsSelf, let node = reader.key("allow_self"), excluded?.isEmpty == false {
            faults.error("`allow_self: true` contradicts `forbid`", at: node)
        }
        return ApprovalRule(
            minimum: minimum, from: from.map(\.text), required: required.map(\.text),
            forbid: allowsSelf ? [] : Set(excluded ?? [.requester, .author]),
            authorMustBeKnown: excluded?.contains(.author) ?? false, expires: expires, authenticated: authenticated)
    }

    /// The people whom a `forbid:` list names.
    static func excluded(_ texts: [LocatedText], _ faults: FaultCollector) -> [ApprovalRule.Excluded] {
        texts.compactMap { faults.choice($0, "an item of `forbid`") }
    }

    private func minimum(_ reader: inout MappingReader) -> Int {
        guard let text = reader.text("min") else { return 1 }
        guard let count = Int(text.text), count >= 1 else {
            faults.error("`min` must be a whole number of at least 1, not `\(text.text)`", at: text.node)
            return 1
        }
        return count
    }
}
