/// Decides how a new text is written where an old scalar stands.
struct ScalarWriter {
    let source: SourceText
    let isJSON: Bool
    let location: YAMLLocation

    private var node: YAMLNode { location.node }
    private var inFlow: Bool { location.parent?.isFlow ?? false }

    /// The replacement of the node's bytes, and whether it must read back as a string.
    ///
    /// - Throws: `notRepresentable` where a tag or a missing value forbids it.
    func replacement(_ text: String, typing: ValueTyping) throws(YAMLError) -> (splice: Splice, isString: Bool) {
        guard beginsAsItsStyle else {
            throw fault("where the value begins cannot be told from the bytes around it")
        }
        if node.style == .literal || node.style == .folded {
            let indentation = source.position(ofByte: location.parent?.range.lowerBound ?? 0).column - 1
            let writer = BlockScalarWriter(source: source, node: node, parentIndentation: indentation)
            return (writer.replacement(text), true)
        }
        let isString = try mustBeString(text, typing: typing)
        let written = isString ? quotedAsNeeded(text, typing: typing) : text
        let splice =
            node.isMissing
            ? try filling(written) : Splice(range: node.range, replacement: Array(written.utf8))
        return (splice, isString)
    }

    /// The range of a value is found from libyaml's marks; a value that does not stand there is not written over.
    private var beginsAsItsStyle: Bool {
        let first = node.range.lowerBound < source.bytes.count ? source.bytes[node.range.lowerBound] : nil
        return switch node.style {
        case .literal: first == UInt8(ascii: "|")
        case .folded: first == UInt8(ascii: ">")
        case .singleQuoted: first == UInt8(ascii: "'")
        case .doubleQuoted: first == UInt8(ascii: "\"")
        default: true
        }
    }

    private func mustBeString(_ text: String, typing: ValueTyping) throws(YAMLError) -> Bool {
        if let tag = node.standardTag, YAMLNode.nonStringTags.contains(tag) {
            guard typing == .keepType, PlainReading(text) == PlainReading(node.scalarText ?? "") else {
                throw fault("the tag `!!\(tag)` does not allow the value `\(text)`")
            }
            return false
        }
        guard typing == .keepType, node.style == .plain, !node.readsAsString else { return true }
        let isSameType = PlainReading(text) == PlainReading(node.scalarText ?? "")
        // A missing value has no type that could be kept by writing nothing.
        guard isSameType, ScalarText.isSafePlain(text, inFlow: inFlow) else { return true }
        return isJSON && !ScalarText.isJSONLiteral(text)
    }

    private func quotedAsNeeded(_ text: String, typing: ValueTyping) -> String {
        switch node.style {
        case .singleQuoted where ScalarText.isSafeSingleQuoted(text):
            return ScalarText.singleQuoted(text)
        case .plain where !isJSON:
            let isStringTag = node.standardTag == "str"
            // A number or truth value that becomes a text shows that by quotes.
            let changesType = typing == .keepType && !node.readsAsString && !isNull
            if !changesType, ScalarText.isSafePlain(text, inFlow: inFlow),
                isStringTag || !readsAsNonString(text)
            {
                return text
            }
            return prefersSingleQuotes && ScalarText.isSafeSingleQuoted(text)
                ? ScalarText.singleQuoted(text) : ScalarText.doubleQuoted(text)
        default:
            return ScalarText.doubleQuoted(text)
        }
    }

    private var isNull: Bool { PlainReading(node.scalarText ?? "") == .null }

    /// The neighbours decide: single quotes only where they use them and no double quotes.
    private var prefersSingleQuotes: Bool {
        guard let parent = location.parent else { return false }
        let styles = (parent.entries.map(\.value) + parent.items).map(\.style)
        return styles.contains(.singleQuoted) && !styles.contains(.doubleQuoted)
    }

    /// Writes a value where none stands, as in `key:` or `-`; a comment behind it stays.
    func filling(_ written: String) throws(YAMLError) -> Splice {
        let offset = node.range.lowerBound
        let bytes = source.bytes
        var prefix = " "
        if let key = location.key, node.anchor == nil, node.tag == nil,
            source.offsetAfterColon(from: key.range.upperBound) != offset
        {
            guard inFlow else { throw fault("the key has no `:` and so no place for a value") }
            prefix = ": "
        }
        var end = offset
        while end < bytes.count, Byte.isBlank(bytes[end]) { end += 1 }
        // Blanks before a comment are its alignment; blanks at the end of a line or before `}` are only in the way.
        let isLineEnd = end == bytes.count || Byte.isLineBreak(bytes[end])
        return Splice(range: offset..<(isLineEnd ? end : offset), replacement: Array((prefix + written).utf8))
    }

    private func fault(_ message: String) -> YAMLError {
        YAMLError(
            code: .notRepresentable, operation: "set \(location.path)", subject: source.path,
            diagnostics: [source.diagnostic(.error, message, range: node.fullRange)])
    }
}
