/// Results posted about a release.
public struct EvidencePosted: FactPayload {
    public let service: String
    public let version: String
    /// Counts only for edges that leave this stage; nil: for all.
    public let stage: String?
    /// Texts by evidence key; numbers are decimal texts.
    public let values: [String: String]
    public let ciURL: String?
    /// The report files that values come from.
    public let files: [EvidenceFile]
    /// Where the files are one part of a sharded run.
    public let part: EvidencePart?
    /// The CI's id of the whole run, by which its parts are found together.
    public let run: String?

    public init(
        service: String, version: String, stage: String?, values: [String: String], ciURL: String? = nil,
        files: [EvidenceFile] = [], part: EvidencePart? = nil, run: String? = nil
    ) {
        self.service = service
        self.version = version
        self.stage = stage
        self.values = values
        self.ciURL = ciURL
        self.files = files
        self.part = part
        self.run = run
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        service = try fields.string("service")
        version = try fields.string("version")
        stage = try fields.optionalString("stage")
        values = try fields.stringMap("values")
        ciURL = try fields.optionalString("ci_url")
        var files: [EvidenceFile] = []
        for item in try fields.list("files") { files.append(try EvidenceFile(JSONFields(item, "report file"))) }
        self.files = files
        part = try fields.part("part")
        run = try fields.optionalString("run")
    }

    var members: [String: JSONValue] {
        var members: [String: JSONValue] = [
            "service": .string(service), "version": .string(version),
            "values": .object(values.mapValues(JSONValue.string)),
        ]
        members.set("stage", stage)
        members.set("ci_url", ciURL)
        if !files.isEmpty { members["files"] = .array(files.map(\.json)) }
        members.set("part", part?.description)
        members.set("run", run)
        return members
    }
}

extension JSONFields {
    /// Nil when missing.
    func part(_ key: String) throws(RecordFault) -> EvidencePart? {
        guard let text = try optionalString(key) else { return nil }
        guard let part = EvidencePart(text) else { throw RecordFault("'\(text)' is no part such as 1/3") }
        return part
    }
}

/// What an environment's health was seen to be (`design.md` section 8).
public enum HealthStatus: String, Sendable, Hashable, CaseIterable {
    case healthy = "Healthy"
    case progressing = "Progressing"
    case degraded = "Degraded"
    case suspended = "Suspended"
    case missing = "Missing"
    case unknown = "Unknown"
}

/// One observation of a stage's health at a revision.
public struct HealthObserved: FactPayload {
    public let service: String
    public let version: String
    public let stage: String
    public let status: HealthStatus
    /// The commit of the target branch that the environment ran.
    public let revision: String
    /// The promotion for which this counts; nil when it counts for none, because the revision is another's.
    public let promotion: String?
    /// True when it is about the version that the files held before any promotion of the cell.
    public let baseline: Bool
    /// `probes` when it was looked at; nil when it was reported.
    public let source: String?
    /// Why, in one clause.
    public let message: String?
    /// True when it could not be found out: the status is Unknown then and proves nothing.
    public let errored: Bool
    /// The rollback trigger that fired.
    public let trigger: String?
    /// The trigger wants to go back step by step.
    public let gradual: Bool

    public init(
        service: String, version: String, stage: String, status: HealthStatus, revision: String,
        promotion: String?, baseline: Bool = false, source: String? = nil, message: String? = nil, errored: Bool = false,
        trigger: String? = nil, gradual: Bool = false
    ) {
        self.gradual = gradual
        self.source = source
        self.message = message
        self.errored = errored
        self.trigger = trigger
        self.service = service
        self.version = version
        self.stage = stage
        self.status = status
        self.revision = revision
        self.promotion = promotion
        self.baseline = baseline
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        service = try fields.string("service")
        version = try fields.string("version")
        stage = try fields.string("stage")
        let name = try fields.string("status")
        guard let known = HealthStatus(rawValue: name) else { throw RecordFault("'\(name)' is no health status") }
        status = known
        revision = try fields.string("revision")
        promotion = try fields.optionalString("promotion")
        baseline = try fields.flag("baseline")
        source = try fields.optionalString("source")
        message = try fields.optionalString("message")
        errored = try fields.flag("errored")
        trigger = try fields.optionalString("trigger")
        gradual = try fields.flag("gradual")
    }

    var members: [String: JSONValue] {
        var members: [String: JSONValue] = [
            "service": .string(service), "version": .string(version), "stage": .string(stage),
            "status": .string(status.rawValue), "revision": .string(revision),
        ]
        members.set("promotion", promotion)
        if baseline { members["baseline"] = true }
        members.set("source", source)
        members.set("message", message)
        if errored { members["errored"] = true }
        members.set("trigger", trigger)
        if gradual { members["gradual"] = true }
        return members
    }
}
