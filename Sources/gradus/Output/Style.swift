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

    func symbol(_ verdict: Verdict) -> String {
        switch verdict {
        case .passed: green("✓ passed")
        case .failed: red("✗ failed")
        case .waiting: yellow("… waiting")
        case .errored: red("! errored")
        }
    }

    /// How many columns a text takes, escape sequences not counted.
    static func width(_ text: String) -> Int {
        var width = 0
        var isEscape = false
        for scalar in text.unicodeScalars {
            if scalar == "\u{1B}" { isEscape = true }
            if !isEscape { width += 1 }
            if isEscape, scalar == "m" { isEscape = false }
        }
        return width
    }
}

/// Columns aligned by their widest cell, two spaces apart.
struct Table {
    private var rows: [[String]] = []

    init(_ header: [String] = []) {
        if !header.isEmpty { rows.append(header) }
    }

    mutating func add(_ cells: [String]) { rows.append(cells) }

    var text: String {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { column < $0.count ? Style.width($0[column]) : 0 }.max() ?? 0
        }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                line += cell
                if column + 1 < row.count { line += String(repeating: " ", count: widths[column] - Style.width(cell) + 2) }
            }
            while line.last == " " { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }
}
