extension YAMLFile {
    /// The bytes with several scalars set in one pass; see ``applying(_:)``.
    public func setting(
        _ edits: [(path: YAMLPath, value: String, typing: ValueTyping)]
    ) throws(YAMLError) -> [UInt8] {
        try applying(edits.map { .set($0.path, to: $0.value, typing: $0.typing) })
    }

    /// The bytes after the edits; only what they name differs.
    ///
    /// All paths mean the file as it is now, not as an earlier edit of the same call leaves it. Before the bytes are returned
    /// they are parsed again: every edited value must read back, and everything else must be what it was.
    ///
    /// - Throws: ``YAMLError``: a path that is not found or ambiguous, a value behind an alias or merge key, a place that
    ///   cannot hold the value, two edits of the same bytes, or a result that did not read back.
    ///
    /// - Parameter throughAliases: a value that the path reaches through an alias or merge key is changed at the anchor,
    ///   for every place that uses it.
    public func applying(_ edits: [PointEdit], throughAliases: Bool = false) throws(YAMLError) -> [UInt8] {
        try edited(edits, throughAliases: throughAliases).bytes
    }

    /// The bytes after the edits, and the replacements that led to them.
    func edited(
        _ edits: [PointEdit], throughAliases: Bool
    ) throws(YAMLError) -> (bytes: [UInt8], splices: [Splice]) {
        let plan = try EditPlanner.plan(edits, in: self, throughAliases: throughAliases)
        guard !plan.splices.isEmpty else { return (bytes, []) }
        guard let edited = Splice.apply(plan.splices, to: bytes) else {
            throw YAMLError(
                code: .conflictingEdits, operation: "edit", subject: path,
                diagnostics: [Diagnostic(message: "two of the edits change the same bytes", path: path)])
        }
        try verify(edited, plan)
        return (edited, plan.splices)
    }

    /// Whether the file is JSON, so that new strings must be double-quoted.
    ///
    /// That is said by the path, or by one document in brackets whose keys are all double-quoted.
    public var isJSON: Bool {
        if path.hasSuffix(".json") { return true }
        guard documents.count == 1, let root = documents.first, root.isFlow else { return false }
        return Self.looksLikeJSON(root)
    }

    private static func looksLikeJSON(_ node: YAMLNode) -> Bool {
        switch node.kind {
        case .alias: return false
        case .scalar:
            return node.style == .doubleQuoted
                || node.style == .plain && ScalarText.isJSONLiteral(node.scalarText ?? "")
        case .sequence: return node.items.allSatisfy(looksLikeJSON)
        case .mapping:
            return node.entries.allSatisfy { $0.key.style == .doubleQuoted && looksLikeJSON($0.value) }
        }
    }

    private func verify(_ edited: [UInt8], _ plan: EditPlan) throws(YAMLError) {
        let result: YAMLFile
        do {
            result = try YAMLFile(bytes: edited, path: path, limits: limits)
        } catch {
            throw verificationError("the edited file would not be valid", at: nil, more: error.diagnostics)
        }
        if let found = EditVerifier(plan: plan).firstDifference(documents, result.documents) {
            throw verificationError("the edit would not read back as intended", at: found.node, more: [])
        }
    }

    private func verificationError(
        _ message: String, at node: YAMLNode?, more: [Diagnostic]
    ) -> YAMLError {
        let text = message + ", so nothing was changed"
        let first = node.map { diagnostic(.error, text, at: $0) } ?? Diagnostic(message: text, path: path)
        return YAMLError(
            code: .verification, operation: "edit", subject: path, diagnostics: [first] + more)
    }
}
