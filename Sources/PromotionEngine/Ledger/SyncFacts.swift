/// Where an agent's server is and how one proves oneself to it; secrets only by reference.
public struct AgentPlace: Sendable, Hashable {
    public let server: String
    /// The environment variable with the token.
    public let tokenEnvironment: String
    public let appNamespace: String?
    public let project: String?

    public init(server: String, tokenEnvironment: String, appNamespace: String? = nil, project: String? = nil) {
        self.server = server
        self.tokenEnvironment = tokenEnvironment
        self.appNamespace = appNamespace
        self.project = project
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        server = try fields.string("server")
        tokenEnvironment = try fields.string("token_env")
        appNamespace = try fields.optionalString("app_namespace")
        project = try fields.optionalString("project")
    }

    var members: [String: JSONValue] {
        var members: [String: JSONValue] = ["server": .string(server), "token_env": .string(tokenEnvironment)]
        members.set("app_namespace", appNamespace)
        members.set("project", project)
        return members
    }
}

/// Automated syncs are about to be switched off for a promotion. Recorded before they are, with all that is needed to switch them
/// on again, so that whoever comes next can.
public struct SyncPaused: FactPayload {
    public let subject: PromotionSubject
    public let place: AgentPlace
    /// The automated policy of each application, as JSON text; nothing for one that does not sync by itself.
    public let apps: [String: String]
    /// At the latest they sync again so many seconds later, whatever became of the promotion.
    public let limit: Int

    public init(subject: PromotionSubject, place: AgentPlace, apps: [String: String], limit: Int) {
        self.subject = subject
        self.place = place
        self.apps = apps
        self.limit = limit
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        subject = try PromotionSubject(fields)
        place = try AgentPlace(fields)
        apps = try fields.stringMap("apps")
        limit = try fields.int("limit")
    }

    var members: [String: JSONValue] {
        var members = subject.members.merging(place.members) { $1 }
        members.set("apps", apps)
        members["limit"] = .int(limit)
        return members
    }
}

/// The applications that were paused for a promotion sync by themselves again.
public struct SyncResumed: FactPayload {
    public let subject: PromotionSubject
    public let apps: [String]

    public init(subject: PromotionSubject, apps: [String]) {
        self.subject = subject
        self.apps = apps
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        subject = try PromotionSubject(fields)
        apps = try fields.strings("apps")
    }

    var members: [String: JSONValue] {
        var members = subject.members
        members.set("apps", apps)
        return members
    }
}
