package import WorkflowModel

/// Which version a promotion without `--version` is about, and what automation may enter (`design.md` section 6).
package struct VersionChoice {
    let workflow: Workflow
    let stage: Stage
    let state: ServiceState

    package init(workflow: Workflow, stage: Stage, state: ServiceState) {
        self.workflow = workflow
        self.stage = stage
        self.state = state
    }

    /// The open promotion's version; else what is upstream; in a first stage the release registered last.
    package var byDefault: String? {
        state.undelivered(stage.name)?.version ?? incoming
    }

    /// What is upstream, or registered last, whatever is open.
    package var incoming: String? {
        if stage.queue == .all, let first = queue.first { return first }
        let upstream = workflow.upstream(of: stage)
        if upstream.isEmpty { return state.newestVersion }
        if upstream.count == 1 { return state.cells[upstream[0].name]?.version }
        let past = upstream.compactMap { state.cells[$0.name]?.version }.filter { version in
            upstream.allSatisfy { passed(version, $0) }
        }
        return past.max { isNewer($1, than: $0) }
    }

    /// The versions among the last registered that passed upstream and have not been here, in order of registration.
    var queue: [String] {
        let upstream = workflow.upstream(of: stage)
        let present = state.cells[stage.name]?.version
        return state.recentVersions.filter { version in
            upstream.allSatisfy { passed(version, $0) } && automationMayEnter(version, present: present) && version != present
        }
    }

    /// What automation tries, in this order: where gates take time, an older version that has served it goes before
    /// nothing at all, so that releases in quick succession starve no stage.
    var automatic: [String] {
        switch stage.queue {
        case .all: return queue.first.map { [$0] } ?? []
        case .manual, .latest:
            let newest = incoming
            guard stage.queue == .latest, workflow.keepsOlder(for: stage) else { return newest.map { [$0] } ?? [] }
            let older = queue.filter { $0 != newest }.sorted { isNewer($0, than: $1) }
            return [newest].compactMap(\.self) + older.prefix(Self.mostTried)
        }
    }

    private static let mostTried = 8

    private func passed(_ version: String, _ stage: Stage) -> Bool {
        switch state.releases[version]?.outcomes[stage.name] {
        case .succeeded: true
        case .delivered: stage.isVerifiedByDelivery
        case .failed, .aborted, .rolledBack, nil: false
        }
    }

    private func registration(_ version: String) -> Int { state.releases[version]?.registeredSeq ?? 0 }

    /// True when `version` is newer than `present`: by semantic version when both are one, else by registration.
    ///
    /// A version that was never registered is older than any that was.
    package func isNewer(_ version: String, than present: String) -> Bool {
        if let left = SemanticVersion(version), let right = SemanticVersion(present) { return left > right }
        return registration(version) > registration(present)
    }

    /// Automation enters only newer releases, and never a version that has been in the stage before.
    package func automationMayEnter(_ version: String, present: String?) -> Bool {
        guard let release = state.releases[version], release.finishedStays[stage.name] == nil,
            release.outcomes[stage.name] == nil
        else { return false }
        guard let present, present != version else { return true }
        return isNewer(version, than: present)
    }
}

extension Workflow {
    /// True where a newer release could keep older ones from ever having waited long enough.
    func keepsOlder(for stage: Stage) -> Bool {
        guard stage.autoPromote, stage.queue == .latest else { return false }
        return !stage.approvals.isEmpty
            || (stage.entryCriteria + upstream(of: stage).flatMap(\.exitCriteria)).contains { criterion in
                switch criterion.kind {
                case .soak, .stable, .window: true
                default: false
                }
            }
    }

    /// True when a decision may be about other versions than those that stand somewhere.
    var looksAtRecentReleases: Bool { stages.contains { $0.queue == .all || keepsOlder(for: $0) } }
}
