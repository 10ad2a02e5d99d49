import GitKit
import Glibc
import PromotionEngine
import Synchronization
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

    /// The error code by which data was kept from stdout; 0 while all of it got there.
    private static let lostOutput = Atomic<Int32>(0)

    /// Throws when something that was to be printed could not be written: a cut list must not pass for a whole one.
    static func checkOutput() throws {
        let code = lostOutput.exchange(0, ordering: .relaxed)
        guard code != 0 else { return }
        throw PromotionError(
            .error, "cannot write the output: \(String(cString: strerror(code)))",
            hint: "make room or write elsewhere, then run the same command again: nothing is done twice")
    }

    static func write(_ text: String, to descriptor: Int32) {
        // The one way out: whatever a secret got into, it does not get further.
        var bytes = Array(Redactor.shared.redact(Secrets.redacted(text)).utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                // A reader that has gone has seen enough. Anything else cut the data short.
                if descriptor == STDOUT_FILENO, errno != EPIPE { lostOutput.store(errno, ordering: .relaxed) }
                return
            }
            bytes = bytes.dropFirst(count)
        }
    }
}
