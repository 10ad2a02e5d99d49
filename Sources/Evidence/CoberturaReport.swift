/// Cobertura's coverage XML.
///
/// The root's `lines-covered` of `lines-valid` if it has them, else the lines of all classes counted.
struct CoberturaReport: XMLVisitor {
    private var path: [String] = []
    private var root: [String: String] = [:]
    private var lines = 0
    private var covered = 0
    /// Of the open class.
    private var own = (lines: 0, covered: 0)
    private var ofMethods = (lines: 0, covered: 0)

    static func counts(_ bytes: [UInt8]) throws(ReportFault) -> [String: Int] {
        let report = try XMLWalk.walk(bytes, CoberturaReport())
        var (lines, covered) = (report.lines, report.covered)
        switch (report.root["lines-valid"], report.root["lines-covered"]) {
        case (nil, nil): break
        case (let valid?, let hit?):
            guard let valid = Int(valid), let hit = Int(hit), valid >= 0, (0...valid).contains(hit) else {
                throw ReportFault("lines-covered=\"\(hit)\" of lines-valid=\"\(valid)\" are no counts", line: 1, column: 1)
            }
            (lines, covered) = (valid, hit)
        default: throw ReportFault("of lines-valid and lines-covered only one is there", line: 1, column: 1)
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
        guard name == "line", path.dropLast().last == "lines" else { return }
        let isOwn = path.dropLast(2).last == "class"
        guard isOwn || path.dropLast(2).last == "method" else { return }
        guard let text = attributes["hits"], let hits = Int(text), hits >= 0 else {
            throw ReportFault("a <line> has no count of hits")
        }
        let hit = hits > 0 ? 1 : 0
        if isOwn { own = (own.lines + 1, own.covered + hit) } else { ofMethods = (ofMethods.lines + 1, ofMethods.covered + hit) }
    }

    mutating func end(_ name: String) throws(ReportFault) {
        path.removeLast()
        guard name == "class" else { return }
        // A class lists its lines once; those of its methods are the same lines again, unless it has no list of its own.
        let listed = own.lines > 0 ? own : ofMethods
        (lines, covered) = (lines + listed.lines, covered + listed.covered)
        (own, ofMethods) = ((0, 0), (0, 0))
    }
}
