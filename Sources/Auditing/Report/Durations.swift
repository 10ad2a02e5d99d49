/// Spans for people: the two largest units.
enum Durations {
    static func text(_ seconds: Int?) -> String {
        guard let seconds else { return "–" }
        let (days, hours, minutes) = (seconds / 86_400, seconds % 86_400 / 3_600, seconds % 3_600 / 60)
        if days > 0 { return hours > 0 ? "\(days) d \(hours) h" : "\(days) d" }
        if hours > 0 { return minutes > 0 ? "\(hours) h \(minutes) min" : "\(hours) h" }
        return minutes > 0 ? "\(minutes) min" : "\(seconds) s"
    }

    /// `98.7 %`; a share that is not all is never shown as all of it, nor one that is not nothing as nothing.
    static func percent(_ share: Double?) -> String {
        guard let share else { return "–" }
        let tenths = share >= 1 ? 1_000 : share <= 0 ? 0 : min(999, max(1, Int((share * 1_000).rounded())))
        return tenths % 10 == 0 ? "\(tenths / 10) %" : "\(tenths / 10).\(tenths % 10) %"
    }

    /// `1,234`.
    static func count(_ number: Int) -> String {
        var digits = String(number)
        var parts: [String] = []
        while digits.count > 3 {
            parts.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return ([digits] + parts).joined(separator: ",")
    }
}
