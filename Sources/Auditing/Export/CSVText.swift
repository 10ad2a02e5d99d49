/// CSV by RFC 4180 with every cell kept from being taken for a formula.
public enum CSVText {
    /// One line with its line end, CR LF (RFC 4180 section 2).
    public static func line(_ cells: [String]) -> String {
        cells.map(cell).joined(separator: ",") + "\r\n"
    }

    /// Spreadsheets run a cell that begins with one of these as a formula, also after spaces and inside of quotes
    /// ("CSV Injection", OWASP). An apostrophe before it makes it text; it is the only change that an export makes.
    static func cell(_ text: String) -> String {
        var content = text
        if let first = text.unicodeScalars.first(where: { $0 != " " && $0 != "\u{A0}" && $0 != "\u{FEFF}" }), starters.contains(first) {
            content = "'" + text
        }
        guard content.unicodeScalars.contains(where: { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" || $0 == ";" }) else { return content }
        var quoted = "\""
        for scalar in content.unicodeScalars {
            if scalar == "\"" { quoted += "\"" }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }

    /// The last four are the full-width forms, which some spreadsheets take for the others.
    private static let starters: Set<Unicode.Scalar> = [
        "=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}",
    ]
}
