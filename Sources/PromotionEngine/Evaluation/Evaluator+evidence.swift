internal import WorkflowModel

extension Evaluator {
    /// The latest evidence posted for no stage or for one of `stages`; absent evidence waits, never passes.
    func evidenceGate(_ draft: GateDraft, of stages: Set<String>) -> Gate {
        let rule = workflow.evidence[draft.criterion]
        let attempts = attempts(draft.criterion, of: stages)
        let standing = StandingEvidence(attempts, reading: draft.reading)
        guard let latest = standing.latest else {
            return draft.gate(
                .waiting, reason: "no evidence posted",
                clearWith: "gradus report \(service.name) \(release.version) \(draft.criterion)=\(example(draft))")
        }
        let earlier = attempts.count > 1 ? ", \(attempts.count) attempts" : ""
        let file = latest.file.map { " from \($0.name), \(standing.counts?.summary ?? "")" } ?? ""
        let source = "posted by \(latest.postedBy)\(file)\(latest.ciURL.map { " in \($0)" } ?? "") as record \(latest.seq)\(earlier)"
        let command = "gradus report \(service.name) \(release.version) \(draft.criterion)=\(example(draft))"
        func verdict(_ verdict: Verdict, _ value: String?, _ reason: String) -> Gate {
            draft.gate(
                verdict, value: value, reason: reason, source: source, since: latest.at,
                clearWith: verdict == .passed ? nil : command)
        }
        switch standing.value {
        case .none: return verdict(.waiting, nil, "no evidence posted")
        case .missing(let parts, let count):
            let missing = parts.prefix(8).map { "\($0)/\(count)" }.joined(separator: ", ")
            return verdict(.waiting, nil, "part\(parts.count == 1 ? "" : "s") \(missing) of the run not posted")
        case .value(let value):
            if let problem = tooFew(standing, rule) { return verdict(.errored, value, problem) }
            let (answer, reason) = compare(value, draft)
            return verdict(answer, value, reason)
        }
    }

    private func attempts(_ key: String, of stages: Set<String>) -> [ReleaseState.Evidence] {
        release.attempts(key, leaving: stages).filter { counts($0, by: workflow.evidence[key]) }
    }

    /// The evidence that counts under a key, as criteria of the workflow take it.
    func standing(_ key: String, of stages: Set<String>) -> StandingEvidence {
        StandingEvidence(attempts(key, of: stages), reading: workflow.reading(of: key))
    }

    /// Why the report proves nothing, whatever its value: too few tests ran.
    private func tooFew(_ standing: StandingEvidence, _ rule: EvidenceRule?) -> String? {
        if let executed = standing.counts?.executed {
            if executed == 0 { return "the report holds no executed test" }
            guard let least = rule?.minimumTests, executed < least else { return nil }
            return "only \(executed) test\(executed == 1 ? "" : "s") ran; at least \(least) must"
        }
        guard let least = rule?.minimumTests else { return nil }
        return "at least \(least) test\(least == 1 ? "" : "s") must have run, and a value without a report does not tell how many did"
    }

    private func compare(_ value: String, _ draft: GateDraft) -> (Verdict, String) {
        switch draft.kind {
        case .number(let comparison, let threshold)?:
            guard let order = DecimalText.order(value, threshold) else { return (.errored, "'\(value)' is not a number") }
            return comparison.holds(order)
                ? (.passed, "\(value) \(comparison.rawValue) \(threshold)")
                : (.failed, "\(value) is not \(comparison.rawValue) \(threshold)")
        case .text(let expected)?:
            return value.lowercased() == expected.lowercased()
                ? (.passed, "is '\(value)'") : (.failed, "is '\(value)', not '\(expected)'")
        default: return (.errored, "this criterion is not decided by evidence")
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

    /// Negative, zero or positive, as the first number is below, at or above the second; nil when one is no number.
    ///
    /// Exact: a value that only rounding would lift to the threshold stays below it.
    public static func order(_ left: String, _ right: String) -> Int? {
        guard number(left) != nil, number(right) != nil else { return nil }
        let (first, second) = (parts(left), parts(right))
        guard first.isNegative == second.isNegative else { return first.isNegative ? -1 : 1 }
        let smaller = (first.whole.utf8.count, first.whole, first.fraction) < (second.whole.utf8.count, second.whole, second.fraction)
        let equal = first.whole == second.whole && first.fraction == second.fraction
        return equal ? 0 : smaller == first.isNegative ? 1 : -1
    }

    /// Digits without the zeros that say nothing; zero itself has none and no sign.
    private static func parts(_ text: String) -> (isNegative: Bool, whole: String, fraction: String) {
        let digits = text.hasPrefix("-") ? text.dropFirst() : Substring(text)
        let halves = digits.split(separator: ".", omittingEmptySubsequences: false)
        let whole = String(halves[0].drop { $0 == "0" })
        let fraction = String((halves.count > 1 ? String(halves[1]) : "").reversed().drop { $0 == "0" }.reversed())
        return (text.hasPrefix("-") && !(whole.isEmpty && fraction.isEmpty), whole, fraction)
    }
}

extension Criterion.Comparison {
    /// Whether it holds between two numbers of that order.
    func holds(_ order: Int) -> Bool {
        switch self {
        case .atLeast: order >= 0
        case .atMost: order <= 0
        case .greater: order > 0
        case .less: order < 0
        case .equal: order == 0
        case .notEqual: order != 0
        }
    }
}
