internal import WorkflowModel

/// One service in two stages.
public struct StageComparison: Sendable {
    public struct Side: Sendable {
        /// Nil when none can be told.
        public let version: String?
        /// The commit that the files were read from.
        public let tip: String
        /// The declared files in the order of the updates.
        public let files: [String]
        /// The source commit of the release.
        public let source: String?
    }

    public struct Between: Sendable {
        public let version: String
        public let registeredAt: Instant
        public let registeredBy: String
        public let commit: String?
    }

    /// One commit of the source between the two releases.
    public struct Change: Sendable, Hashable {
        public let commit: String
        public let subject: String
        public let author: String

        public init(commit: String, subject: String, author: String) {
            self.commit = commit
            self.subject = subject
            self.author = author
        }
    }

    public let service: String
    public let workflow: String
    public let first: Side
    public let second: Side
    /// The releases after the older version up to the newer one, in order of registration.
    public let releases: [Between]
    /// Nil when one of the versions is not registered, or they are the same.
    public let isFirstNewer: Bool?
    /// The source commits between, newest first; empty where they cannot be read.
    public var changes: [Change] = []
    /// The unified difference of the files; empty where nobody asked.
    public var patch = ""

    /// The versions that no release is registered for, so that nothing lies between.
    public var unregistered: [String] = []

    public var isSame: Bool { first.version == second.version && first.version != nil }

    /// The source commits of the older and the newer release; nil unless both name theirs.
    public var range: (older: String, newer: String)? {
        guard let isFirstNewer, let one = first.source, let other = second.source, one != other else { return nil }
        return isFirstNewer ? (other, one) : (one, other)
    }

    public var json: JSONValue {
        func side(_ side: Side) -> JSONValue {
            ["version": .optional(side.version), "commit": .optional(side.source), "files": .array(side.files.map(JSONValue.string))]
        }
        return [
            "service": .string(service), "workflow": .string(workflow), "from": side(first), "to": side(second),
            "same": .bool(isSame),
            "releases": .array(
                releases.map {
                    [
                        "version": .string($0.version), "registered_at": .string($0.registeredAt.description),
                        "registered_by": .string($0.registeredBy), "commit": .optional($0.commit),
                    ]
                }),
            "commit_range": range.map { .string("\($0.older)..\($0.newer)") } ?? .null,
            "changes": .array(
                changes.map { ["commit": .string($0.commit), "subject": .string($0.subject), "author": .string($0.author)] }),
            "diff": .string(patch),
        ]
    }
}

extension Conductor {
    /// What two stages hold, service by service, by their files. Throws a usage error for unknown stages and services.
    public func compare(_ first: String, _ second: String, service only: String? = nil) throws -> [StageComparison] {
        let context = try context()
        if let only { _ = try locate(only, in: context.rules) }
        let known = context.rules.workflows.flatMap { $0.stages.map(\.name) }
        for name in [first, second] where !known.contains(name) {
            throw PromotionError(
                .usage, "no workflow has a stage '\(name)'",
                hint: "stages: \(Set(known).sorted().joined(separator: ", "))\(suggestion(name, known))")
        }
        let snapshot = try ledger.load(LedgerScope(services: only.map { [$0] }, allReleases: true))
        var comparisons: [StageComparison] = []
        for workflow in context.rules.workflows {
            guard let one = workflow.stage(first), let other = workflow.stage(second) else { continue }
            for service in workflow.services where only == nil || service.name == only {
                let state = snapshot.state.service(service.name)
                let sides = (try side(workflow, service, one, state, context), try side(workflow, service, other, state, context))
                comparisons.append(comparison(workflow, service, sides.0, sides.1, state))
            }
        }
        return comparisons
    }

    private func side(
        _ workflow: Workflow, _ service: Service, _ stage: Stage, _ state: ServiceState, _ context: Context
    ) throws -> StageComparison.Side {
        let recorded = state.cells[stage.name]
        let release = recorded.flatMap { state.releases[$0.version]?.release }
            ?? Release(service: service.name, version: "0", workflow: workflow.name)
        let intent = EditIntent(workflow: workflow, service: service, stage: stage, release: release)
        let tip = try tip(of: stage, context)
        let observed = intent.updates.isEmpty ? nil : try desired.observe(intent, known: state.knownReleases, at: tip)
        let stands = recorded.map { cell in observed.map(cell.stands(in:)) ?? true } ?? false
        let version = stands && recorded?.version != Cell.unknownVersion ? recorded?.version : observed?.version
        var files: [String] = []
        for field in observed?.fields ?? [] where !files.contains(field.file) { files.append(field.file) }
        return StageComparison.Side(
            version: version, tip: tip, files: files, source: version.flatMap { state.releases[$0]?.release.commit })
    }

    private func comparison(
        _ workflow: Workflow, _ service: Service, _ first: StageComparison.Side, _ second: StageComparison.Side, _ state: ServiceState
    ) -> StageComparison {
        let ends = [first, second].map { $0.version.flatMap { state.releases[$0]?.registeredSeq } }
        var between: [ReleaseState] = []
        var isFirstNewer: Bool?
        if let one = ends[0], let other = ends[1], one != other {
            isFirstNewer = one > other
            between = state.releases.values.filter { $0.registeredSeq > min(one, other) && $0.registeredSeq <= max(one, other) }
        }
        return StageComparison(
            service: service.name, workflow: workflow.name, first: first, second: second,
            releases: between.sorted { $0.registeredSeq < $1.registeredSeq }.map {
                .init(version: $0.version, registeredAt: $0.registeredAt, registeredBy: $0.registeredBy, commit: $0.release.commit)
            }, isFirstNewer: isFirstNewer,
            unregistered: [first, second].compactMap(\.version).filter { state.releases[$0] == nil })
    }
}
