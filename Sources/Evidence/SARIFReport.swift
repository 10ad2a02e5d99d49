/// SARIF 2.1.0 (OASIS): what analysis tools found.
///
/// 1. A result's level is its own, else its rule's default, else `warning` (section 3.27.10); a result of another kind
///    than `fail` has none.
/// 2. A result is suppressed when it has suppressions and none of them is under review or rejected (section 3.27.23).
/// 3. A result that a baseline says is gone (`absent`) does not count.
struct SARIFReport {
    private var counts = ["results": 0, "errors": 0, "warnings": 0, "notes": 0, "suppressed": 0]
    private var runs = 0

    static func counts(_ bytes: [UInt8]) throws(ReportFault) -> [String: Int] {
        var scan = JSONScan(bytes)
        var report = SARIFReport()
        var version: String?
        try scan.object { (scan, key) throws(ReportFault) in
            switch key {
            case "version": version = try scan.optionalString()
            case "runs" where scan.next() == UInt8(ascii: "["):
                try scan.array { (scan) throws(ReportFault) in try report.run(&scan) }
            default: try scan.skip()
            }
        }
        try scan.end()
        guard let version, version.hasPrefix("2.") else {
            throw ReportFault("it is SARIF of version \(version ?? "none"); 2.1.0 is read", line: 1, column: 1)
        }
        guard report.runs > 0 else { throw ReportFault("it holds no run of a tool", line: 1, column: 1) }
        return report.counts
    }

    /// One run. The tool may be written behind its results, so levels are settled at the end.
    private mutating func run(_ scan: inout JSONScan) throws(ReportFault) {
        runs += 1
        var rules = Rules()
        var found: [Finding: Int] = [:]
        try scan.object { (scan, key) throws(ReportFault) in
            switch key {
            case "tool": try rules.read(&scan)
            case "results" where scan.next() == UInt8(ascii: "["):
                try scan.array { (scan) throws(ReportFault) in found[try Finding(&scan), default: 0] += 1 }
            case "invocations" where scan.next() == UInt8(ascii: "["):
                try scan.array { (scan) throws(ReportFault) in
                    let place = scan
                    var succeeded: Bool?
                    try scan.object { (scan, key) throws(ReportFault) in
                        if key == "executionSuccessful" { succeeded = try scan.optionalFlag() } else { try scan.skip() }
                    }
                    if succeeded == false { throw place.fault("the tool says that it did not finish: executionSuccessful is false") }
                }
            default: try scan.skip()
            }
        }
        for (finding, count) in found {
            if finding.isAbsent { continue }
            if finding.isSuppressed {
                counts["suppressed", default: 0] += count
                continue
            }
            counts["results", default: 0] += count
            switch finding.isFailure ? finding.level ?? rules.level(of: finding) ?? "warning" : "none" {
            case "error": counts["errors", default: 0] += count
            case "warning": counts["warnings", default: 0] += count
            case "note": counts["notes", default: 0] += count
            default: break
            }
        }
    }

    /// The default levels that a run's tool gives its rules.
    private struct Rules {
        private var byID: [String: String] = [:]
        private var driver: [String?] = []

        mutating func read(_ scan: inout JSONScan) throws(ReportFault) {
            var rules = self
            try scan.object { (scan, key) throws(ReportFault) in
                switch key {
                case "driver": rules.driver = try rules.component(&scan)
                case "extensions" where scan.next() == UInt8(ascii: "["):
                    try scan.array { (scan) throws(ReportFault) in _ = try rules.component(&scan) }
                default: try scan.skip()
                }
            }
            self = rules
        }

        private mutating func component(_ scan: inout JSONScan) throws(ReportFault) -> [String?] {
            var (levels, rules): ([String?], Rules) = ([], self)
            try scan.object { (scan, key) throws(ReportFault) in
                guard key == "rules", scan.next() == UInt8(ascii: "[") else { return try scan.skip() }
                try scan.array { (scan) throws(ReportFault) in
                    var (id, level): (String?, String?)
                    try scan.object { (scan, key) throws(ReportFault) in
                        switch key {
                        case "id": id = try scan.optionalString()
                        case "defaultConfiguration" where scan.next() == UInt8(ascii: "{"):
                            try scan.object { (scan, key) throws(ReportFault) in
                                if key == "level" { level = try scan.optionalString() } else { try scan.skip() }
                            }
                        default: try scan.skip()
                        }
                    }
                    levels.append(level)
                    if let id, let level { rules.byID[id] = level }
                }
            }
            self = rules
            return levels
        }

        func level(of finding: Finding) -> String? {
            if let id = finding.rule, let level = byID[id] { return level }
            // `CA1000/1` is a part of rule `CA1000` (section 3.27.5).
            if let id = finding.rule, let slash = id.lastIndex(of: "/"), let level = byID[String(id[..<slash])] { return level }
            if let index = finding.ruleIndex, driver.indices.contains(index) { return driver[index] }
            return nil
        }
    }

    /// What of a result decides.
    private struct Finding: Hashable {
        var rule: String?
        var ruleIndex: Int?
        var level: String?
        var isFailure = true
        var isSuppressed = false
        var isAbsent = false

        init(_ scan: inout JSONScan) throws(ReportFault) {
            var finding = Finding()
            try scan.object { (scan, key) throws(ReportFault) in
                switch key {
                case "ruleId": finding.rule = try scan.optionalString()
                case "ruleIndex": finding.ruleIndex = try scan.optionalInt()
                case "level": finding.level = try scan.optionalString()
                case "kind": finding.isFailure = try scan.optionalString() ?? "fail" == "fail"
                case "baselineState": finding.isAbsent = try scan.optionalString() == "absent"
                case "suppressions" where scan.next() == UInt8(ascii: "["):
                    var (count, open) = (0, 0)
                    try scan.array { (scan) throws(ReportFault) in
                        count += 1
                        try scan.object { (scan, key) throws(ReportFault) in
                            guard key == "status" else { return try scan.skip() }
                            if try scan.optionalString() ?? "accepted" != "accepted" { open += 1 }
                        }
                    }
                    finding.isSuppressed = count > 0 && open == 0
                default: try scan.skip()
                }
            }
            self = finding
        }

        private init() {}
    }
}
