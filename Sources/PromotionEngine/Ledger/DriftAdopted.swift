/// A change from outside Gradus was accepted as it is: what the files hold is what is meant to stand.
///
/// It is no evidence: the release, if the version names one, has not passed the stage by it.
public struct DriftAdopted: FactPayload {
    public let service: String
    public let stage: String
    public let workflow: String
    /// The version that the files speak of; nil when none can be told.
    public let version: String?
    /// The newest commit of the change.
    public let commit: String
    /// As that commit names its author, who cannot be the one who accepts it; nil when it is unknown.
    public let author: String?
    public let reason: String

    public init(
        service: String, stage: String, workflow: String, version: String?, commit: String, author: String?, reason: String
    ) {
        self.service = service
        self.stage = stage
        self.workflow = workflow
        self.version = version
        self.commit = commit
        self.author = author
        self.reason = reason
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        service = try fields.string("service")
        stage = try fields.string("stage")
        workflow = try fields.string("workflow")
        version = try fields.optionalString("version")
        commit = try fields.string("commit")
        author = try fields.optionalString("author")
        reason = try fields.string("reason")
    }

    var members: [String: JSONValue] {
        var members: [String: JSONValue] = [
            "service": .string(service), "stage": .string(stage), "workflow": .string(workflow), "commit": .string(commit),
            "reason": .string(reason),
        ]
        members.set("version", version)
        members.set("author", author)
        return members
    }
}
