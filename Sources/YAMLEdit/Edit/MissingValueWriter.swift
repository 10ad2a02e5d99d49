/// Writes the first children of a collection where no value stands, as in a bare `images:`.
struct MissingValueWriter {
    let file: YAMLFile
    let location: YAMLLocation
    let writer: ContentWriter

    private var source: SourceText { file.source }
    private var node: YAMLNode { location.node }

    /// - Throws: `notRepresentable` for an empty document and for a key without `:`.
    func splice(fields: [YAMLContent.Field], items: [YAMLContent]) throws(YAMLError) -> Splice {
        guard let parent = location.parent else { throw fault("the document is empty; write its first key by hand") }
        let content: YAMLContent = fields.isEmpty ? .sequence(items) : .mapping(fields)
        if parent.isFlow {
            let scalar = ScalarWriter(source: source, isJSON: writer.isJSON, location: location)
            return try scalar.filling(writer.flow(content))
        }
        guard let key = location.key else {
            let column = source.position(ofByte: node.range.lowerBound).column
            let bytes = block(fields, items, column: column, separator: writer.newLine(column))
            return Splice(range: node.range.lowerBound..<node.range.lowerBound, replacement: [Byte.space] + bytes)
        }
        guard source.offsetAfterColon(from: key.range.upperBound) != nil else {
            throw fault("the key has no `:` and so no place for a value")
        }
        let keyColumn = source.position(ofByte: key.fullRange.lowerBound).column - 1
        let column = keyColumn + (fields.isEmpty ? writer.listOffset : 2)
        let offset = source.lineEnd(from: node.range.lowerBound)
        let bytes = writer.newLine(column) + block(fields, items, column: column, separator: writer.newLine(column))
        return Splice(range: offset..<offset, replacement: bytes)
    }

    private func block(
        _ fields: [YAMLContent.Field], _ items: [YAMLContent], column: Int, separator: [UInt8]
    ) -> [UInt8] {
        let parts = fields.map { writer.block($0, indentation: column) }
            + items.map { writer.block(item: $0, indentation: column, gap: 1) }
        return Array(parts.joined(separator: separator))
    }

    private func fault(_ message: String) -> YAMLError {
        YAMLError(
            code: .notRepresentable, operation: "edit \(location.path)", subject: source.path,
            diagnostics: [source.diagnostic(.error, message, range: (location.key ?? node).range)])
    }
}
