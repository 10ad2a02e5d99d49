import PromotionEngine

/// Colour, always together with a symbol and a word.
struct Style {
    let isColored: Bool

    func green(_ text: String) -> String { colored(text, 32) }
    func red(_ text: String) -> String { colored(text, 31) }
    func yellow(_ text: String) -> String { colored(text, 33) }
    func dim(_ text: String) -> String { colored(text, 2) }
    func bold(_ text: String) -> String { colored(text, 1) }

    private func colored(_ text: String, _ code: Int) -> String {
        isColored && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
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
