import PromotionEngine

/// Colour, always together with a symbol and a word.
struct Style {
    let isColored: Bool

    func green(_ text: String) -> String { colored(text, 32) }
    func red(_ text: String) -> String { colored(text, 31) }
    func yellow(_ text: String) -> String { colored(text, 33) }
    func dim(_ text: String) -> String { colored(text, 2) }
    func bold(_ text: String) -> String { colored(text, 1) }

    /// A unified difference in the colours that people know from git; the signs stand beside them.
    func patch(_ text: String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        while lines.last?.isEmpty == true { lines.removeLast() }
        var isBody = false
        return lines.map { line in
            if line.hasPrefix("diff ") { isBody = false }
            if line.hasPrefix("@@") {
                isBody = true
                return colored(String(line), 36)
            }
            if !isBody { return bold(String(line)) }
            return line.hasPrefix("+") ? green(String(line)) : line.hasPrefix("-") ? red(String(line)) : String(line)
        }.joined(separator: "\n")
    }

    private func colored(_ text: String, _ code: Int) -> String {
        isColored && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }

    func symbol(_ kind: InboxItem.Kind) -> String {
        switch kind {
        case .approve: green("? approve")
        case .review: yellow("! review")
        case .failed: red("✗ failed")
        case .waiting: yellow("… waiting")
        case .hold: yellow("# hold")
        }
    }

    func symbol(_ gate: Gate) -> String { gate.isSkipped ? yellow("! skipped") : symbol(gate.verdict) }

    func symbol(_ verdict: Verdict) -> String {
        switch verdict {
        case .passed: green("✓ passed")
        case .failed: red("✗ failed")
        case .waiting: yellow("… waiting")
        case .errored: red("! errored")
        }
    }
}
