/// Columns aligned by their widest cell, two spaces apart, fitted to the terminal.
///
/// Where the terminal is too narrow, the last column is broken at spaces below itself; if that does not do, the widest
/// of the others are cut with `…`. Without a terminal nothing is broken or cut, so that other programs read whole values.
struct Table {
    private var rows: [[String]] = []

    init(_ header: [String] = []) {
        if !header.isEmpty { rows.append(header) }
    }

    mutating func add(_ cells: [String]) { rows.append(cells) }

    var text: String { text(width: Terminal.width) }

    /// How many columns it takes when nothing is broken or cut.
    var naturalWidth: Int { fitted(to: nil).reduce(0) { $0 + $1 + Self.gap } - (rows.isEmpty ? 0 : Self.gap) }

    /// How many columns it takes with its last column broken down to `room`.
    func width(withLast room: Int) -> Int {
        guard let last = fitted(to: nil).last else { return 0 }
        return naturalWidth - max(0, last - room)
    }

    private static let gap = 2
    /// The last column is broken into lines no narrower than this.
    private static let narrowestLast = 24
    /// A column is cut to no less than this.
    private static let narrowest = 8

    func text(width: Int?) -> String {
        let widths = fitted(to: width)
        return rows.flatMap { lines(of: $0, widths, breaks: width != nil) }.joined(separator: "\n")
    }

    private func fitted(to width: Int?) -> [Int] {
        let columns = rows.map(\.count).max() ?? 0
        var widths = (0..<columns).map { column in
            rows.map { column < $0.count ? TextWidth.of($0[column]) : 0 }.max() ?? 0
        }
        guard let width, columns > 0 else { return widths }
        let room = width - Self.gap * (columns - 1)
        var excess = widths.reduce(0, +) - room
        guard excess > 0 else { return widths }
        let last = columns - 1
        // Only sentences are broken: a last column of single words is cut like the others.
        let canBreak = rows.contains { $0.count > last && $0[last].contains(" ") }
        if canBreak {
            // No word of it is torn.
            let words = rows.flatMap { $0.count > last ? $0[last].split(separator: " ") : [] }
            let longest = min(words.map { TextWidth.of(String($0)) }.max() ?? 0, room / 2)
            let taken = min(excess, max(0, widths[last] - max(Self.narrowestLast, longest)))
            widths[last] -= taken
            excess -= taken
        }
        while excess > 0 {
            guard let widest = widths.indices.filter({ !canBreak || $0 != last }).max(by: { widths[$0] < widths[$1] }),
                widths[widest] > Self.narrowest
            else { break }
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }

    private func lines(of row: [String], _ widths: [Int], breaks: Bool) -> [String] {
        var cells = row
        var rest: [String] = []
        if breaks, row.count == widths.count, let last = row.last, TextWidth.of(last) > widths[widths.count - 1] {
            let lines = last.contains(" ") ? TextWidth.wrapped(last, to: widths[widths.count - 1]) : [last]
            cells[cells.count - 1] = lines[0]
            rest = Array(lines.dropFirst())
        }
        var line = ""
        for (column, cell) in cells.enumerated() {
            let isLast = column + 1 == row.count
            let shown = breaks && !(isLast && cell.contains(" ")) ? TextWidth.cut(cell, to: widths[column]) : cell
            line += shown
            if !isLast { line += String(repeating: " ", count: max(0, widths[column] - TextWidth.of(shown)) + Self.gap) }
        }
        while line.last == " " { line.removeLast() }
        let indent = String(repeating: " ", count: widths.dropLast().reduce(0) { $0 + $1 + Self.gap })
        return [line] + rest.map { indent + $0 }
    }
}
