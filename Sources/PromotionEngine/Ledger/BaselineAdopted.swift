/// A version that the files held before any promotion is taken as the cell's baseline (`design.md` section 4, baseline).
public struct BaselineAdopted: FactPayload {
    public let service: String
    public let version: String
    public let stage: String
    public let workflow: String
    public let digest: String?
    /// The commit that the files were read from.
    public let commit: String
    /// The version is a name that moves, such as `latest` or `main`: what runs cannot be told from it.
    public let floating: Bool
    /// All versions that the fields speak of, where they disagree; empty where they agree.
    public let mixed: [String]
    public let reason: String

    public init(
        service: String, version: String, stage: String, workflow: String, digest: String?, commit: String,
        floating: Bool, mixed: [String], reason: String
    ) {
        self.service = service
        self.version = version
        self.stage = stage
        self.workflow = workflow
        self.digest = digest
        self.commit = commit
        self.floating = floating
        self.mixed = mixed
        self.reason = reason
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        service = try fields.string("service")
        version = try fields.string("version")
        stage = try fields.string("stage")
        workflow = try fields.string("workflow")
        digest = try fields.optionalString("digest")
        commit = try fields.string("commit")
        floating = try fields.flag("floating")
        mixed = try fields.strings("mixed")
        reason = try fields.string("reason")
    }

    var members: [String: JSONValue] {
        var members: [String: JSONValue] = [
            "service": .string(service), "version": .string(version), "stage": .string(stage),
            "workflow": .string(workflow), "commit": .string(commit), "reason": .string(reason),
        ]
        members.set("digest", digest)
        members.set("mixed", mixed)
        if floating { members["floating"] = true }
        return members
    }
}
