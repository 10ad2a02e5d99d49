/// JUnit XML as the usual runners write it: suites in suites, and cases with at most one outcome.
///
/// Cases are counted, not the suites' own totals, which tools disagree about. An error or failure of a suite itself, such
/// as of its set-up, counts as one more executed test.
struct JUnitReport: XMLVisitor {
    private enum Outcome: Int, Comparable {
        case passed, skipped, failure, error

        static func < (lhs: Outcome, rhs: Outcome) -> Bool { lhs.rawValue < rhs.rawValue }
    }

    private var path: [String] = []
    /// The worst seen in the open case; nil outside of cases.
    private var open: Outcome?
    private var counts: [Outcome: Int] = [:]
    /// What suites without cases say that they hold.
    private var declared = 0

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
            open = Self.isNotRun(attributes) ? .skipped : .passed
        case "skipped": note(.skipped)
        case "failure": note(.failure)
        case "error": note(.error)
        case "testsuite":
            if let text = attributes["tests"], let number = Int(text), number > 0 { declared += min(number, 1_000_000) }
        default: break
        }
    }

    mutating func end(_ name: String) throws(ReportFault) {
        path.removeLast()
        guard name == "testcase", let outcome = open else { return }
        counts[outcome, default: 0] += 1
        open = nil
    }

    private mutating func note(_ outcome: Outcome) {
        guard let present = open else {
            if path.dropLast().last == "testsuite", outcome != .skipped { counts[outcome, default: 0] += 1 }
            return
        }
        open = max(present, outcome)
    }

    /// GoogleTest lists what it did not run without a child that says so.
    private static func isNotRun(_ attributes: [String: String]) -> Bool {
        ["notrun", "skipped", "disabled"].contains(attributes["status"]?.lowercased() ?? "")
            || ["skipped", "suppressed"].contains(attributes["result"]?.lowercased() ?? "")
    }
}
