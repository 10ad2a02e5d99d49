public import WorkflowModel

/// One step of a stage's rollout: which of how many, and what it brings.
public struct RolloutStep: Sendable, Hashable, CustomStringConvertible {
    /// From 1.
    public let number: Int
    /// How many there are.
    public let of: Int
    /// A value, or the names of the targets.
    public let value: String

    public init(number: Int, of: Int, value: String) {
        self.number = number
        self.of = of
        self.value = value
    }

    /// The step of a plan; what lies outside is its first or last one.
    public init(_ number: Int, of plan: RolloutPlan) {
        self.init(number: min(max(number, 1), plan.count), of: plan.count, value: plan.name(of: number))
    }

    public var isLast: Bool { number >= of }

    /// `2 of 4 (25)`.
    public var description: String { "\(number) of \(of) (\(value))" }

    public var json: JSONValue { ["number": .int(number), "of": .int(of), "value": .string(value)] }

    init(_ fields: JSONFields) throws(RecordFault) {
        number = try fields.int("number")
        of = try fields.int("of")
        value = try fields.string("value")
    }
}

extension JSONFields {
    /// Nil when missing.
    func rolloutStep(_ key: String) throws(RecordFault) -> RolloutStep? {
        members[key] == nil ? nil : try RolloutStep(JSONFields(members: object(key)))
    }
}

/// A release that is delivered went one step on in its stage, or one back.
public struct StepDelivered: FactPayload {
    public let subject: PromotionSubject
    /// The step that stands now.
    public let step: RolloutStep
    /// The deploy commit.
    public let commit: String
    /// Every value that stands by the promotion, and what the targets hold that it has not reached.
    public let edits: [FieldEdit]
    /// Why it went back; nil for a step on.
    public let reason: String?

    public init(subject: PromotionSubject, step: RolloutStep, commit: String, edits: [FieldEdit], reason: String? = nil) {
        self.subject = subject
        self.step = step
        self.commit = commit
        self.edits = edits
        self.reason = reason
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        subject = try PromotionSubject(fields)
        guard let step = try fields.rolloutStep("step") else { throw RecordFault("'step' is missing") }
        self.step = step
        commit = try fields.string("commit")
        var edits: [FieldEdit] = []
        for item in try fields.list("edits") { edits.append(try FieldEdit(JSONFields(item, "edit"))) }
        self.edits = edits
        reason = try fields.optionalString("reason")
    }

    var members: [String: JSONValue] {
        var members = subject.members
        members["step"] = step.json
        members["commit"] = .string(commit)
        if !edits.isEmpty { members["edits"] = .array(edits.map(\.json)) }
        members.set("reason", reason)
        return members
    }
}
