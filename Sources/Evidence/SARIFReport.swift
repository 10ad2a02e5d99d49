/// SARIF 2.1.0 (OASIS): what analysis tools found.
///
/// 1. Levels are those of ``SARIFTool/level(of:at:)``.
/// 2. A result is suppressed when it has suppressions and none of them is under review or rejected (section 3.27.23).
/// 3. A result that a baseline says is gone (`absent`) does not count.
/// 4. A run without `results` made no scan (section 3.14.23), and one whose results, tool or invocations stand elsewhere
///    says too little. Both are refused, as is whatever decides and is of a wrong type or an unknown word.
struct SARIFReport {
    private var counts = ["results": 0, "errors": 0, "warnings": 0, "notes": 0, "suppressed": 0]
    private var runs = 0

    /// Results that are alike.
    private struct Alike {
        var count = 0
        /// Where the first of them stands.
        let first: JSONScan
    }

    static func counts(_ bytes: [UInt8]) throws(ReportFault) -> [String: Int] {
        var scan = JSONScan(bytes)
        var report = SARIFReport()
        var version: String?
        try scan.object { (scan, key) throws(ReportFault) in
            switch key {
            case "version":
                _ = scan.next()
                let place = scan
                version = try scan.string()
                if let version, version != "2.1.0" {
                    throw place.fault("it is SARIF of version \(version.prefix(40)); 2.1.0 is read")
                }
            case "runs": try scan.items("runs") { (scan) throws(ReportFault) in try report.run(&scan) }
            case "inlineExternalProperties":
                if try scan.passesNull() { return }
                try scan.items(key) { (scan) throws(ReportFault) in try refuseElsewhere(&scan) }
            default: try scan.skip()
            }
        }
        try scan.end()
        guard version != nil else { throw ReportFault("it is SARIF of version none; 2.1.0 is read", line: 1, column: 1) }
        guard report.runs > 0 else { throw ReportFault("it holds no run of a tool", line: 1, column: 1) }
        return report.counts
    }

    /// One run. The tool may be written behind its results, so levels are settled at the end.
    private mutating func run(_ scan: inout JSONScan) throws(ReportFault) {
        runs += 1
        let place = scan
        var tool = SARIFTool()
        var found: [SARIFResult: Alike]?
        try scan.object { (scan, key) throws(ReportFault) in
            switch key {
            case "tool": try tool.read(&scan)
            case "results":
                if try scan.passesNull() { return }
                var results: [SARIFResult: Alike] = [:]
                try scan.items(key) { (scan) throws(ReportFault) in
                    let first = scan
                    results[try SARIFResult(&scan), default: Alike(first: first)].count += 1
                }
                found = results
            case "invocations":
                if try scan.passesNull() { return }
                try scan.items(key) { (scan) throws(ReportFault) in try tool.readInvocation(&scan) }
            case "externalPropertyFileReferences":
                if try scan.passesNull() { return }
                try Self.refuseElsewhere(&scan)
            default: try scan.skip()
            }
        }
        guard let found else { throw place.fault("the run has no results, so nothing was scanned; a clean scan has an empty list") }
        try tool.settle()
        // In their order, so that the first fault is the one that is told.
        for (result, alike) in found.sorted(by: { $0.value.first.position < $1.value.first.position }) where !result.isAbsent {
            let level = try tool.level(of: result, at: alike.first)
            if result.isSuppressed {
                counts["suppressed", default: 0] += alike.count
                continue
            }
            counts["results", default: 0] += alike.count
            switch level {
            case .error: counts["errors", default: 0] += alike.count
            case .warning: counts["warnings", default: 0] += alike.count
            case .note: counts["notes", default: 0] += alike.count
            case .none: break
            }
        }
    }

    /// Refuses what decides and stands outside of its run (sections 3.14.2 and 3.13.5): nothing but the one file is read.
    private static func refuseElsewhere(_ scan: inout JSONScan) throws(ReportFault) {
        try scan.object { (scan, key) throws(ReportFault) in
            guard ["results", "driver", "extensions", "invocations"].contains(key) else { return try scan.skip() }
            if try scan.passesNull() { return }
            throw scan.fault("the run's \(key) stand outside of it, where they are not read")
        }
    }
}

/// How grave a result is (section 3.27.10), mildest first.
enum SARIFLevel: String, CaseIterable, Comparable {
    case none, note, warning, error

    static func < (lhs: SARIFLevel, rhs: SARIFLevel) -> Bool {
        (allCases.firstIndex(of: lhs) ?? 0) < (allCases.firstIndex(of: rhs) ?? 0)
    }
}
