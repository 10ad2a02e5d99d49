internal import WorkflowModel

extension Conductor {
    /// Looks where files, clusters and stages differ from what is recorded; writes nothing.
    ///
    /// Throws a usage error for unknown services and stages. A cell that cannot be looked at is a failure in the report.
    public func drift(_ selection: CellSelection = CellSelection(), live: (any LiveStatePort)? = nil) throws -> DriftReport {
        try racing("look for drift") {
            let context = try context()
            let cells = try selectedCells(service: selection.service, stage: selection.stage, context.rules)
            let snapshot = try ledger.load(LedgerScope(services: Set(cells.map(\.1.name)), allReleases: true))
            var report = DriftReport()
            for (workflow, service, stage) in cells {
                let state = snapshot.state.service(service.name)
                do {
                    guard let facts = try externalFacts(workflow, service, stage, context, state) else { return nil }
                    if let finding = try overlay(workflow, service, stage, state, facts.externalChanges) {
                        report.findings.append(finding)
                    } else if let live {
                        report.findings += try running(workflow, service, stage, state, live)
                    }
                    report.lags += lags(workflow, service, stage, state)
                } catch {
                    let why = (error as? PromotionError)?.inOneLine ?? "\(error)"
                    report.failures.append(.init(service: service.name, stage: stage.name, message: why))
                }
            }
            return report
        }
    }

    /// Changes that are on record but not accepted, and those that are not on record yet, as one.
    private func overlay(
        _ workflow: Workflow, _ service: Service, _ stage: Stage, _ state: ServiceState, _ unrecorded: [ExternalChange]
    ) throws -> DriftReport.Finding? {
        guard let cell = state.cells[stage.name], cell.isExternal || !unrecorded.isEmpty else { return nil }
        let edits = unrecorded.last?.edits ?? cell.edits
        let version = unrecorded.last.map(\.version) ?? (cell.version == Cell.unknownVersion ? nil : cell.version)
        let commit = unrecorded.last?.commit ?? cell.stay.commit
        return DriftReport.Finding(
            kind: .overlay, service: service.name, stage: stage.name, workflow: workflow.name,
            recorded: cell.isExternal ? state.lastPromoted(in: stage.name)?.version : cell.version, found: version,
            commit: commit, author: try unrecorded.last?.author ?? desired.author(of: commit),
            edits: edits.filter(\.changes), isRecorded: unrecorded.isEmpty)
    }

    /// Where a health source tells that something else runs than Git holds.
    private func running(
        _ workflow: Workflow, _ service: Service, _ stage: Stage, _ state: ServiceState, _ live: any LiveStatePort
    ) throws -> [DriftReport.Finding] {
        guard let policy = stage.health, let cell = state.cells[stage.name], !cell.adopted, let promotion = cell.stay.promotion
        else { return [] }
        let subject = PromotionSubject(
            promotion: promotion, service: service.name, version: cell.version, stage: stage.name, workflow: workflow.name)
        let watch = HealthWatch(
            subject: subject, commit: cell.stay.commit, environment: stage.environment, deliveredAt: cell.stay.since, policy: policy,
            wasHealthy: false, isVerifying: false, now: pace.now)
        let waiting = try cell.rollout.map { rollout in
            try unreached(beyond: rollout.step.number, cell.version, workflow, service, stage, state, at: cell.stay.commit).map(\.place)
        }
        let wrote = cell.edits.filter { waiting?.contains($0.place) != true }.compactMap(\.new)
        let states = try live.live(at: watch, wrote: wrote) { revision in
            try desired.revision(revision, carries: cell.edits, of: cell.stay.commit)
        }
        return states.compactMap { found in
            guard let difference = found.difference else { return nil }
            return DriftReport.Finding(
                kind: .live, service: service.name, stage: stage.name, workflow: workflow.name, recorded: cell.version, found: nil,
                commit: found.revision, author: nil, edits: [], isRecorded: false, reason: "\(found.source): \(difference)")
        }
    }

    private func lags(_ workflow: Workflow, _ service: Service, _ stage: Stage, _ state: ServiceState) -> [DriftReport.Lag] {
        guard let here = state.cells[stage.name] else { return [] }
        return workflow.upstream(of: stage).compactMap { upstream in
            guard let before = state.cells[upstream.name], before.version != here.version else { return nil }
            let behind = state.releasesBetween(here.version, and: before.version)
            // Something newer than upstream was brought here, so nothing lags.
            if let behind, behind < 0 { return nil }
            return DriftReport.Lag(
                service: service.name, stage: stage.name, upstream: upstream.name, version: here.version,
                upstreamVersion: before.version, releases: behind)
        }
    }

    /// Accepts what was changed outside, in every selected cell: it is what is meant to stand, and no evidence.
    ///
    /// Records changes that are not on record first. Throws `notPermitted` when the person wrote one of the commits, or
    /// may not adopt; then nothing of any cell is recorded but the denial.
    public func adoptDrift(_ selection: CellSelection, reason: String, dryRun: Bool = false) throws -> DriftReport {
        try racing("adopt what was changed outside") {
            let context = try context()
            let cells = try selectedCells(service: selection.service, stage: selection.stage, context.rules)
            var snapshot = try decidableState(LedgerScope(services: Set(cells.map(\.1.name)), allReleases: true))
            var report = DriftReport()
            var facts: [Fact] = []
            for (workflow, service, stage) in cells {
                let state = snapshot.state.service(service.name)
                guard let outside = try externalFacts(workflow, service, stage, context, state) else { return nil }
                guard let finding = try overlay(workflow, service, stage, state, outside.externalChanges), let commit = finding.commit
                else { continue }
                guard try authorize(.adopt, workflow, service, stage, version: finding.found, context, &snapshot, dryRun: dryRun)
                else { return nil }
                let authors = Set(outside.externalChanges.map(\.author)).union(finding.author.map { [$0] } ?? [])
                if let own = authors.first(where: { isInitiator($0, context.rules.people) }) {
                    let error = PromotionError(
                        .notPermitted, "\(initiator.id) cannot adopt the change of \(service.name) in \(stage.name): \(own) made it",
                        hint: "somebody else looks at it with `gradus drift --service \(service.name) --stage \(stage.name)` and adopts it")
                    guard
                        try deny(
                            .adopt, workflow, service, stage, version: finding.found, because: "the change is their own", error,
                            &snapshot, dryRun: dryRun)
                    else { return nil }
                }
                facts += outside
                facts.append(
                    .driftAdopted(
                        DriftAdopted(
                            service: service.name, stage: stage.name, workflow: workflow.name, version: finding.found, commit: commit,
                            author: finding.author, reason: reason)))
                report.findings.append(finding)
            }
            if !dryRun, !facts.isEmpty, try append(facts, to: &snapshot) == nil { return nil }
            return report
        }
    }

    /// True when a commit's author, `NAME <MAIL>`, is whoever acts: by mail address, or by a person that has it.
    private func isInitiator(_ author: String, _ people: People) -> Bool {
        guard let open = author.lastIndex(of: "<"), let close = author.lastIndex(of: ">"), open < close else {
            return author == initiator.id
        }
        let mail = String(author[author.index(after: open)..<close])
        if mail == initiator.id || mail == initiator.email { return true }
        if let person = people.people[initiator.id], person.emails.contains(mail) { return true }
        return mail.split(separator: "@").first.map(String.init) == initiator.id && people.people[initiator.id] == nil
    }
}

extension [Fact] {
    fileprivate var externalChanges: [ExternalChange] {
        compactMap { fact in if case .externalChange(let change) = fact { change } else { nil } }
    }
}

extension ServiceState {
    /// The release that a promotion brought to a stage last, and its stay; nil when it is not loaded, there was none, or a
    /// rollback brought the baseline back after it.
    func lastPromoted(in stage: String) -> (version: String, stay: Stay)? {
        if let cell = cells[stage], cell.stay.promotion != nil { return (cell.version, cell.stay) }
        if cells[stage]?.coversBaseline == true { return nil }
        let stays = releases.compactMap { version, release in
            release.finishedStays[stage].flatMap { $0.promotion == nil ? nil : (version: version, stay: $0) }
        }
        // Of a baseline that a rollback brought back no stay is kept: what it took away is nothing to put back.
        guard let last = stays.max(by: { ($0.stay.ended?.seq ?? 0) < ($1.stay.ended?.seq ?? 0) }),
            releases[last.version]?.outcomes[stage] != .rolledBack
        else { return nil }
        return last
    }

    /// How many registrations lie between two releases, negative when `later` was registered first; nil when one is unknown.
    func releasesBetween(_ earlier: String, and later: String) -> Int? {
        guard let first = releases[earlier]?.registeredSeq, let last = releases[later]?.registeredSeq else { return nil }
        let (low, high) = (min(first, last), max(first, last))
        let count = releases.values.filter { $0.registeredSeq > low && $0.registeredSeq <= high }.count
        return first <= last ? count : -count
    }
}
