/// Lays out a block collection that loses all its children: as `{}` or `[]`, or with new children in their place.
struct EmptiedCollection {
    let source: SourceText
    /// One of the children that go.
    let child: YAMLLocation
    let collection: YAMLNode
    let deleted: Set<ObjectIdentifier>

    /// - Parameter content: the new children, laid out for the column of the old ones; nil if there are none.
    /// - Throws: `notRepresentable` where a comment or something on the same line stands in the way.
    func splices(content: ((_ column: Int) throws(YAMLError) -> [UInt8])?) throws(YAMLError) -> [Splice] {
        let children = collection.items + collection.entries.map(\.value)
        var splices: [Splice] = []
        for node in children.dropFirst() {
            splices.append(try EntryEraser(source: source, location: sibling(node), deleted: []).splice())
        }
        guard let first = children.first else { return splices }
        // A block collection begins with its first key or dash.
        let start = collection.range.lowerBound
        let end = max(source.contentEnd(of: first), collection.entries.first?.key.range.upperBound ?? start)
        let lineStart = source.lineStart(ofByte: start)
        let hasOwnLine = source.bytes[lineStart..<start].allSatisfy { $0 == Byte.space }
        if let content {
            let bytes = try content(start - lineStart)
            return splices + [Splice(range: start..<end, replacement: bytes)]
        }
        let brackets = Array((collection.kind == .mapping ? "{}" : "[]").utf8)
        if hasOwnLine, let place = try placeBehindKey(), place <= lineStart {
            let lines = lineStart..<source.afterLineBreak(at: source.lineEnd(from: end))
            return splices + [
                Splice(range: place..<place, replacement: [Byte.space] + brackets),
                Splice(range: lines, replacement: [], isDeletion: true),
            ]
        }
        return splices + [Splice(range: start..<end, replacement: brackets)]
    }

    private func sibling(_ node: YAMLNode) -> YAMLLocation {
        YAMLLocation(
            documentIndex: child.documentIndex, node: node, path: child.path, ancestors: child.ancestors,
            key: collection.entries.first { $0.value === node }?.key)
    }

    /// Behind the `:` of the collection's key and behind its anchor and tag; nil for a list item or a document.
    private func placeBehindKey() throws(YAMLError) -> Int? {
        guard let holder = child.ancestors.dropLast().last,
            let key = holder.entries.first(where: { $0.value === collection })?.key
        else { return nil }
        let full = collection.fullRange.lowerBound
        guard full < collection.range.lowerBound else { return source.offsetAfterColon(from: key.range.upperBound) }
        var end = collection.range.lowerBound
        while end > full, Byte.isBlank(source.bytes[end - 1]) || Byte.isLineBreak(source.bytes[end - 1]) { end -= 1 }
        guard !source.bytes[full..<end].contains(Byte.hash) else {
            throw YAMLError(
                code: .notRepresentable, operation: "delete \(child.path)", subject: source.path,
                diagnostics: [
                    source.diagnostic(.error, "a comment stands before `\(child.path)`; delete it by hand", range: key.range)
                ])
        }
        return end
    }
}
