/// Declared values that somebody changed without a promotion (`design.md` section 4, recovery).
public struct ExternalChange: FactPayload {
    public let service: String
    public let stage: String
    public let workflow: String
    /// The version that the files speak of now; nil when none can be told.
    public let version: String?
    /// The commit of the target branch that brought the change.
    public let commit: String
    /// As the commit names its author.
    public let author: String
    /// Every declared field: what was recorded before, what stands now.
    public let edits: [FieldEdit]

    public init(
        service: String, stage: String, workflow: String, version: String?, commit: String, author: String,
        edits: [FieldEdit]
    ) {
        self.service = service
        self.stage = stage
        self.workflow = workflow
        self.version = version
        self.commit = commit
        self.author = author
        self.edits = edits
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        service = try fields.string("service")
        stage = try fields.string("stage")
        workflow = try fields.string("workflow")
        version = try fields.optionalString("version")
        commit = try fields.string("commit")
        author = try fields.string("author")
        var edits: [FieldEdit] = []
        for item in try fields.list("edits") { edits.append(try FieldEdit(JSONFields(item, "edit"))) }
        self.edits = edits
    }

    var members: [String: JSONValue] {
        var members: [String: JSONValue] = [
            "service": .string(service), "stage": .string(stage), "workflow": .string(workflow),
            "commit": .string(commit), "author": .string(author), "edits": .array(edits.map(\.json)),
        ]
        members.set("version", version)
        return members
    }
}
