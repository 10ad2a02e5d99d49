extension YAMLFile {
    /// The comment behind a one-line value, without its `#` and the blanks around it; nil if there is none.
    public func comment(behind node: YAMLNode) -> String? {
        guard node.kind == .scalar, node.style != .literal, node.style != .folded else { return nil }
        let bytes = source.bytes
        var offset = node.range.upperBound
        while offset < bytes.count, Byte.isBlank(bytes[offset]) { offset += 1 }
        guard offset < bytes.count, bytes[offset] == Byte.hash else { return nil }
        let text = bytes[(offset + 1)..<source.lineEnd(from: offset)]
        let start = text.drop(while: Byte.isBlank)
        let blanks = start.reversed().prefix(while: Byte.isBlank).count
        return String(decoding: start.dropLast(blanks), as: UTF8.self)
    }

    /// Every scalar value as the file writes it, with its canonical path; aliases are not followed.
    public func scalars() -> [(path: YAMLPath, node: YAMLNode)] {
        var found: [(path: YAMLPath, node: YAMLNode)] = []
        for (index, root) in documents.enumerated() {
            collect(root, YAMLPath(document: selector(of: index), steps: []), into: &found)
        }
        return found
    }

    private func collect(_ node: YAMLNode, _ path: YAMLPath, into found: inout [(path: YAMLPath, node: YAMLNode)]) {
        switch node.kind {
        case .scalar: found.append((path, node))
        case .alias: break
        case .sequence:
            let names = node.items.map { PathWalk.text(of: $0, at: ["name"]) }
            var counts: [String: Int] = [:]
            for name in names { name.map { counts[$0, default: 0] += 1 } }
            for (index, item) in node.items.enumerated() {
                let name = names[index].flatMap { counts[$0] == 1 ? $0 : nil }
                let step: YAMLPath.Step = name.map { .item([.init(["name"], equals: $0)]) } ?? .index(index)
                collect(item, path.appending(step), into: &found)
            }
        case .mapping:
            for entry in node.entries {
                guard let key = entry.key.resolved.scalarText else { continue }
                collect(entry.value, path.appending(.key(key)), into: &found)
            }
        }
    }
}
