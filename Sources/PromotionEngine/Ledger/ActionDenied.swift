/// Somebody tried what they may not do (`design.md` section 5, `permissions`).
public struct ActionDenied: FactPayload {
    /// As `permissions` name it: `promote`, `approve`.
    public let action: String
    /// Nil for an action that is about all services.
    public let service: String?
    public let stage: String?
    public let version: String?
    public let workflow: String?
    /// Why, as the person was told.
    public let reason: String

    public init(
        action: String, service: String?, stage: String?, version: String?, workflow: String?, reason: String
    ) {
        self.action = action
        self.service = service
        self.stage = stage
        self.version = version
        self.workflow = workflow
        self.reason = reason
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        action = try fields.string("action")
        service = try fields.optionalString("service")
        stage = try fields.optionalString("stage")
        version = try fields.optionalString("version")
        workflow = try fields.optionalString("workflow")
        reason = try fields.string("reason")
    }

    var members: [String: JSONValue] {
        var members: [String: JSONValue] = ["action": .string(action), "reason": .string(reason)]
        members.set("service", service)
        members.set("stage", stage)
        members.set("version", version)
        members.set("workflow", workflow)
        return members
    }

    /// What it was about, in words.
    var subject: String {
        let what = [service, version].compactMap(\.self).joined(separator: " ")
        return (what.isEmpty ? "" : " \(what)") + (stage.map { " to \($0)" } ?? "")
    }
}
