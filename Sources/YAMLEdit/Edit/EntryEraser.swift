/// Finds the bytes of an entry or item with everything that belongs to it.
struct EntryEraser {
    let source: SourceText
    let location: YAMLLocation
    /// All nodes that the same edit removes.
    let deleted: Set<ObjectIdentifier>

    /// One child of the collection: an entry with its key, or an item.
    private struct Child {
        var start: Int
        var end: Int
        var node: YAMLNode
        var id: ObjectIdentifier { ObjectIdentifier(node) }
    }

    /// - Throws: `notRepresentable` for the last remaining child of a block collection, or where a comment stands in
    ///   the way.
    func splice() throws(YAMLError) -> Splice {
        guard let parent = location.parent else { throw fault("a whole document cannot be deleted") }
        let children = parent.items.map(child) + parent.entries.map(child)
        guard let index = children.firstIndex(where: { $0.id == ObjectIdentifier(location.node) }) else {
            throw fault("the entry cannot be told apart from others")
        }
        if parent.isFlow, parent.kind == .mapping, source.bytes[parent.range.lowerBound] != UInt8(ascii: "{") {
            throw fault("`\(location.path)` is a pair without braces; delete the list item")
        }
        if parent.isFlow { return try flowSplice(children, index) }
        guard children.contains(where: { !deleted.contains($0.id) }) else {
            throw fault("nothing would be left around `\(location.path)`; delete what holds it")
        }
        return try blockSplice(children, index)
    }

    private func child(_ item: YAMLNode) -> Child {
        Child(start: item.fullRange.lowerBound, end: source.contentEnd(of: item), node: item)
    }

    private func child(_ entry: YAMLNode.Entry) -> Child {
        Child(
            start: entry.key.fullRange.lowerBound,
            end: max(entry.key.range.upperBound, source.contentEnd(of: entry.value)),
            node: entry.value)
    }

    private func flowSplice(_ children: [Child], _ index: Int) throws(YAMLError) -> Splice {
        let this = children[index]
        let isStaying = { (child: Child) in !deleted.contains(child.id) }
        var range: Range<Int>
        var replacement: [UInt8] = []
        if children[(index + 1)...].contains(where: isStaying) {
            range = this.start..<children[index + 1].start
        } else if let previous = children[..<index].last(where: isStaying) {
            range = previous.end..<this.end
            // Without the comma `{b: , c: d}` would become `{b:}`, whose colon is part of the key.
            if source.bytes[previous.end - 1] == Byte.colon { replacement = [Byte.space] }
        } else {
            range = children[0].start..<this.end
            let next = NodeProperties.skipSpace(source.bytes, from: this.end, end: source.bytes.count)
            if index == children.count - 1, next < source.bytes.count, source.bytes[next] == Byte.comma {
                range = range.lowerBound..<next + 1
            }
        }
        // A comment outside this child is not ours to remove.
        let around = source.bytes[range.lowerBound..<this.start] + source.bytes[this.end..<range.upperBound]
        guard !around.contains(Byte.hash) else {
            throw fault("a comment stands beside `\(location.path)`; delete it by hand")
        }
        return Splice(range: range, replacement: replacement, isDeletion: true)
    }

    private func blockSplice(_ children: [Child], _ index: Int) throws(YAMLError) -> Splice {
        let bytes = source.bytes
        var this = children[index]
        if location.key == nil {
            guard let dash = dash(before: this.start) else { throw fault("the item's dash was not found") }
            this.start = dash
        }
        let lineStart = source.lineStart(ofByte: this.start)
        let lineEnd = source.lineEnd(from: this.end)
        guard bytes[lineStart..<this.start].allSatisfy({ $0 == Byte.space }) else {
            return try liftSplice(children, index)
        }
        let end = source.afterLineBreak(at: lineEnd)
        var start = lineStart
        let previous = index > 0 ? children[index - 1].node.trailingBlockScalar : nil
        if end == lineEnd, lineStart > source.contentStart, previous == nil {
            // The file's last line has no line break: the one in front of it goes instead, unless it is text of a block.
            start -= 1
            if start > 0, bytes[start] == Byte.lineFeed, bytes[start - 1] == Byte.carriageReturn { start -= 1 }
        }
        return Splice(range: start..<end, replacement: [], isDeletion: true)
    }

    /// Removes a first child that shares its line with something before it (`- name: x`): the next one takes its place.
    private func liftSplice(_ children: [Child], _ index: Int) throws(YAMLError) -> Splice {
        let this = children[index]
        guard location.key != nil, index == 0, index + 1 < children.count else {
            throw fault("`\(location.path)` shares its line with something else; delete it by hand")
        }
        let next = children[index + 1].start
        let lineEnd = source.lineEnd(from: this.end)
        guard lineEnd <= next,
            source.bytes[lineEnd..<next].allSatisfy({ Byte.isBlank($0) || Byte.isLineBreak($0) })
        else {
            throw fault("a comment stands behind `\(location.path)`; delete it by hand")
        }
        return Splice(range: this.start..<next, replacement: [], isDeletion: true)
    }

    private func dash(before offset: Int) -> Int? {
        var index = offset
        while index > 0, Byte.isBlank(source.bytes[index - 1]) || Byte.isLineBreak(source.bytes[index - 1]) {
            index -= 1
        }
        return index > 0 && source.bytes[index - 1] == UInt8(ascii: "-") ? index - 1 : nil
    }

    private func fault(_ message: String) -> YAMLError {
        YAMLError(
            code: .notRepresentable, operation: "delete \(location.path)", subject: source.path,
            diagnostics: [
                source.diagnostic(.error, message, range: (location.key ?? location.node).range)
            ])
    }
}
