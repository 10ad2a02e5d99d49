/// What a forge said of a pull request, and what it was told: recorded when either changes, so that every evaluation reads
/// the same.
public struct ProposalObserved: FactPayload {
    public let subject: PromotionSubject
    public let number: String
    /// The commit that was looked at.
    public let head: String
    public let reviews: [ForgeReview]
    public let checks: [ForgeCheck]
    /// SHA-256 of the title and text that the pull request has; nil before it got one.
    public let text: String?

    public init(
        subject: PromotionSubject, number: String, head: String, reviews: [ForgeReview], checks: [ForgeCheck], text: String?
    ) {
        self.subject = subject
        self.number = number
        self.head = head
        self.reviews = reviews
        self.checks = checks
        self.text = text
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        subject = try PromotionSubject(fields)
        number = try fields.string("number")
        head = try fields.string("head")
        text = try fields.optionalString("text")
        var reviews: [ForgeReview] = []
        for item in try fields.list("reviews") { reviews.append(try ForgeReview(JSONFields(item, "review"))) }
        self.reviews = reviews
        var checks: [ForgeCheck] = []
        for item in try fields.list("checks") { checks.append(try ForgeCheck(JSONFields(item, "check"))) }
        self.checks = checks
    }

    var members: [String: JSONValue] {
        var members = subject.members
        members["number"] = .string(number)
        members["head"] = .string(head)
        members.set("text", text)
        if !reviews.isEmpty { members["reviews"] = .array(reviews.map(\.json)) }
        if !checks.isEmpty { members["checks"] = .array(checks.map(\.json)) }
        return members
    }
}

extension ForgeReview {
    init(_ fields: JSONFields) throws(RecordFault) {
        guard let verdict = Verdict(rawValue: try fields.string("verdict")) else { throw RecordFault("a review's verdict is unknown") }
        self.init(reviewer: try fields.string("reviewer"), verdict: verdict, commit: try fields.optionalString("commit"))
    }

    var json: JSONValue {
        .compact(["reviewer": .string(reviewer), "verdict": .string(verdict.rawValue), "commit": .optional(commit)])
    }
}

extension ForgeCheck {
    init(_ fields: JSONFields) throws(RecordFault) {
        guard let state = State(rawValue: try fields.string("state")) else { throw RecordFault("a check's state is unknown") }
        self.init(name: try fields.string("name"), state: state, url: try fields.optionalString("url"))
    }

    var json: JSONValue { .compact(["name": .string(name), "state": .string(state.rawValue), "url": .optional(url)]) }
}
