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
        let upstream = workflow.upstream(of: stage)
        if upstream.isEmpty { return state.newestVersion }
        if upstream.count == 1 { return state.cells[upstream[0].name]?.version }
        let past = upstream.compactMap { state.cells[$0.name]?.version }.filter { version in
            upstream.allSatisfy { passed(version, $0) }
        }
        return past.max { isNewer($1, than: $0) }
    }

    private func passed(_ version: String, _ stage: Stage) -> Bool {
        switch state.releases[version]?.outcomes[stage.name] {
        case .succeeded: true
        case .delivered: stage.health == nil
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
