/// Whom a freeze stops; what is nil is not asked about.
public struct FreezeScope: Sendable, Hashable, CustomStringConvertible {
    public var workflow: String?
    public var stage: String?
    public var service: String?

    public init(workflow: String? = nil, stage: String? = nil, service: String? = nil) {
        (self.workflow, self.stage, self.service) = (workflow, stage, service)
    }

    public func covers(workflow: String?, stage: String?, service: String?) -> Bool {
        (self.workflow == nil || self.workflow == workflow) && (self.stage == nil || self.stage == stage)
            && (self.service == nil || self.service == service)
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        workflow = try fields.optionalString("workflow")
        stage = try fields.optionalString("stage")
        service = try fields.optionalString("service")
    }

    public var json: JSONValue {
        .compact(["workflow": .optional(workflow), "stage": .optional(stage), "service": .optional(service)])
    }

    public var description: String {
        let parts = [service.map { "service \($0)" }, stage.map { "stage \($0)" }, workflow.map { "workflow \($0)" }].compactMap(\.self)
        return parts.isEmpty ? "everything" : parts.joined(separator: ", ")
    }
}

/// A time in which nothing new is admitted (`freeze.added`).
public struct Freeze: FactPayload {
    public let id: String
    public let scope: FreezeScope
    public internal(set) var owner: String
    public internal(set) var reason: String
    public let start: Instant
    /// Nil: until it is removed.
    public let until: Instant?
    /// Rollbacks, which freezes let through otherwise, wait too.
    public let includesRollbacks: Bool

    public init(
        id: String, scope: FreezeScope, owner: String, reason: String, start: Instant, until: Instant?,
        includesRollbacks: Bool = false
    ) {
        self.id = id
        self.scope = scope
        self.owner = owner
        self.reason = reason
        self.start = start
        self.until = until
        self.includesRollbacks = includesRollbacks
    }

    public func isActive(at time: Instant) -> Bool { start <= time && (until.map { time < $0 } ?? true) }

    init(_ fields: JSONFields) throws(RecordFault) {
        id = try fields.string("freeze")
        // Not members of their own: the record is about no single service.
        scope = try FreezeScope(JSONFields(members: fields.object("scope")))
        owner = try fields.string("owner")
        reason = try fields.string("reason")
        start = try fields.time("start")
        until = try fields.optionalTime("until")
        includesRollbacks = try fields.flag("include_rollbacks")
    }

    public var members: [String: JSONValue] {
        var members: [String: JSONValue] = [
            "freeze": .string(id), "scope": scope.json, "owner": .string(owner), "reason": .string(reason),
            "start": .string(start.description),
        ]
        members.set("until", until?.description)
        if includesRollbacks { members["include_rollbacks"] = true }
        return members
    }
}

/// Ends a freeze before its time (`freeze.removed`).
public struct FreezeRemoved: FactPayload {
    public let id: String
    public let reason: String?

    public init(id: String, reason: String?) { (self.id, self.reason) = (id, reason) }

    init(_ fields: JSONFields) throws(RecordFault) {
        id = try fields.string("freeze")
        reason = try fields.optionalString("reason")
    }

    var members: [String: JSONValue] {
        var members: [String: JSONValue] = ["freeze": .string(id)]
        members.set("reason", reason)
        return members
    }
}

/// A person's stop of one service in one stage (`hold.added`).
public struct HoldAdded: FactPayload {
    public let id: String
    public let service: String
    public let stage: String
    public let workflow: String
    public let owner: String
    public let reason: String
    /// Nil: until it is removed.
    public let until: Instant?
    /// The rollback that added it; nil for a hold by hand.
    public let rollback: String?

    public init(
        id: String, service: String, stage: String, workflow: String, owner: String, reason: String, until: Instant?,
        rollback: String? = nil
    ) {
        self.id = id
        self.service = service
        self.stage = stage
        self.workflow = workflow
        self.owner = owner
        self.reason = reason
        self.until = until
        self.rollback = rollback
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        id = try fields.string("hold")
        service = try fields.string("service")
        stage = try fields.string("stage")
        workflow = try fields.string("workflow")
        owner = try fields.string("owner")
        reason = try fields.string("reason")
        until = try fields.optionalTime("until")
        rollback = try fields.optionalString("rollback")
    }

    var members: [String: JSONValue] {
        var members: [String: JSONValue] = [
            "hold": .string(id), "service": .string(service), "stage": .string(stage), "workflow": .string(workflow),
            "owner": .string(owner), "reason": .string(reason),
        ]
        members.set("until", until?.description)
        members.set("rollback", rollback)
        return members
    }
}

/// Ends a hold (`hold.removed`).
public struct HoldRemoved: FactPayload {
    public let id: String
    public let service: String
    public let stage: String
    public let reason: String?

    public init(id: String, service: String, stage: String, reason: String?) {
        (self.id, self.service, self.stage, self.reason) = (id, service, stage, reason)
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        id = try fields.string("hold")
        service = try fields.string("service")
        stage = try fields.string("stage")
        reason = try fields.optionalString("reason")
    }

    var members: [String: JSONValue] {
        var members: [String: JSONValue] = ["hold": .string(id), "service": .string(service), "stage": .string(stage)]
        members.set("reason", reason)
        return members
    }
}

/// Says that a release must go nowhere any more (`release.yanked`).
public struct ReleaseYanked: FactPayload {
    public let service: String
    public let version: String
    public let reason: String

    public init(service: String, version: String, reason: String) {
        (self.service, self.version, self.reason) = (service, version, reason)
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        service = try fields.string("service")
        version = try fields.string("version")
        reason = try fields.string("reason")
    }

    var members: [String: JSONValue] {
        ["service": .string(service), "version": .string(version), "reason": .string(reason)]
    }
}
