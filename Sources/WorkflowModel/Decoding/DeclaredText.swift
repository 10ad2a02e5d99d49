import YAMLEdit

extension YAMLNode {
    /// The node's content in one form for all notations: what two writings of the same have in common.
    var declaredText: String {
        let node = resolved
        switch node.kind {
        case .mapping:
            let entries = node.entriesResolvingMerges().map { "\($0.key.declaredText):\($0.value.declaredText)" }
            return "{" + entries.sorted().joined(separator: ",") + "}"
        case .sequence: return "[" + node.items.map(\.declaredText).joined(separator: ",") + "]"
        default:
            let text = node.scalarText ?? ""
            return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"") + "\""
        }
    }
}
