internal import WorkflowModel

extension Evaluator {
    /// The latest evidence posted for no stage or for one of `stages`; absent evidence waits, never passes.
    func evidenceGate(_ draft: GateDraft, of stages: Set<String>) -> Gate {
        let rule = workflow.evidence[draft.criterion]
        let attempts = release.attempts(draft.criterion, leaving: stages).filter { counts($0, by: rule) }
        guard let latest = attempts.last else {
            return draft.gate(
                .waiting, reason: "no evidence posted",
                clearWith: "gradus report \(service.name) \(release.version) \(draft.criterion)=\(example(draft))")
        }
        let earlier = attempts.count > 1 ? ", \(attempts.count) attempts" : ""
        let source = "posted by \(latest.postedBy)\(latest.ciURL.map { " from \($0)" } ?? "") as record \(latest.seq)\(earlier)"
        func verdict(_ verdict: Verdict, _ reason: String) -> Gate {
            draft.gate(
                verdict, value: latest.value, reason: reason, source: source, since: latest.at,
                clearWith: verdict == .failed
                    ? "gradus report \(service.name) \(release.version) \(draft.criterion)=\(example(draft))" : nil)
        }
        switch draft.kind {
        case .number(let comparison, let threshold)?:
            guard let value = DecimalText.number(latest.value), let limit = DecimalText.number(threshold) else {
                return verdict(.errored, "'\(latest.value)' is not a number")
            }
            let holds = comparison.holds(value, limit)
            return verdict(
                holds ? .passed : .failed,
                holds
                    ? "\(latest.value) \(comparison.rawValue) \(threshold)"
                    : "\(latest.value) is not \(comparison.rawValue) \(threshold)")
        case .text(let expected)?:
            let holds = latest.value.lowercased() == expected.lowercased()
            return verdict(holds ? .passed : .failed, holds ? "is '\(latest.value)'" : "is '\(latest.value)', not '\(expected)'")
        default:
            return verdict(.errored, "this criterion is not decided by evidence")
        }
    }

    /// Whether the workflow lets this person's post count.
    private func counts(_ evidence: ReleaseState.Evidence, by rule: EvidenceRule?) -> Bool {
        guard let rule else { return true }
        if rule.forbid.contains(.requester), evidence.postedBy == requester { return false }
        if rule.forbid.contains(.author), release.release.authors.contains(evidence.postedBy) { return false }
        return rule.postedBy.isEmpty
            || rule.postedBy.contains { people.isMember(evidence.postedBy, of: $0, owner: service.owner) }
    }

    private func example(_ draft: GateDraft) -> String {
        switch draft.kind {
        case .number(_, let threshold)?: threshold
        case .text(let expected)?: expected
        default: "VALUE"
        }
    }
}

/// Decimal numbers as evidence gives them.
public enum DecimalText {
    /// Reads `97`, `-0.5`, `79.99`; nil for signs of infinity, exponents, hexadecimal and everything else.
    public static func number(_ text: String) -> Double? {
        let digits = text.hasPrefix("-") ? text.dropFirst() : Substring(text)
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, text.utf8.count <= 40,
            parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") } })
        else { return nil }
        return Double(text)
    }
}

extension Criterion.Comparison {
    func holds(_ value: Double, _ limit: Double) -> Bool {
        switch self {
        case .atLeast: value >= limit
        case .atMost: value <= limit
        case .greater: value > limit
        case .less: value < limit
        case .equal: value == limit
        case .notEqual: value != limit
        }
    }
}
