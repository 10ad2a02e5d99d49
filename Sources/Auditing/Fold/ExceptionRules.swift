import PromotionEngine

/// Which gates an admission skipped by break-glass.
enum BrokenGlass {
    /// Read from the record's own members: the gates that stand in the admission and were not asked.
    static func skipped(by record: LedgerRecord) -> [String] {
        guard case .array(let gates)? = record.json["gates"] else { return [] }
        return gates.filter { $0["skipped"] == true }.compactMap { $0["id"]?.stringValue }
    }
}

/// What makes a change an exception.
enum ExceptionRules {
    static func exceptions(of change: Change) -> [ChangeException] {
        var found: [ChangeException] = []
        if change.isUngated || (change.admittedAt == nil && !change.isLate) { found.append(.ungated) }
        if change.isLate { found.append(.late) }
        if !change.brokenGlass.isEmpty { found.append(change.review == nil ? .breakGlassOpen : .breakGlass) }
        // A rollback goes back to what was approved and tested before (design: not subject to criteria or approvals).
        if change.origin == .promotion {
            if change.separation == .violated { found.append(.selfApproval) }
            if change.approvals.isEmpty { found.append(.noApproval) }
            if change.evidence.isEmpty { found.append(.noEvidence) }
            if change.downgradeFrom != nil { found.append(.downgrade) }
            if !passedAfterFailing(change).isEmpty { found.append(.passAfterFail) }
        }
        if change.outcome == .failed { found.append(.failed) }
        if change.outcome == .rolledBack { found.append(.rolledBack) }
        return found.sorted()
    }

    /// The evidence keys whose deciding value was not the first one, and whose earlier values did not pass.
    static func passedAfterFailing(_ change: Change) -> [Change.Evidence] {
        change.evidence.filter { evidence in
            guard evidence.attempts.count > 1 else { return false }
            let gate = change.gates.first { $0.criterion == evidence.key }
            return evidence.attempts.dropLast().contains { !passes($0.value, like: evidence.value, gate?.threshold) }
        }
    }

    /// Whether an earlier value would have decided as the last one did.
    private static func passes(_ value: String, like last: String, _ threshold: String?) -> Bool {
        guard let number = Double(value), let final = Double(last) else { return value.lowercased() == last.lowercased() }
        // A threshold such as `>= 80` or `<= 0`; without one, what is no worse than the last passes.
        let digits = threshold?.drop { !($0.isNumber || $0 == "-") }.prefix { $0.isNumber || $0 == "." || $0 == "-" }
        let limit = digits.flatMap { Double(String($0)) } ?? final
        let wantsLess = threshold?.contains("<") == true || threshold?.contains("≤") == true
        return wantsLess ? number <= limit : number >= limit
    }
}
