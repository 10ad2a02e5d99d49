/// Puts new entries or items behind those of a collection, in its style and indentation.
struct EntryInserter {
    let file: YAMLFile
    let isJSON: Bool
    let location: YAMLLocation
    /// All nodes that the same edit removes.
    let deleted: Set<ObjectIdentifier>

    private var source: SourceText { file.source }
    private var node: YAMLNode { location.node }

    /// - Throws: `notRepresentable` where there is no place, as in `[a: b]`.
    func splice(fields: [YAMLContent.Field], items: [YAMLContent]) throws(YAMLError) -> Splice {
        if node.isFlow { return try flowSplice(fields: fields, items: items) }
        guard let last = survivors.last else { throw fault("no entry is left to insert behind") }
        let writer = writer(near: last.end)
        // The new line goes behind the last child's line, comment included, and before its line break.
        var offset = source.lineEnd(from: last.end)
        var text: [UInt8] = []
        var followsKeptBreaks = false
        if let block = last.node.trailingBlockScalar {
            guard offset < source.bytes.count else {
                throw fault("the text block above ends without a line break, and a new line would give it one")
            }
            // With `+` the empty lines behind the block are its text.
            followsKeptBreaks = block.scalarText?.hasSuffix("\n\n") ?? false
            if followsKeptBreaks { offset = block.range.upperBound }
        }
        let column = source.position(ofByte: node.range.lowerBound).column - 1
        for field in fields {
            text += writer.newLine(column) + writer.block(field, indentation: column)
        }
        for item in items {
            text += writer.newLine(column) + writer.block(item: item, indentation: column, gap: dashGap)
        }
        if followsKeptBreaks { text = Array(text.dropFirst(writer.lineBreak.count)) + writer.lineBreak }
        return Splice(range: offset..<offset, replacement: text)
    }

    private func flowSplice(fields: [YAMLContent.Field], items: [YAMLContent]) throws(YAMLError) -> Splice {
        let bytes = source.bytes
        let opener = UInt8(ascii: node.kind == .mapping ? "{" : "[")
        guard bytes[node.range.lowerBound] == opener else {
            throw fault("`\(location.path)` has no brackets to insert into")
        }
        let writer = writer(near: node.range.lowerBound)
        let written = fields.map(writer.flow) + items.map(writer.flow)
        guard let last = survivors.last?.end else {
            let inside = node.range.lowerBound + 1
            return Splice(range: inside..<inside, replacement: Array(written.joined(separator: ", ").utf8))
        }
        let lead = flowLead
        // `{b:, c: d}` would make the colon part of the key.
        var text: [UInt8] = bytes[last - 1] == Byte.colon ? [Byte.space] : []
        for part in written {
            text += [Byte.comma] + lead + Array(part.utf8)
        }
        return Splice(range: last..<last, replacement: text)
    }

    /// What stands between a comma and the next child: a line break with indentation if the last child has its own line.
    private var flowLead: [UInt8] {
        guard let start = survivors.last?.start else { return [Byte.space] }
        let lineStart = source.lineStart(ofByte: start)
        let indentation = source.bytes[lineStart..<start]
        guard lineStart > node.range.lowerBound, indentation.allSatisfy(Byte.isBlank) else {
            return isCompact ? [] : [Byte.space]
        }
        return source.lineBreak(near: node.range.lowerBound) + indentation
    }

    /// Whether the collection is written without a space behind its commas, as in minified JSON.
    private var isCompact: Bool {
        let children = survivors
        guard children.count > 1 else { return false }
        return source.bytes[children[children.count - 1].start - 1] == Byte.comma
    }

    private var survivors: [(start: Int, end: Int, node: YAMLNode)] {
        node.items.filter { !deleted.contains(ObjectIdentifier($0)) }.map {
            ($0.fullRange.lowerBound, source.contentEnd(of: $0), $0)
        }
            + node.entries.filter { !deleted.contains(ObjectIdentifier($0.value)) }.map {
                (
                    $0.key.fullRange.lowerBound,
                    max($0.key.range.upperBound, source.contentEnd(of: $0.value)), $0.value
                )
            }
    }

    /// Spaces behind the dashes of the list.
    private var dashGap: Int {
        guard let first = node.items.first else { return 1 }
        let dash = node.range.lowerBound
        let start = first.fullRange.lowerBound
        let isOnOneLine = source.lineEnd(from: dash) >= start
        return isOnOneLine ? max(1, start - dash - 1) : 1
    }

    private func writer(near offset: Int) -> ContentWriter {
        ContentWriter(in: file, document: location.documentIndex, near: offset, isJSON: isJSON)
    }

    private func fault(_ message: String) -> YAMLError {
        YAMLError(
            code: .notRepresentable, operation: "edit \(location.path)", subject: source.path,
            diagnostics: [
                source.diagnostic(.error, message, range: (location.key ?? node).range)
            ])
    }
}
