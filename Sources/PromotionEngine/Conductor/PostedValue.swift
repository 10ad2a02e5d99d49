internal import WorkflowModel

/// One value of a post of evidence, as it is told to whoever posted it.
public struct PostedValue: Sendable {
    public let key: String
    public let value: String
    /// The report file that it was read from; nil for one that was given outright.
    public let file: EvidenceFile?
    public let part: EvidencePart?

    var json: JSONValue {
        [
            "key": .string(key), "value": .string(value), "part": .optional(part?.description),
            "file": file.map { ["name": .string($0.name), "sha256": .string($0.sha256), "summary": .string($0.summary)] } ?? .null,
        ]
    }
}

extension EvidenceFile {
    /// What it says, in words.
    public var summary: String { EvidenceCounts(format, counts).summary }
}

extension RecordReport {
    /// The same with what was posted.
    func telling(_ posted: EvidencePosted) -> RecordReport {
        var report = self
        report.evidence = posted.values.sorted { $0.key < $1.key }.map { key, value in
            PostedValue(key: key, value: value, file: posted.files.first { $0.key == key }, part: posted.part)
        }
        return report
    }
}

/// The keys whose values are percent by definition (`design.md` section 6, the table of criteria).
enum PercentKey {
    private static let all: Set<String> = ["test_pass_rate", "code_coverage"]

    /// Whether values under the key are percent: the workflow may declare the key as something else.
    static func holds(_ key: String, in workflow: Workflow) -> Bool {
        all.contains(key) && (workflow.reading(of: key) ?? .number) == .number
    }

    /// Throws a usage error for what is no number from 0 to 100.
    static func check(_ value: String, for key: String) throws {
        guard let low = DecimalText.order(value, "0"), let high = DecimalText.order(value, "100"), low >= 0, high <= 0 else {
            throw PromotionError(.usage, "\(key) is a percentage from 0 to 100, not '\(value)'", hint: "write it as \(key)=97 or \(key)=79.5")
        }
    }
}
