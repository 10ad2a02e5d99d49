/// How far a delivered release has come in its stage.
public struct RolloutState: Sendable, Hashable {
    public let step: RolloutStep
    /// When the step was recorded.
    public let since: Instant
    /// How many observations of the stay were made before the step: they say nothing about it.
    let observed: Int
    /// Why it goes back; nil while it goes on.
    public let retreat: String?

    init(step: RolloutStep, since: Instant, observed: Int = 0, retreat: String? = nil) {
        self.step = step
        self.since = since
        self.observed = observed
        self.retreat = retreat
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        guard let step = try fields.rolloutStep("step") else { throw RecordFault("a rollout has no step") }
        self.step = step
        since = try fields.time("since")
        observed = try fields.int("observed")
        retreat = try fields.optionalString("retreat")
    }

    /// As documents show it.
    public var shown: JSONValue {
        guard case .object(var members) = step.json else { return .null }
        members["since"] = .string(since.description)
        members["retreat"] = .optional(retreat)
        return .object(members)
    }

    var json: JSONValue {
        .compact([
            "step": step.json, "since": .string(since.description), "observed": .int(observed), "retreat": .optional(retreat),
        ])
    }
}

extension Cell {
    /// The stay as far as it is about the step that stands: it begins with the step.
    var stayInStep: Stay {
        guard let rollout else { return stay }
        var part = stay
        part.since = rollout.since
        part.observations = Array(stay.observations.dropFirst(rollout.observed))
        return part
    }
}

extension ServiceState {
    /// Folds a step: what stands and since when, in which commit.
    mutating func advance(_ delivered: StepDelivered, _ record: LedgerRecord) {
        let place = delivered.subject.stage
        guard var cell = cells[place], cell.stay.promotion == delivered.subject.promotion else { return }
        cell.rollout = RolloutState(
            step: delivered.step, since: record.at, observed: cell.stay.observations.count, retreat: delivered.reason)
        cell.stay.commit = delivered.commit
        cell.edits = delivered.edits
        cells[place] = cell
    }
}
