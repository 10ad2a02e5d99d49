/// What a report file said, as the record keeps it: a summary and the file's hash, never the file (`design.md` section 6).
public struct EvidenceFile: Sendable, Hashable {
    public enum Format: String, Sendable, Hashable, CaseIterable {
        case junit, cobertura, lcov, sarif

        /// The evidence key that a file without a named one stands for.
        public var defaultKey: String {
            switch self {
            case .junit: "test_pass_rate"
            case .cobertura, .lcov: "code_coverage"
            case .sarif: "security_scan"
            }
        }

        /// The counts that a file of the format has, all of them.
        public var countNames: [String] {
            switch self {
            case .junit: ["tests", "executed", "failures", "errors", "skipped"]
            case .cobertura, .lcov: ["lines", "covered"]
            case .sarif: ["results", "errors", "warnings", "notes", "suppressed"]
            }
        }
    }

    public let key: String
    public let format: Format
    /// As the command line named it.
    public let name: String
    /// Lower-case hexadecimal.
    public let sha256: String
    /// By the format's `countNames`.
    public let counts: [String: Int]

    public init(key: String, format: Format, name: String, sha256: String, counts: [String: Int]) {
        self.key = key
        self.format = format
        self.name = name
        self.sha256 = sha256
        self.counts = counts
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        key = try fields.string("key")
        let text = try fields.string("format")
        guard let known = Format(rawValue: text) else { throw RecordFault("'\(text)' is no format of reports") }
        format = known
        name = try fields.string("name")
        sha256 = try fields.string("sha256")
        let members = JSONFields(members: try fields.object("counts"))
        var counts: [String: Int] = [:]
        for key in members.members.keys { counts[key] = try members.int(key) }
        self.counts = counts
    }

    var json: JSONValue {
        [
            "key": .string(key), "format": .string(format.rawValue), "name": .string(name), "sha256": .string(sha256),
            "counts": .object(counts.mapValues(JSONValue.int)),
        ]
    }
}

/// What counts of reports say as a value that criteria compare.
public struct EvidenceCounts: Sendable, Hashable {
    /// How a criterion, or a declared key, takes the value.
    public enum Reading: Sendable, Hashable {
        case number, verdict, bool
    }

    public let format: EvidenceFile.Format
    public let counts: [String: Int]

    public init(_ format: EvidenceFile.Format, _ counts: [String: Int]) {
        self.format = format
        self.counts = counts
    }

    /// Counts of several parts of one run, summed.
    public init(_ format: EvidenceFile.Format, parts: [[String: Int]]) {
        self.init(format, parts.reduce(into: [:]) { $0.merge($1) { $0 + $1 } })
    }

    /// How many tests ran, skipped ones not counted; nil for reports that are not about tests.
    public var executed: Int? { format == .junit ? self["executed"] : nil }

    private subscript(_ name: String) -> Int { counts[name] ?? 0 }

    /// Nothing went wrong: no test failed, no unsuppressed result is an error.
    public var isGood: Bool {
        switch format {
        case .junit: self["executed"] > 0 && self["failures"] + self["errors"] == 0
        case .cobertura, .lcov: self["lines"] > 0 && self["covered"] == self["lines"]
        case .sarif: self["errors"] == 0
        }
    }

    /// Percent of tests or lines; of SARIF the number of unsuppressed errors.
    public func value(_ reading: Reading) -> String {
        switch reading {
        case .verdict: isGood ? "pass" : "fail"
        case .bool: isGood ? "true" : "false"
        case .number:
            switch format {
            case .junit: Self.percent(self["executed"] - self["failures"] - self["errors"], of: self["executed"])
            case .cobertura, .lcov: Self.percent(self["covered"], of: self["lines"])
            case .sarif: String(self["errors"])
            }
        }
    }

    /// Percent with up to four decimals, rounded down, so that rounding lifts nothing to a threshold.
    static func percent(_ part: Int, of whole: Int) -> String {
        guard whole > 0, part > 0 else { return "0" }
        let (high, low) = part.multipliedFullWidth(by: 1_000_000)
        let scaled = whole.dividingFullWidth((high, low)).quotient
        var digits = String(scaled)
        digits = String(repeating: "0", count: max(0, 5 - digits.count)) + digits
        let whole = digits.dropLast(4)
        var fraction = digits.suffix(4)
        while fraction.last == "0" { fraction.removeLast() }
        return fraction.isEmpty ? String(whole) : "\(whole).\(fraction)"
    }

    /// The counts in words: `198 of 200 tests passed, 3 skipped`.
    public var summary: String {
        switch format {
        case .junit:
            "\(self["executed"] - self["failures"] - self["errors"]) of \(self["executed"]) tests passed"
                + (self["skipped"] > 0 ? ", \(self["skipped"]) skipped" : "")
        case .cobertura, .lcov: "\(self["covered"]) of \(self["lines"]) lines covered"
        case .sarif:
            "\(self["errors"]) errors, \(self["warnings"]) warnings, \(self["notes"]) notes"
                + (self["suppressed"] > 0 ? ", \(self["suppressed"]) suppressed" : "")
        }
    }
}

/// One of the parts in which a sharded run reports.
public struct EvidencePart: Sendable, Hashable, CustomStringConvertible {
    /// From 1.
    public let number: Int
    public let count: Int

    /// Nil unless `1 <= number <= count <= 1000`.
    public init?(_ number: Int, of count: Int) {
        guard count >= 1, count <= 1_000, number >= 1, number <= count else { return nil }
        self.number = number
        self.count = count
    }

    /// Reads `2/5`.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let number = Int(parts[0]), let count = Int(parts[1]), "\(number)/\(count)" == text else { return nil }
        self.init(number, of: count)
    }

    public var description: String { "\(number)/\(count)" }
}
