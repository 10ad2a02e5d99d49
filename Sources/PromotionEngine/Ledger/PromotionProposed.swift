/// A branch, and perhaps a pull request, holds a promotion's values and waits to be merged.
///
/// A later one of the same promotion takes its place: the branch was made anew.
public struct PromotionProposed: FactPayload {
    public let subject: PromotionSubject
    public let planDigest: String
    /// The commit of the target branch that the proposed one stands on.
    public let base: String
    /// Without `refs/heads/`.
    public let branch: String
    /// The commit that is proposed.
    public let head: String
    /// SHA-256 over the files that it writes, by which one tells whether it must be made anew.
    public let content: String
    /// As the forge names it; nil for a branch that people merge.
    public let number: String?
    public let url: String?
    /// The forge with its host; nil for a branch that people merge.
    public let forge: String?
    public let edits: [FieldEdit]

    public init(
        subject: PromotionSubject, planDigest: String, base: String, branch: String, head: String, content: String,
        number: String? = nil, url: String? = nil, forge: String? = nil, edits: [FieldEdit]
    ) {
        self.subject = subject
        self.planDigest = planDigest
        self.base = base
        self.branch = branch
        self.head = head
        self.content = content
        self.number = number
        self.url = url
        self.forge = forge
        self.edits = edits
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        subject = try PromotionSubject(fields)
        planDigest = try fields.string("plan_digest")
        base = try fields.string("base")
        branch = try fields.string("branch")
        head = try fields.string("head")
        content = try fields.string("content")
        number = try fields.optionalString("number")
        url = try fields.optionalString("url")
        forge = try fields.optionalString("forge")
        var edits: [FieldEdit] = []
        for item in try fields.list("edits") { edits.append(try FieldEdit(JSONFields(item, "edit"))) }
        self.edits = edits
    }

    var members: [String: JSONValue] {
        var members = subject.members
        members["plan_digest"] = .string(planDigest)
        members["base"] = .string(base)
        members["branch"] = .string(branch)
        members["head"] = .string(head)
        members["content"] = .string(content)
        members.set("number", number)
        members.set("url", url)
        members.set("forge", forge)
        if !edits.isEmpty { members["edits"] = .array(edits.map(\.json)) }
        return members
    }
}
