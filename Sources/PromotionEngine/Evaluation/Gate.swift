/// The answer of one gate (`design.md` section 6).
public enum Verdict: String, Sendable, Hashable {
    case passed
    /// The answer is no.
    case failed
    /// Not yet.
    case waiting
    /// Could not find out; as closed as `failed`, but nobody said no.
    case errored
}

/// One decision point with everything that people need to understand it.
public struct Gate: Sendable, Hashable {
    /// `<stage>.entry.<criterion>`, `<stage>.exit.<criterion>`, or the bare name of an implicit gate.
    public let id: String
    public let criterion: String
    public let verdict: Verdict
    /// What was found; nil when there is nothing.
    public let value: String?
    /// What must hold.
    public let threshold: String?
    public let reason: String
    /// Where the value comes from: who posted it and when.
    public let source: String?
    public let since: Instant?
    /// The earliest time at which the verdict can change by itself.
    public let nextCheck: Instant?
    /// The command that clears the gate, or a part of it.
    public var clearWith: String?
    /// Somebody broke glass: the verdict stands on record and is not asked.
    public var isSkipped = false

    public init(
        id: String, criterion: String, verdict: Verdict, value: String? = nil, threshold: String? = nil,
        reason: String, source: String? = nil, since: Instant? = nil, nextCheck: Instant? = nil,
        clearWith: String? = nil
    ) {
        self.id = id
        self.criterion = criterion
        self.verdict = verdict
        self.value = value
        self.threshold = threshold
        self.reason = reason
        self.source = source
        self.since = since
        self.nextCheck = nextCheck
        self.clearWith = clearWith
    }

    /// The document of the contract, section 7.
    public var json: JSONValue {
        [
            "id": .string(id), "criterion": .string(criterion), "verdict": .string(verdict.rawValue),
            "value": .optional(value), "threshold": .optional(threshold), "reason": .string(reason),
            "source": .optional(source), "since": .optional(since?.description),
            "next_check": .optional(nextCheck?.description), "clear_with": .optional(clearWith),
            "skipped": .bool(isSkipped),
        ]
    }

    /// What an admission keeps of a gate: the facts, without advice.
    var recorded: Gate {
        var kept = Gate(
            id: id, criterion: criterion, verdict: verdict, value: value, threshold: threshold, reason: "",
            source: source)
        kept.isSkipped = isSkipped
        return kept
    }

    /// The same gate, not asked.
    var skipped: Gate {
        var gate = self
        gate.isSkipped = true
        return gate
    }

    var recordedJSON: JSONValue {
        .compact([
            "id": .string(id), "verdict": .string(verdict.rawValue), "value": .optional(value),
            "threshold": .optional(threshold), "source": .optional(source), "skipped": isSkipped ? true : .null,
        ])
    }

    init(recorded fields: JSONFields) throws(RecordFault) {
        guard let verdict = Verdict(rawValue: try fields.string("verdict")) else {
            throw RecordFault("a gate's verdict is unknown")
        }
        let id = try fields.string("id")
        self.init(
            // A stage has no dot in its name; a criterion may have.
            id: id, criterion: id.split(separator: ".", maxSplits: 2).last.map(String.init) ?? id, verdict: verdict,
            value: try fields.optionalString("value"), threshold: try fields.optionalString("threshold"), reason: "",
            source: try fields.optionalString("source"))
        isSkipped = try fields.flag("skipped")
    }
}

extension [Gate] {
    /// Any failed gate refuses; else any errored one; else any waiting one. Those that are skipped are not asked.
    public var overall: Verdict {
        let asked = Set(lazy.filter { !$0.isSkipped }.map(\.verdict))
        return [.failed, .errored, .waiting].first(where: asked.contains) ?? .passed
    }
}
