/// JUnit XML as the usual runners write it: suites in suites, and cases with at most one outcome.
///
/// Cases are counted, not the suites' own totals, which tools disagree about. But a suite that speaks of more failures and
/// errors than are listed in it was cut or filtered, and proves nothing. An error or failure of a suite itself, such as of
/// its set-up, counts as one more executed test.
struct JUnitReport: XMLVisitor {
    private enum Outcome: Int, Comparable {
        case passed, skipped, failure, error

        static func < (lhs: Outcome, rhs: Outcome) -> Bool { lhs.rawValue < rhs.rawValue }
    }

    private var path: [String] = []
    /// The worst seen in the open case; nil outside of cases.
    private var open: Outcome?
    /// `faults` when the open case began.
    private var openFaults = 0
    private var counts: [Outcome: Int] = [:]
    /// How many tests suites say that they hold, or the root, where suites do not tell.
    private var declared: Int { max(declaredBySuites, declaredByRoot) }
    private var declaredBySuites = 0
    private var declaredByRoot = 0
    /// Every `<failure>` and `<error>`, and every case that its status calls failed without one.
    private var faults = 0
    private var suites: [Suite] = []

    /// An open suite, or the root.
    private struct Suite {
        let name: String
        /// How many failures and errors it speaks of.
        let declared: Int
        /// How many were listed before it.
        let before: Int
    }

    static func counts(_ bytes: [UInt8]) throws(ReportFault) -> [String: Int] {
        let report = try XMLWalk.walk(bytes, JUnitReport())
        func count(_ outcome: Outcome) -> Int { report.counts[outcome] ?? 0 }
        let total = report.counts.values.reduce(0, +)
        guard total > 0 || report.declared == 0 else {
            throw ReportFault("the suites speak of \(report.declared) tests, but none is listed", line: 1, column: 1)
        }
        return [
            "tests": total, "executed": total - count(.skipped), "failures": count(.failure), "errors": count(.error),
            "skipped": count(.skipped),
        ]
    }

    mutating func start(_ name: String, _ attributes: [String: String]) throws(ReportFault) {
        if path.isEmpty, !["testsuites", "testsuite"].contains(name) {
            throw ReportFault("the root is <\(name)>, not <testsuites> or <testsuite>")
        }
        path.append(name)
        switch name {
        case "testcase":
            guard open == nil else { throw ReportFault("a <testcase> stands inside another") }
            open = Self.outcome(attributes)
            openFaults = faults
        case "skipped": note(.skipped)
        case "failure": note(.failure)
        case "error": note(.error)
        case "testsuite", "testsuites":
            let (failures, errors) = (try Self.count("failures", attributes), try Self.count("errors", attributes))
            suites.append(Suite(name: attributes["name"] ?? "", declared: failures + errors, before: faults))
            let tests = try Self.count("tests", attributes)
            if name == "testsuite" { declaredBySuites += tests } else { declaredByRoot = max(declaredByRoot, tests) }
        default: break
        }
    }

    mutating func end(_ name: String) throws(ReportFault) {
        path.removeLast()
        if name == "testcase", let outcome = open {
            counts[outcome, default: 0] += 1
            if outcome >= .failure, faults == openFaults { faults += 1 }
            open = nil
        }
        guard ["testsuite", "testsuites"].contains(name), let suite = suites.popLast() else { return }
        let listed = faults - suite.before
        guard listed >= suite.declared else {
            let shown = suite.name.isEmpty ? "the <\(name)>" : "the suite '\(suite.name.prefix(80))'"
            throw ReportFault("\(shown) speaks of \(suite.declared) failures and errors, but lists \(listed): the report was cut or filtered")
        }
    }

    private mutating func note(_ outcome: Outcome) {
        if let present = open {
            open = max(present, outcome)
        } else {
            guard ["testsuite", "testsuites"].contains(path.dropLast().last ?? ""), outcome != .skipped else { return }
            counts[outcome, default: 0] += 1
        }
        if outcome != .skipped { faults += 1 }
    }

    /// A total of a suite; 0 where it is not told. Larger ones than any report holds are cut.
    private static func count(_ name: String, _ attributes: [String: String]) throws(ReportFault) -> Int {
        guard let text = attributes[name], !text.isEmpty else { return 0 }
        guard let number = Int(text), number >= 0 else { throw ReportFault("\(name)=\"\(text.prefix(40))\" is no count") }
        return min(number, 1_000_000)
    }

    /// What the case's own attributes say: GoogleTest lists what it did not run without a child that says so, and others so
    /// what failed.
    private static func outcome(_ attributes: [String: String]) -> Outcome {
        let words = [attributes["status"], attributes["result"]].compactMap { $0?.lowercased() }
        func says(_ known: [String]) -> Bool { words.contains(where: known.contains) }
        if says(["error", "errored", "broken"]) { return .error }
        if says(["fail", "failed", "failure"]) { return .failure }
        return says(["notrun", "skipped", "disabled", "suppressed"]) ? .skipped : .passed
    }
}
