import GitKit
import Glibc
import PromotionEngine
import Web

/// Data goes to stdout, everything else to stderr.
struct Console {
    let format: OutputFormat
    let style: Style
    private let quiet: Bool

    init(_ settings: Settings) {
        format = settings.output
        style = Style(isColored: settings.color)
        quiet = settings.quiet
    }

    /// Prints the document as JSON, or else the text.
    func show(_ document: @autoclosure () -> JSONValue, text: () -> String) {
        switch format {
        case .json: Self.write(document().prettyText + "\n", to: STDOUT_FILENO)
        case .jsonl: Self.write(document().canonicalText + "\n", to: STDOUT_FILENO)
        case .text:
            let text = TerminalText.escaped(text(), keepsColors: style.isColored)
            Self.write(text.hasSuffix("\n") || text.isEmpty ? text : text + "\n", to: STDOUT_FILENO)
        }
    }

    /// Says what happened, for people; nothing in quiet mode.
    func status(_ line: String) {
        if !quiet { Self.status(line) }
    }

    /// Warns on stderr, also in quiet mode.
    func warn(_ line: String) {
        Self.status(line.contains("warning: ") ? line : "Warning: \(line)")
    }

    static func status(_ line: String) { write(TerminalText.escaped(line) + "\n", to: STDERR_FILENO) }

    /// Shows a text to a person beside the data: on stderr.
    static func tell(_ text: String, isColored: Bool) {
        write(TerminalText.escaped(text, keepsColors: isColored) + "\n", to: STDERR_FILENO)
    }

    static func write(_ text: String, to descriptor: Int32) {
        // The one way out: whatever a secret got into, it does not get further.
        var bytes = Array(Redactor.shared.redact(Secrets.redacted(text)).utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            // The reader has gone: nobody is left to tell.
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}
