public import WorkflowModel

/// Which release's values shall stand in which stage of which service.
public struct EditIntent: Sendable, Hashable {
    public let workflow: String
    public let service: Service
    public let stage: Stage
    public let updates: [Update]
    public let release: Release
    /// The upstream stages, joined by a comma; empty for a first stage.
    public let from: String

    /// - Parameter step: the step of the stage's rollout whose values are meant, from 1; 0 whatever the growing value is; nil the
    ///   last one, by which all that the stage's updates speak of is read.
    public init(workflow: Workflow, service: Service, stage: Stage, release: Release, step: Int? = nil) {
        self.workflow = workflow.name
        self.service = service
        self.stage = stage
        self.updates = stage.updates(workflow.updates(for: service, in: stage), atStep: step)
        self.release = release
        from = workflow.upstream(of: stage).map(\.name).joined(separator: ",")
    }

    private init(_ intent: EditIntent, updates: [Update], release: Release) {
        workflow = intent.workflow
        service = intent.service
        stage = intent.stage
        self.updates = updates
        self.release = release
        from = intent.from
    }

    /// The same intent for one target of the stage: `{target}` and the target's own variables have values.
    public func aiming(at target: RolloutTarget?) -> EditIntent {
        guard let target else { return self }
        var service = service
        service.vars[RolloutTarget.placeholder] = target.name
        service.vars.merge(target.vars) { $1 }
        return EditIntent(self, service: service)
    }

    private init(_ intent: EditIntent, service: Service) {
        workflow = intent.workflow
        self.service = service
        stage = intent.stage
        updates = intent.updates
        release = intent.release
        from = intent.from
    }

    /// The same intent by one of its updates alone.
    public func keeping(_ update: Update) -> EditIntent { EditIntent(self, updates: [update], release: release) }

    /// Some of its updates for another release.
    public func keeping(_ updates: [Update], for release: Release) -> EditIntent {
        EditIntent(self, updates: updates, release: release)
    }
}

/// What a path of the target branch becomes.
public enum FileContent: Sendable, Hashable {
    case bytes([UInt8])
    /// An object that the repository has already, by its id, with the mode that it gets (as Git counts: 0o100644).
    case object(id: String, mode: UInt32)
    case removed
}

/// What an intent would write on one commit of the target branch.
public struct EditPlan: Sendable, Hashable {
    /// The commit that the edits were computed on.
    public let base: String
    /// Every declared field in the order of the updates, also those that stand already.
    public let edits: [FieldEdit]
    /// The files that change, by path; of a copied folder each file that differs.
    public let files: [String: FileContent]

    public init(base: String, edits: [FieldEdit], files: [String: FileContent]) {
        self.base = base
        self.edits = edits
        self.files = files
    }

    public var changes: Bool { !files.isEmpty }

    /// Every path whose content the plan speaks of: files, and folders that are copied as a whole.
    public var paths: Set<String> {
        Set(files.keys).union(edits.lazy.filter(\.isObject).map(\.file))
    }

    /// True when the plan writes one of the paths, or inside of it, or a folder around it.
    public func touches(_ others: Set<String>) -> Bool {
        if others.isEmpty { return false }
        // Others may be thousands: their number must not count for each plan.
        if !paths.isDisjoint(with: others) { return true }
        let folders = edits.filter(\.isObject).map { $0.file + "/" }
        if !folders.isEmpty, others.contains(where: { other in folders.contains { other.hasPrefix($0) } }) { return true }
        return files.keys.contains { path in
            path.indices.contains { path[$0] == "/" && others.contains(String(path[..<$0])) }
        }
    }
}

/// The identity of what an approver said yes to (`design.md` section 6, plan digest).
public enum PlanDigest {
    /// SHA-256 of canonical JSON of branch, sorted edits, and the resolved edge.
    ///
    /// The repository is `.`: the one that holds the workflow, however it was reached. Not the workflow's blob, not
    /// other stages, not messages: only what changes this promotion changes the digest.
    public static func digest(
        branch: String, workflow: Workflow, intent: EditIntent, plan: EditPlan, calendar: ReleaseCalendar = ReleaseCalendar()
    ) -> String {
        func criterion(_ criterion: Criterion) -> JSONValue { Self.criterion(criterion, calendar) }
        let stage = intent.stage
        let exits = workflow.upstream(of: stage).map { before in
            JSONValue.array([.string(before.name), .array(before.exitCriteria.map(criterion))])
        }
        let edits = plan.edits.map { ($0.file, $0.field, $0.old, $0.new) }
            .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
            .map { JSONValue.array([.string($0.0), .string($0.1), .optional($0.2), .optional($0.3)]) }
        let edge: JSONValue = [
            "exit": .array(exits), "entry": .array(stage.entryCriteria.map(criterion)),
            "approvals": .array(stage.approvals.map(approval)),
            "updates": .array(intent.updates.map(update)),
            "delivery": .string(stage.delivery.rawValue), "health": .string(describe(stage.health)),
        ]
        var document: [String: JSONValue] = [
            "repository": ".", "branch": .string(branch), "edits": .array(edits), "edge": edge,
        ]
        // Left out where there is none, so that the digests of other stages stay.
        if let rollout = stage.rollout { document["rollout"] = .string(rollout.declared) }
        return Digest.sha256(JSONValue.object(document).canonicalText)
    }

    /// A window that is named counts with what the calendar says of it.
    private static func criterion(_ criterion: Criterion, _ calendar: ReleaseCalendar) -> JSONValue {
        var parts: [JSONValue] = [.string(criterion.key), .string(criterion.threshold)]
        if case .window(let references) = criterion.kind {
            for case .named(let name) in references { parts.append(.optional(calendar.windows[name]?.description)) }
        }
        return .array(parts)
    }

    private static func approval(_ rule: ApprovalRule) -> JSONValue {
        var members: [String: JSONValue] = [
            "min": .int(rule.minimum), "from": .array(rule.from.map(JSONValue.string)),
            "required": .array(rule.required.map(JSONValue.string)),
            "forbid": .array(rule.forbid.map(\.rawValue).sorted().map(JSONValue.string)),
            "author_must_be_known": .bool(rule.authorMustBeKnown),
            "expires": .optional(rule.expires?.description),
        ]
        // Left out where it is not asked, so that no digest of those who do not use it is another.
        if rule.authenticated { members["authenticated"] = true }
        return .object(members)
    }

    private static func describe(_ health: HealthPolicy?) -> String {
        guard let health else { return "none" }
        var text = health.sources.map { $0.name + $0.declared }.joined(separator: ",")
            + " verify_for=\(health.verifyFor) health_timeout=\(health.healthTimeout) stale_after="
            + (health.staleAfter?.description ?? "none")
        // What is not declared is left out, so that a new key changes no digest of those who do not use it.
        if health.sync == .argocd { text += " sync=argocd" }
        if !health.pausedApps.isEmpty { text += " pause_apps=\(health.pausedApps.joined(separator: ","))" }
        if let timeout = health.syncTimeout { text += " sync_timeout=\(timeout)" }
        for trigger in health.triggers { text += " trigger=\(trigger.declared)" }
        return text
    }
}
