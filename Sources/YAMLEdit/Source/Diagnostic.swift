/// A fault in a file, shown as `path:line:column: error: message` with the source line and a caret.
public struct Diagnostic: Error, Sendable, Hashable, CustomStringConvertible {
    /// How much a diagnostic matters.
    public enum Severity: String, Sendable, Hashable {
        case error, warning, note
    }

    public var severity: Severity
    /// One sentence without the place, which `description` puts in front.
    public var message: String
    /// What to do about it: "did you mean `x`?" or a command.
    public var hint: String?
    /// The file as the caller named it.
    public var path: String
    /// Nil for a fault of the whole file.
    public var position: SourcePosition?
    /// How many characters the caret underlines, at least 1.
    public var length: Int
    /// The text of the line at `position`, without its line break.
    public var sourceLine: String?

    public init(
        severity: Severity = .error, message: String, hint: String? = nil, path: String,
        position: SourcePosition? = nil, length: Int = 1, sourceLine: String? = nil
    ) {
        self.severity = severity
        self.message = message
        self.hint = hint
        self.path = path
        self.position = position
        self.length = max(1, length)
        self.sourceLine = sourceLine
    }

    /// The diagnostic as compilers print it, without a final newline.
    public var description: String {
        var text = path
        if let position {
            text += ":\(position.line):\(position.column)"
        }
        text += ": \(severity.rawValue): \(message)"
        if let position, let sourceLine {
            text += Self.excerpt(of: sourceLine, column: position.column, length: length)
        }
        if let hint {
            text += "\nhint: \(hint)"
        }
        return text
    }

    /// The widest part of a source line that is shown: files may hold lines of megabytes.
    private static let excerptWidth = 160

    private static func excerpt(of line: String, column: Int, length: Int) -> String {
        var shown = Array(line.unicodeScalars)
        var caret = max(0, min(column - 1, shown.count))
        if shown.count > excerptWidth {
            let start = max(0, min(caret - excerptWidth / 2, shown.count - excerptWidth))
            let end = start + excerptWidth
            let cutEnd = end < shown.count
            shown = Array(shown[start..<end])
            caret -= start
            if start > 0 { shown[0] = "…" }
            if cutEnd { shown[shown.count - 1] = "…" }
        }
        var source = String.UnicodeScalarView()
        for scalar in shown {
            // Control characters would move the terminal's cursor; a tab keeps the caret aligned.
            let isControl = scalar.value < 0x20 && scalar != "\t" || scalar.value == 0x7F
            source.append(isControl ? "\u{FFFD}" : scalar)
        }
        var marker = ""
        for scalar in shown.prefix(caret) {
            marker += scalar == "\t" ? "\t" : " "
        }
        let room = max(1, shown.count - caret)
        marker += "^" + String(repeating: "~", count: min(length, room) - 1)
        return "\n\(String(source))\n\(marker)"
    }
}
