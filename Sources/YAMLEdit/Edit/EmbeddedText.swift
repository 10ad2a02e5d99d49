/// A scalar whose text is a document of its own, as in `helm.values: |`.
struct EmbeddedText {
    /// The scalar in the file around it.
    let location: YAMLLocation
    /// The text, parsed.
    let file: YAMLFile

    /// The file's bytes that hold the text, changed by edits of the text: nothing else of a literal block changes.
    func splices(
        _ edits: [PointEdit], in outer: YAMLFile, throughAliases: Bool
    ) throws(YAMLError) -> (splices: [Splice], text: String) {
        let (bytes, inner) = try file.edited(edits, throughAliases: throughAliases)
        let text = String(decoding: bytes, as: UTF8.self)
        guard bytes != file.bytes else { return ([], text) }
        let indentation = outer.position(ofByte: location.parent?.range.lowerBound ?? 0).column - 1
        let writer = BlockScalarWriter(source: outer.source, node: location.node, parentIndentation: indentation)
        if let map = writer.lineMap {
            let kept = writer.chomped(text)
            try requireSameDocument(kept, text)
            return (inner.map(map.splice), kept)
        }
        let scalar = ScalarWriter(source: outer.source, isJSON: outer.isJSON, location: location)
        return ([try scalar.replacement(text, typing: .string).splice], text)
    }

    /// The block's chomping may drop line breaks at the end, which mean something only in a kept block inside.
    private func requireSameDocument(_ kept: String, _ text: String) throws(YAMLError) {
        guard kept != text else { return }
        let documents = try YAMLFile(bytes: Array(kept.utf8), path: file.path, limits: file.limits).documents
        let wanted = try YAMLFile(bytes: Array(text.utf8), path: file.path, limits: file.limits).documents
        guard let found = EditVerifier(plan: EditPlan()).firstDifference(wanted, documents) else { return }
        let range = found.node?.range ?? 0..<0
        throw YAMLError(
            code: .notRepresentable, operation: "edit \(location.path)", subject: file.path,
            diagnostics: [
                file.source.diagnostic(.error, "the block around the text drops its last line breaks", range: range)
            ])
    }
}

extension YAMLFile {
    /// The document inside the text at a path.
    ///
    /// - Throws: as ``location(of:)``; `wrongKind` for a list or map; what the text's own parse throws.
    func embeddedText(at path: YAMLPath, access: PathWalk.Access) throws(YAMLError) -> EmbeddedText {
        let location = try resolve(path, access: access)
        guard let text = location.node.resolved.scalarText else {
            throw wrongKind(location, operation: "read \(path)")
        }
        // The name never ends in `.json`: whether the text is JSON, its own look decides.
        let inner = try YAMLFile(bytes: Array(text.utf8), path: "\(self.path)#\(location.path)|", limits: limits)
        return EmbeddedText(location: location, file: inner)
    }

    /// A value's canonical path, its text and its line in this file, also inside of a text.
    ///
    /// - Returns: a text that is nil for a list or map.
    /// - Throws: as ``location(of:)``, and what the parse of a text that the path goes into throws.
    public func place(of path: YAMLPath) throws(YAMLError) -> YAMLPlace {
        guard let (outer, inner) = path.embedded else {
            let location = try location(of: path)
            return YAMLPlace(
                path: location.path, text: location.node.resolved.scalarText,
                line: position(ofByte: location.node.range.lowerBound).line)
        }
        let embedded = try embeddedText(at: outer, access: .reading)
        let place = try embedded.file.place(of: inner)
        let node = embedded.location.node.resolved
        let isBlock = node.style == .literal || node.style == .folded
        let line = position(ofByte: node.range.lowerBound).line
        return YAMLPlace(
            path: embedded.location.path.inside(place.path), text: place.text,
            line: isBlock ? line + place.line : line)
    }
}

/// A value as a person finds it.
public struct YAMLPlace: Sendable, Hashable {
    /// Canonical: list items by `name` where that is unique, the document by kind and name.
    public var path: YAMLPath
    /// Nil for a list or map.
    public var text: String?
    /// 1 for the first line.
    public var line: Int
}
