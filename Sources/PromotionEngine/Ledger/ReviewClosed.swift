/// Somebody looked at what was admitted past gates (`review.closed`).
public struct ReviewClosed: FactPayload {
    public let review: String
    public let service: String
    public let version: String
    public let stage: String
    public let workflow: String
    public let promotion: String
    /// What was found.
    public let reason: String

    public init(review: String, service: String, version: String, stage: String, workflow: String, promotion: String, reason: String) {
        self.review = review
        self.service = service
        self.version = version
        self.stage = stage
        self.workflow = workflow
        self.promotion = promotion
        self.reason = reason
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        review = try fields.string("review")
        service = try fields.string("service")
        version = try fields.string("version")
        stage = try fields.string("stage")
        workflow = try fields.string("workflow")
        promotion = try fields.string("promotion")
        reason = try fields.string("reason")
    }

    var members: [String: JSONValue] {
        [
            "review": .string(review), "service": .string(service), "version": .string(version), "stage": .string(stage),
            "workflow": .string(workflow), "promotion": .string(promotion), "reason": .string(reason),
        ]
    }
}
