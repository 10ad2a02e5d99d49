internal import WorkflowModel

extension Workflow {
    /// How criteria, or the key's declaration, take the values of an evidence key; nil when nothing is known of the key.
    func reading(of key: String) -> EvidenceCounts.Reading? {
        switch evidence[key]?.type {
        case .number: return .number
        case .text: return .verdict
        case .bool: return .bool
        case nil: break
        }
        let kinds = stages.flatMap { $0.entryCriteria + $0.exitCriteria }.filter { $0.key == key }.map(\.kind)
        for kind in kinds {
            switch kind {
            case .number: return .number
            case .text: return .verdict
            default: continue
            }
        }
        return nil
    }
}

/// The value that counts among the attempts at one evidence key, with the parts of a sharded run put together.
struct StandingEvidence {
    enum Value {
        case none
        case value(String)
        /// Parts of the latest run that have not been posted.
        case missing([Int], of: Int)
    }

    let value: Value
    /// The latest post that counts.
    let latest: ReleaseState.Evidence?
    /// What reports counted, all parts summed; nil for a value given outright.
    let counts: EvidenceCounts?

    /// - Parameter attempts: oldest first.
    init(_ attempts: [ReleaseState.Evidence], reading: EvidenceCounts.Reading?) {
        latest = attempts.last
        guard let latest else {
            (value, counts) = (.none, nil)
            return
        }
        guard let part = latest.part, let format = latest.file?.format else {
            (value, counts) = (.value(latest.value), latest.file.map { EvidenceCounts($0.format, $0.counts) })
            return
        }
        let parts = Self.parts(attempts, of: part.count, run: latest.run)
        let missing = (1...part.count).filter { parts[$0] == nil }
        let sum = EvidenceCounts(format, parts: parts.values.compactMap { $0.file?.counts })
        counts = sum
        value = missing.isEmpty
            ? .value(sum.value(reading ?? (format == .sarif ? .verdict : .number))) : .missing(missing, of: part.count)
    }

    /// The latest post of each part of the latest run. Without an id of the run, a part that comes again begins a new one.
    private static func parts(
        _ attempts: [ReleaseState.Evidence], of count: Int, run: String?
    ) -> [Int: ReleaseState.Evidence] {
        var parts: [Int: ReleaseState.Evidence] = [:]
        for attempt in attempts {
            guard let part = attempt.part, part.count == count, attempt.run == run else {
                // Another run's, or a whole report between: without an id nothing before it belongs to what follows.
                if run == nil { parts = [:] }
                continue
            }
            if run == nil, parts[part.number] != nil { parts = [:] }
            parts[part.number] = attempt
        }
        return parts
    }
}
