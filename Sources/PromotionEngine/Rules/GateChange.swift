/// One difference between two states of the rules, in terms of what it takes to enter a stage.
public struct GateChange: Sendable, Hashable {
    public enum Effect: String, Sendable, Hashable {
        /// It takes less than before.
        case loosened
        /// It takes more than before.
        case tightened
        /// Another thing is asked; whether that is more or less cannot be told.
        case changed
    }

    public let workflow: String
    public let stage: String
    /// The gate's id, or what decides beside gates: `auto_promote`, `group:NAME`, `permissions`.
    public let gate: String
    public let effect: Effect
    /// What was asked before, in words; nil when nothing was.
    public let from: String?
    /// What is asked now; nil when nothing is.
    public let to: String?

    public init(workflow: String, stage: String, gate: String, effect: Effect, from: String?, to: String?) {
        self.workflow = workflow
        self.stage = stage
        self.gate = gate
        self.effect = effect
        self.from = from
        self.to = to
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        workflow = try fields.string("workflow")
        stage = try fields.string("stage")
        gate = try fields.string("gate")
        let name = try fields.string("effect")
        guard let effect = Effect(rawValue: name) else { throw RecordFault("'\(name)' is no effect of a change of rules") }
        self.effect = effect
        from = try fields.optionalString("from")
        to = try fields.optionalString("to")
    }

    public var json: JSONValue {
        .compact([
            "workflow": .string(workflow), "stage": .string(stage), "gate": .string(gate), "effect": .string(effect.rawValue),
            "from": .optional(from), "to": .optional(to),
        ])
    }

    /// `prod.entry.soak_duration (24h -> 1h)`.
    var summary: String { "\(gate) (\(from ?? "nothing") -> \(to ?? "nothing"))" }
}
