/// Reads `>= 80`, and `80` where an operator may be left out.
enum NumberComparison {
    /// The comparison and the number as written; nil when the text is no comparison with a number.
    ///
    /// `bare` is the comparison that a number without an operator stands for; nil: there it must have one.
    static func parse(
        _ text: String, bare: Criterion.Comparison?
    ) -> (comparison: Criterion.Comparison, number: String)? {
        // Two characters before one, so that `>=` is not read as `>`.
        let operators = Criterion.Comparison.allCases.sorted { $0.rawValue.count > $1.rawValue.count }
        let trimmed = trimming(text[...])
        if let comparison = operators.first(where: { trimmed.hasPrefix($0.rawValue) }) {
            let number = trimming(trimmed.dropFirst(comparison.rawValue.count))
            return isNumber(number) ? (comparison, String(number)) : nil
        }
        guard let bare, isNumber(trimmed) else { return nil }
        return (bare, String(trimmed))
    }

    /// True for a decimal number: an optional minus, digits, and optionally a point and digits.
    static func isNumber(_ text: some StringProtocol) -> Bool {
        let unsigned = text.hasPrefix("-") ? text.dropFirst() : text[...]
        let parts = unsigned.split(separator: ".", omittingEmptySubsequences: false)
        return (1...2).contains(parts.count)
            && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }
    }

    static func trimming(_ text: Substring) -> Substring {
        var text = text.drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
