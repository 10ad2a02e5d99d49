/// LCOV's tracefile: records of files, each ended by `end_of_record`.
///
/// A file may have several records, one for each test: a line is covered when any of them hit it.
struct LCOVReport {
    private var files: [String: [Int: Bool]] = [:]
    /// Totals of records that list no lines.
    private var summed = (lines: 0, covered: 0)
    private var open: (name: String, line: Int)?
    private var record = (found: 0, hit: 0, listed: false)

    static func counts(_ bytes: [UInt8]) throws(ReportFault) -> [String: Int] {
        var report = LCOVReport()
        var number = 0
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            guard line.count <= 1 << 16 else { throw ReportFault("the line is too long", line: number, column: 1) }
            let text = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            if !text.isEmpty { try report.read(String(decoding: text, as: UTF8.self), number) }
        }
        if let open = report.open {
            throw ReportFault("the file ends inside the record of '\(open.name)', which began in line \(open.line)", line: number, column: 1)
        }
        let lines = report.files.values.reduce(report.summed.lines) { $0 + $1.count }
        let covered = report.files.values.reduce(report.summed.covered) { $0 + $1.values.count { $0 } }
        guard lines > 0 else { throw ReportFault("the report holds no line of code", line: number, column: 1) }
        return ["lines": lines, "covered": covered]
    }

    private mutating func read(_ text: String, _ number: Int) throws(ReportFault) {
        if text == "end_of_record" { return try close(number) }
        guard let colon = text.firstIndex(of: ":") else {
            if text.hasPrefix("#") { return }
            throw ReportFault("'\(text.prefix(40))' is no line of a tracefile", line: number, column: 1)
        }
        let (tag, value) = (text[..<colon], text[text.index(after: colon)...])
        switch tag {
        case "SF":
            guard open == nil else { throw ReportFault("a file begins inside the record of another", line: number, column: 1) }
            open = (String(value), number)
            record = (0, 0, false)
        case "DA":
            let parts = value.split(separator: ",", omittingEmptySubsequences: false)
            // A count may be written with a point or an exponent when it is very large.
            guard parts.count >= 2, let line = Int(parts[0]), line >= 0, let hits = Double(parts[1]), hits.isFinite else {
                throw ReportFault("'DA:\(value.prefix(40))' is no line and count", line: number, column: 1)
            }
            guard let name = open?.name else { throw ReportFault("a line outside of any file", line: number, column: 1) }
            record.listed = true
            files[name, default: [:]][line, default: false] = files[name]?[line] == true || hits > 0
        case "LF": record.found = try count(value, number)
        case "LH": record.hit = try count(value, number)
        case "TN", "FN", "FNDA", "FNF", "FNH", "FNL", "FNA", "BRDA", "BRF", "BRH", "VER", "MCDC", "MCF", "MCH": break
        default: throw ReportFault("'\(tag.prefix(20))' is no line of a tracefile", line: number, column: 1)
        }
    }

    private mutating func close(_ number: Int) throws(ReportFault) {
        guard open != nil else { throw ReportFault("a record ends that did not begin", line: number, column: 1) }
        guard record.hit <= record.found || record.listed && record.found == 0 else { throw ReportFault("LH is larger than LF", line: number, column: 1) }
        if !record.listed {
            summed = (summed.lines + record.found, summed.covered + record.hit)
        }
        open = nil
    }

    private func count(_ value: Substring, _ number: Int) throws(ReportFault) -> Int {
        guard let count = Int(value), count >= 0, count < 1 << 40 else {
            throw ReportFault("'\(value.prefix(20))' is no count", line: number, column: 1)
        }
        return count
    }
}
