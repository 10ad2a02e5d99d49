/// Cobertura's coverage XML.
///
/// The root's `lines-covered` of `lines-valid` if it has them, else the lines of all classes counted.
struct CoberturaReport: XMLVisitor {
    private var path: [String] = []
    private var root: [String: String] = [:]
    private var lines = 0
    private var covered = 0

    static func counts(_ bytes: [UInt8]) throws(ReportFault) -> [String: Int] {
        let report = try XMLWalk.walk(bytes, CoberturaReport())
        var (lines, covered) = (report.lines, report.covered)
        if let valid = report.root["lines-valid"], let hit = report.root["lines-covered"] {
            guard let valid = Int(valid), let hit = Int(hit), valid >= 0, (0...valid).contains(hit) else {
                throw ReportFault("lines-covered=\"\(hit)\" of lines-valid=\"\(valid)\" are no counts", line: 1, column: 1)
            }
            (lines, covered) = (valid, hit)
        }
        guard lines > 0 else { throw ReportFault("the report holds no line of code", line: 1, column: 1) }
        return ["lines": lines, "covered": covered]
    }

    mutating func start(_ name: String, _ attributes: [String: String]) throws(ReportFault) {
        if path.isEmpty {
            guard name == "coverage" else { throw ReportFault("the root is <\(name)>, not <coverage>") }
            root = attributes
        }
        path.append(name)
        // A class lists its lines once; those of its methods are the same lines again.
        guard name == "line", path.suffix(3) == ["class", "lines", "line"] else { return }
        guard let text = attributes["hits"], let hits = Int(text), hits >= 0 else {
            throw ReportFault("a <line> has no count of hits")
        }
        lines += 1
        if hits > 0 { covered += 1 }
    }

    mutating func end(_ name: String) throws(ReportFault) { path.removeLast() }
}
