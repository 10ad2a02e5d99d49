/// A person's yes or no, or its withdrawal. It belongs to what it names, not to one promotion (`design.md` section 6).
public struct ApprovalDecision: FactPayload {
    public let service: String
    public let version: String
    public let stage: String
    public let workflow: String
    /// The release's digest, if it has one.
    public let digest: String?
    public let planDigest: String
    /// The open promotion that it was given for, if there was one.
    public let promotion: String?
    public let reason: String?
    /// The forge whose review, or closing of the pull request, it was; nil for a command.
    public let via: String?

    public init(
        service: String, version: String, stage: String, workflow: String, digest: String?, planDigest: String,
        promotion: String?, reason: String?, via: String? = nil
    ) {
        self.service = service
        self.version = version
        self.stage = stage
        self.workflow = workflow
        self.digest = digest
        self.planDigest = planDigest
        self.promotion = promotion
        self.reason = reason
        self.via = via
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        service = try fields.string("service")
        version = try fields.string("version")
        stage = try fields.string("stage")
        workflow = try fields.string("workflow")
        digest = try fields.optionalString("digest")
        planDigest = try fields.string("plan_digest")
        promotion = try fields.optionalString("promotion")
        reason = try fields.optionalString("reason")
        via = try fields.optionalString("via")
    }

    var members: [String: JSONValue] {
        var members: [String: JSONValue] = [
            "service": .string(service), "version": .string(version), "stage": .string(stage),
            "workflow": .string(workflow), "plan_digest": .string(planDigest),
        ]
        members.set("digest", digest)
        members.set("promotion", promotion)
        members.set("reason", reason)
        members.set("via", via)
        return members
    }
}
