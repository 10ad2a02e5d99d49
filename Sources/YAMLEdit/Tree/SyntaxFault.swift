/// Puts libyaml's complaint into words with a place.
struct SyntaxFault {
    let error: YAMLError

    init(_ failure: EventReader.Failure, source: SourceText, characters: CharacterIndex) {
        let offset = characters.byteOffset(ofCharacter: failure.index)
        let context = failure.context.map { ($0, characters.byteOffset(ofCharacter: failure.contextIndex)) }
        var message = failure.problem
        var hint: String?
        let bytes = source.bytes
        if offset < bytes.count, bytes[offset] == Byte.tab,
            message.contains("cannot start any token")
        {
            message = "a tab is used for indentation; YAML allows only spaces"
            hint = "replace the tab by spaces"
        } else if message.contains("expected ',' or") {
            let closer = message.contains("'}'") ? "}" : "]"
            message = "a `,` or `\(closer)` is missing"
        } else if message.contains("mapping values are not allowed") {
            hint = "quote the text if the `:` belongs to it, or check the indentation"
        }
        var diagnostics = [
            source.diagnostic(.error, message, range: offset..<offset + 1, hint: hint)
        ]
        if let (text, place) = context, place != offset || text.hasPrefix("while") {
            diagnostics.append(source.diagnostic(.note, text, range: place..<place + 1))
        }
        error = YAMLError(
            code: .syntax, operation: "read", subject: source.path, diagnostics: diagnostics)
    }
}
