internal import WorkflowModel

/// One cell of the matrix: what the files say, and what the ledger knows about it.
public struct MatrixCell: Sendable {
    public let version: String?
    public let digest: String?
    public let commit: String?
    public let since: Instant?
    public let health: HealthStatus
    /// In the files before any promotion.
    public let adopted: Bool
    /// Declared fields speak of different versions.
    public let mixed: Bool
    /// The version is a name that moves, such as `latest`.
    public var floating: Bool { version.map(VersionName.isFloating) ?? false }
    /// The files do not hold what the last promotion wrote.
    public let drift: Bool
    public let open: Promotion?
    /// How far the release has come in a stage with steps.
    public var rollout: RolloutState?
    /// Those that stand.
    public var holds: [Hold] = []
    /// Those that are on for this cell.
    public var freezes: [Freeze] = []
    /// Why the release that is there must go nowhere any more; nil unless it was yanked.
    public var yanked: ReleaseState.Yank?
    /// Why the files could not be read.
    public let fault: String?

    public var json: JSONValue {
        [
            "version": .optional(version), "digest": .optional(digest), "commit": .optional(commit),
            "since": .optional(since?.description), "health": .string(health.rawValue), "adopted": .bool(adopted),
            "mixed": .bool(mixed), "floating": .bool(floating), "hold": Self.first(holds.map(\.json)),
            "freeze": Self.first(freezes.map { .object($0.members) }), "drift": .bool(drift),
            "yanked": yanked?.json ?? .null, "open": open.map { open in
                [
                    "id": .string(open.id), "version": .string(open.version), "phase": .string(open.phase.rawValue),
                    "branch": .optional(open.proposal?.branch),
                    "pull_request": .optional(open.proposal.flatMap { $0.proposed.url ?? $0.number }),
                ]
            } ?? .null,
            "rollout": rollout?.shown ?? .null, "error": .optional(fault),
        ]
    }

    /// The first of them, with how many there are; null without any.
    private static func first(_ items: [JSONValue]) -> JSONValue {
        guard case .object(var members)? = items.first else { return .null }
        members["count"] = .int(items.count)
        return .object(members)
    }
}

/// What is where, from files: services by stages.
public struct Matrix: Sendable {
    public struct Row: Sendable {
        public let service: String
        public let workflow: String
        /// By stage.
        public let cells: [String: MatrixCell]
    }

    /// All stages of all workflows, each once, in order.
    public let stages: [String]
    public let rows: [Row]

    public var json: JSONValue {
        [
            "apiVersion": "gradus/v1", "kind": "Matrix", "stages": .array(stages.map(JSONValue.string)),
            "services": .array(
                rows.map { row in
                    [
                        "service": .string(row.service), "workflow": .string(row.workflow),
                        "cells": .object(row.cells.mapValues(\.json)),
                    ]
                }),
        ]
    }
}

extension Conductor {
    /// Reads the files of every cell at the tip; nothing is cached that could lie.
    public func matrix(service only: String? = nil) throws -> Matrix {
        let context = try context(for: only.map { [$0] })
        if let only { _ = try locate(only, in: context.rules) }
        var snapshot = try ledger.load(LedgerScope(services: only.map { [$0] }))
        snapshot.state = shown(snapshot.state)
        var stages: [String] = []
        var rows: [Matrix.Row] = []
        for workflow in context.rules.workflows {
            for stage in workflow.stages where !stages.contains(stage.name) { stages.append(stage.name) }
            for service in services(of: workflow, snapshot.state) where only == nil || service.name == only {
                var cells: [String: MatrixCell] = [:]
                for stage in workflow.stages {
                    let state = snapshot.state.service(service.name)
                    var cell = cell(workflow, service, stage, state, context)
                    cell.yanked = cell.version.flatMap { state.releases[$0]?.yanked }
                    cell.rollout = cell.commit == nil ? nil : state.cells[stage.name]?.rollout
                    cell.holds = state.holds.filter { $0.stage == stage.name && $0.isActive(at: pace.now) }
                    cell.freezes = snapshot.state.freezes.filter {
                        $0.isActive(at: pace.now) && $0.scope.covers(workflow: workflow.name, stage: stage.name, service: service.name)
                    }
                    cells[stage.name] = cell
                }
                rows.append(Matrix.Row(service: service.name, workflow: workflow.name, cells: cells))
            }
        }
        return Matrix(stages: stages, rows: rows)
    }

    /// In the seed form no service is declared: those that have releases are shown.
    private func services(of workflow: Workflow, _ state: LedgerState) -> [Service] {
        guard workflow.isSeedForm else { return workflow.services }
        return state.services.keys.sorted().compactMap { workflow.service($0) }
    }

    private func cell(
        _ workflow: Workflow, _ service: Service, _ stage: Stage, _ state: ServiceState, _ context: Context
    ) -> MatrixCell {
        let recorded = state.cells[stage.name]
        let open = state.undelivered(stage.name) ?? state.verifying(stage.name)
        do {
            let observed = try observe(workflow, service, stage, state, context)
            if let recorded, observed.map(recorded.stands(in:)) ?? true {
                return MatrixCell(
                    version: recorded.version == Cell.unknownVersion ? nil : recorded.version,
                    digest: state.releases[recorded.version]?.release.digest ?? observed?.digest,
                    commit: recorded.stay.commit, since: recorded.stay.since,
                    health: recorded.stay.health(at: pace.now, staleAfter: stage.health?.staleAfter),
                    adopted: recorded.adopted,
                    // What a promotion wrote may name versions in parts that are not its own.
                    mixed: recorded.stay.isBaseline && observed?.mixed ?? false,
                    drift: recorded.isExternal, open: open, fault: nil)
            }
            let isPromoted = recorded.map { !$0.adopted } ?? false
            return MatrixCell(
                version: observed?.version, digest: observed?.digest, commit: nil, since: nil, health: .unknown,
                adopted: observed?.version != nil && !isPromoted, mixed: observed?.mixed ?? false, drift: isPromoted,
                open: open, fault: nil)
        } catch {
            let why = (error as? PromotionError)?.inOneLine ?? "\(error)"
            return MatrixCell(
                version: nil, digest: nil, commit: nil, since: nil, health: .unknown, adopted: false, mixed: false,
                drift: false, open: open, fault: why)
        }
    }

    /// Nil for a stage without updates, of which only the ledger knows anything.
    private func observe(
        _ workflow: Workflow, _ service: Service, _ stage: Stage, _ state: ServiceState, _ context: Context
    ) throws -> ObservedCell? {
        let release = state.cells[stage.name].flatMap { state.releases[$0.version]?.release }
            ?? Release(service: service.name, version: "0", workflow: workflow.name)
        let intent = EditIntent(workflow: workflow, service: service, stage: stage, release: release)
        return intent.updates.isEmpty
            ? nil : try desired.observe(intent, known: state.knownReleases, at: tip(of: stage, context))
    }

    /// All releases of a service, or of all, oldest first. Throws a usage error for an undeclared service.
    public func releases(of service: String?) throws -> [ReleaseState] {
        if let service { _ = try locate(service, in: try context(for: [service]).rules) }
        let state = shown(try ledger.load(LedgerScope(services: service.map { [$0] }, allReleases: true)).state)
        return state.services.values.flatMap(\.releases.values).sorted { $0.registeredSeq < $1.registeredSeq }
    }

    /// One release with where it is. Throws a usage error when it is not registered.
    public func showRelease(_ version: String, of service: String) throws -> (release: ReleaseState, state: ServiceState) {
        _ = try locate(service, in: try context(for: [service]).rules)
        let state = shown(try ledger.load(.service(service, version: version)).state).service(service)
        return (try release(version, of: service, in: state), state)
    }
}
