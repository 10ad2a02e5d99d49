/// What every record of a promotion names.
public struct PromotionSubject: Sendable, Hashable {
    public let promotion: String
    public let service: String
    public let version: String
    public let stage: String
    public let workflow: String

    public init(promotion: String, service: String, version: String, stage: String, workflow: String) {
        self.promotion = promotion
        self.service = service
        self.version = version
        self.stage = stage
        self.workflow = workflow
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        promotion = try fields.string("promotion")
        service = try fields.string("service")
        version = try fields.string("version")
        stage = try fields.string("stage")
        workflow = try fields.string("workflow")
    }

    var members: [String: JSONValue] {
        [
            "promotion": .string(promotion), "service": .string(service), "version": .string(version),
            "stage": .string(stage), "workflow": .string(workflow),
        ]
    }
}

/// Opens a promotion.
public struct PromotionRequested: FactPayload {
    /// Who wanted it: a person by command, or the engine because the stage promotes by itself.
    public enum Trigger: String, Sendable, Hashable {
        case manual, automation, rollback
        /// Puts back what a change from outside took away.
        case restore

        /// What stood before is put back byte for byte; criteria and approvals are not asked.
        public var putsBack: Bool { self == .rollback || self == .restore }
    }

    public let subject: PromotionSubject
    /// The upstream stages, joined by a comma; nil for a first stage.
    public let from: String?
    /// The person who opened the promotion; for automation, who registered the release.
    public let requester: String
    public let trigger: Trigger
    public let planDigest: String
    public let reason: String?
    public let ticket: String?
    /// The version that the stage had, when the promoted one is older.
    public let downgradeFrom: String?
    /// Ids of the gates that the record's initiator wants skipped, for the reason given.
    public let breakGlass: [String]
    /// The train that it is a member of; nil for a promotion by itself.
    public let train: TrainTicket?

    public init(
        subject: PromotionSubject, from: String?, requester: String, trigger: Trigger, planDigest: String,
        reason: String? = nil, ticket: String? = nil, downgradeFrom: String? = nil, breakGlass: [String] = [],
        train: TrainTicket? = nil
    ) {
        self.subject = subject
        self.from = from
        self.requester = requester
        self.trigger = trigger
        self.planDigest = planDigest
        self.reason = reason
        self.ticket = ticket
        self.downgradeFrom = downgradeFrom
        self.breakGlass = breakGlass
        self.train = train
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        subject = try PromotionSubject(fields)
        from = try fields.optionalString("from")
        requester = try fields.string("requester")
        let name = try fields.string("trigger")
        guard let known = Trigger(rawValue: name) else { throw RecordFault("'\(name)' is no trigger") }
        trigger = known
        planDigest = try fields.string("plan_digest")
        reason = try fields.optionalString("reason")
        ticket = try fields.optionalString("ticket")
        downgradeFrom = try fields.optionalString("downgrade_from")
        breakGlass = try fields.strings("break_glass")
        train = try TrainTicket.read(from: fields)
    }

    var members: [String: JSONValue] {
        var members = subject.members
        members.set("from", from)
        members["requester"] = .string(requester)
        members["trigger"] = .string(trigger.rawValue)
        members["plan_digest"] = .string(planDigest)
        members.set("reason", reason)
        members.set("ticket", ticket)
        members.set("downgrade_from", downgradeFrom)
        members.set("break_glass", breakGlass)
        if let train { members["train"] = train.json }
        return members
    }
}

/// The decision: all gates held, by these values and rules, on this commit of the target branch.
public struct PromotionAdmitted: FactPayload {
    public let subject: PromotionSubject
    public let planDigest: String
    /// The commit of the target branch that the plan was made on.
    public let base: String
    public let gates: [Gate]
    /// Subject ids of those whose approvals counted.
    public let approvedBy: [String]
    /// The commit of the delivery branch that may be merged; nil where the promotion is delivered by commit.
    public let head: String?

    /// The train that it goes with; nil for a promotion that goes by itself, whatever it was requested for.
    public let train: TrainTicket?

    public init(
        subject: PromotionSubject, planDigest: String, base: String, gates: [Gate], approvedBy: [String], head: String? = nil,
        train: TrainTicket? = nil
    ) {
        self.subject = subject
        self.planDigest = planDigest
        self.base = base
        self.gates = gates.map(\.recorded)
        self.approvedBy = approvedBy
        self.head = head
        self.train = train
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        subject = try PromotionSubject(fields)
        planDigest = try fields.string("plan_digest")
        base = try fields.string("base")
        var gates: [Gate] = []
        for item in try fields.list("gates") { gates.append(try Gate(recorded: JSONFields(item, "gate"))) }
        self.gates = gates
        approvedBy = try fields.strings("approved_by")
        head = try fields.optionalString("head")
        train = try TrainTicket.read(from: fields)
    }

    var members: [String: JSONValue] {
        var members = subject.members
        members["plan_digest"] = .string(planDigest)
        members["base"] = .string(base)
        if !gates.isEmpty { members["gates"] = .array(gates.map(\.recordedJSON)) }
        members.set("approved_by", approvedBy)
        members.set("head", head)
        if let train { members["train"] = train.json }
        return members
    }
}

/// The values stand on the target branch.
public struct PromotionDelivered: FactPayload {
    public let subject: PromotionSubject
    /// The deploy commit; where no commit was needed, the one that had brought the values.
    public let commit: String
    /// True when the values stood already, so that nothing was committed for this promotion.
    public let unchanged: Bool
    /// True when the commit landed although the admission had been withdrawn.
    public let late: Bool
    /// The gates that were closed when somebody merged what was proposed; empty where it had been admitted.
    public let closedGates: [String]
    /// Every value that stands by it; in a stage with waves also those of the targets that it has not reached.
    public var edits: [FieldEdit]
    /// The step of the stage's rollout that came with it; nil where the release reached all of the stage at once.
    public var step: RolloutStep?

    /// True when somebody merged what was proposed before its gates held.
    public var ungated: Bool { !closedGates.isEmpty }

    public init(
        subject: PromotionSubject, commit: String, unchanged: Bool = false, late: Bool = false, closedGates: [String] = [],
        edits: [FieldEdit], step: RolloutStep? = nil
    ) {
        self.step = step
        self.subject = subject
        self.commit = commit
        self.unchanged = unchanged
        self.late = late
        self.closedGates = closedGates
        self.edits = edits
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        subject = try PromotionSubject(fields)
        commit = try fields.string("commit")
        unchanged = try fields.flag("unchanged")
        late = try fields.flag("late")
        closedGates = try fields.strings("closed_gates")
        var edits: [FieldEdit] = []
        for item in try fields.list("edits") { edits.append(try FieldEdit(JSONFields(item, "edit"))) }
        self.edits = edits
        step = try fields.rolloutStep("step")
    }

    var members: [String: JSONValue] {
        var members = subject.members
        members["commit"] = .string(commit)
        if let step { members["step"] = step.json }
        if unchanged { members["unchanged"] = true }
        if late { members["late"] = true }
        if ungated { members["ungated"] = true }
        members.set("closed_gates", closedGates)
        if !edits.isEmpty { members["edits"] = .array(edits.map(\.json)) }
        return members
    }
}

/// Ends a promotion, or takes its admission back.
public struct PromotionClosed: FactPayload {
    public let subject: PromotionSubject
    public let reason: String

    public init(subject: PromotionSubject, reason: String) {
        self.subject = subject
        self.reason = reason
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        subject = try PromotionSubject(fields)
        reason = try fields.string("reason")
    }

    var members: [String: JSONValue] {
        var members = subject.members
        members["reason"] = .string(reason)
        return members
    }
}
