import Glibc
import PromotionEngine

/// The terminal that output goes to, if it goes to one.
enum Terminal {
    /// How many columns a line may take; nil: as many as it needs, because no terminal shows it.
    ///
    /// `COLUMNS` counts when it is exported, so that a width can be asked for where there is no terminal.
    static let width: Int? = {
        if let text = Settings.variable("COLUMNS"), let columns = Int(text), columns >= 20 { return columns }
        guard isatty(STDOUT_FILENO) == 1 else { return nil }
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col >= 20 else { return 80 }
        return Int(size.ws_col)
    }()

    /// Whether somebody can be asked.
    static var isInteractive: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }
}

/// How many columns a text takes in a terminal, escape sequences not counted.
enum TextWidth {
    static func of(_ text: String) -> Int {
        var width = 0
        var isEscape = false
        for scalar in text.unicodeScalars {
            if scalar == "\u{1B}" { isEscape = true }
            if !isEscape { width += of(scalar) }
            if isEscape, scalar == "m" { isEscape = false }
        }
        return width
    }

    /// Ranges of Unicode Standard Annex 11 that terminals show in two columns or none.
    static func of(_ scalar: Unicode.Scalar) -> Int {
        if scalar.value < 0x300 { return 1 }
        switch scalar.value {
        case 0x300...0x36F, 0x200B...0x200F, 0xFE00...0xFE0F, 0x20D0...0x20FF: return 0
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
            0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }

    /// The beginning of a text that fits, with `…` where something is left out; colours are kept and ended.
    static func cut(_ text: String, to columns: Int) -> String {
        guard of(text) > columns else { return text }
        var result = String.UnicodeScalarView()
        var used = 0
        var isEscape = false
        var hadEscape = false
        for scalar in text.unicodeScalars {
            if scalar == "\u{1B}" { (isEscape, hadEscape) = (true, true) }
            if !isEscape {
                let next = of(scalar)
                if used + next > columns - 1 { break }
                used += next
            }
            result.append(scalar)
            if isEscape, scalar == "m" { isEscape = false }
        }
        return String(result) + "…" + (hadEscape ? "\u{1B}[0m" : "")
    }

    /// The lines of a text that are broken at spaces to fit; a longer word stands on a line of its own.
    static func wrapped(_ text: String, to columns: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            if line.isEmpty {
                line = String(word)
            } else if of(line) + 1 + of(String(word)) <= columns {
                line += " " + word
            } else {
                lines.append(line)
                line = String(word)
            }
        }
        return lines + [line]
    }
}
