extension YAMLNode {
    /// The key of a merge: its value's entries count as the mapping's own where it has none of that name.
    static let mergeKey = "<<"

    /// The value of the first entry whose key has that text; neither aliases nor merge keys are followed.
    public func value(forKey key: String) -> YAMLNode? {
        entry(forKey: key)?.value
    }

    /// See ``value(forKey:)``.
    public subscript(key: String) -> YAMLNode? { value(forKey: key) }

    /// The first entry whose key has that text.
    public func entry(forKey key: String) -> Entry? {
        entries.first { $0.key.resolved.scalarText == key }
    }

    /// The texts of the mapping's scalar keys in file order, merge keys left out.
    public var keys: [String] {
        entries.compactMap { isMerge($0) ? nil : $0.key.resolved.scalarText }
    }

    /// The entries as a reader sees them: own entries first, then those of `<<` that the mapping does not hold itself.
    ///
    /// An alias is followed first. In `<<: [*a, *b]` the earlier wins. A `<<` value that is no mapping is left as an entry,
    /// so that the caller can report it. Rule: https://yaml.org/type/merge.html
    public func entriesResolvingMerges() -> [Entry] {
        let node = resolved
        guard node.entries.contains(where: node.isMerge) else { return node.entries }
        var result: [Entry] = []
        var seen: Set<String> = []
        var sources: [YAMLNode] = []
        for entry in node.entries {
            guard node.isMerge(entry), let merged = entry.value.mergeSources else {
                if let name = entry.key.resolved.scalarText { seen.insert(name) }
                result.append(entry)
                continue
            }
            sources += merged
        }
        for source in sources {
            for entry in source.entriesResolvingMerges() {
                if let name = entry.key.resolved.scalarText {
                    guard seen.insert(name).inserted else { continue }
                }
                result.append(entry)
            }
        }
        return result
    }

    func isMerge(_ entry: Entry) -> Bool {
        entry.key.kind == .scalar && entry.key.style == .plain
            && entry.key.scalarText == Self.mergeKey
    }

    /// The mappings that a `<<` with this value merges, nil if the value cannot be merged.
    private var mergeSources: [YAMLNode]? {
        let node = resolved
        switch node.kind {
        case .mapping: return [node]
        case .sequence:
            let mappings = node.items.map(\.resolved)
            return mappings.allSatisfy { $0.kind == .mapping } ? mappings : nil
        case .scalar, .alias: return nil
        }
    }
}
