internal import WorkflowModel

/// What came of a command that only writes its record.
public struct RecordReport: Sendable {
    /// Nil when the same was recorded before.
    public let record: LedgerRecord?
    /// Who or what goes on now.
    public let next: String
    /// A dry run, which would have recorded something.
    public var isPlanned = false
    /// All new records, where there are several: one for each member of a train.
    public var records: [LedgerRecord] = []

    /// What was asked for is on record already.
    public static func unchanged(next: String) -> RecordReport { RecordReport(record: nil, next: next) }

    public var json: JSONValue {
        var members: [String: JSONValue] = [
            "apiVersion": "gradus/v1", "kind": "Record",
            "result": isPlanned ? "planned" : record == nil ? "unchanged" : "recorded",
            "record": record?.exported ?? .null, "next": .string(next),
        ]
        if records.count > 1 { members["records"] = .array(records.map(\.exported)) }
        return .object(members)
    }
}

extension Conductor {
    /// Registers a version. Throws a conflict when the version is registered with other content.
    public func register(_ release: Release, dryRun: Bool = false) throws -> RecordReport {
        try checkVersion(release.version)
        return try racing("register \(release.service) \(release.version)") {
            let context = try context(for: [release.service])
            let (workflow, service) = try locate(release.service, in: context.rules)
            var snapshot = try decidableState(.service(service.name, version: release.version))
            let registered = Release(
                service: release.service, version: release.version, workflow: workflow.name, images: release.images,
                charts: release.charts, commit: release.commit, authors: release.authors, ciURL: release.ciURL,
                contains: release.contains, irreversible: release.irreversible)
            let next = entryAdvice(workflow, service.name, release.version)
            if let before = snapshot.state.service(service.name).releases[release.version] {
                let differences = before.release.differences(from: registered)
                guard differences.isEmpty else {
                    throw PromotionError(
                        .conflict,
                        "\(release.service) \(release.version) is registered with other content: \(differences.joined(separator: ", "))",
                        causes: ["registered by \(before.registeredBy) at \(before.registeredAt) as record \(before.registeredSeq)"],
                        hint: "a release never changes: give the new content a new version")
                }
                return RecordReport(record: nil, next: next)
            }
            return try write(.releaseRegistered(registered), to: &snapshot, next: next, dryRun: dryRun)
        }
    }

    private func entryAdvice(_ workflow: Workflow, _ service: String, _ version: String) -> String {
        guard let first = workflow.stages.first(where: \.after.isEmpty) else { return "" }
        return first.autoPromote
            ? "`gradus reconcile` brings it to \(first.name) when its gates hold"
            : "bring it to \(first.name) with `gradus promote \(service) --to \(first.name) --version \(version)`"
    }

    private func checkVersion(_ version: String) throws {
        guard let fault = VersionName.fault(in: version) else { return }
        throw PromotionError(
            .usage, "'\(VersionName.shown(version))' is not a version: \(fault)",
            hint: "use letters, digits, '.', '_', '+' and '-', such as 1.4.2 or 2026-10-15.1")
    }

    /// Records evidence about a registered release. Throws a usage error for unknown services, stages, versions and keys of the wrong type.
    public func post(
        _ given: [String: String], files: [EvidenceFile] = [], part: EvidencePart? = nil, run: String? = nil,
        service name: String, version: String, stage: String?, ciURL: String?, dryRun: Bool = false
    ) throws -> RecordReport {
        try racing("report on \(name) \(version)") {
            let context = try context(for: [name])
            let (workflow, service) = try locate(name, in: context.rules)
            if let stage { _ = try locate(name, stage, in: context.rules) }
            var snapshot = try decidableState(.service(name, version: version))
            let release = try release(version, of: name, in: snapshot.state.service(name))
            let values = try given.merging(files.map { ($0.key, try value(of: $0, in: workflow)) }) { $1 }
            for (key, value) in values.sorted(by: { $0.key < $1.key }) { try check(value, for: key, in: workflow) }
            let posted = EvidencePosted(
                service: service.name, version: version, stage: stage, values: values, ciURL: ciURL, files: files,
                part: part, run: part == nil ? nil : run)
            let next = "`gradus reconcile` carries on what may go on; `gradus explain \(name) --to STAGE` shows what waits"
            if release.holds(posted, by: initiator.id, workflow) { return RecordReport(record: nil, next: next) }
            return try write(.evidencePosted(posted), to: &snapshot, next: next, dryRun: dryRun)
        }
    }

    /// What a report's counts are under its key. Throws a usage error where the workflow takes no such value.
    private func value(of file: EvidenceFile, in workflow: Workflow) throws -> String {
        let reading = workflow.reading(of: file.key) ?? (file.format == .sarif ? .verdict : .number)
        if reading != .number, file.format == .cobertura || file.format == .lcov {
            throw PromotionError(
                .usage, "\(file.key) is no number, but \(file.name) tells a coverage in percent",
                hint: "name the key that takes it: --\(file.format.rawValue) KEY=\(file.name)")
        }
        return EvidenceCounts(file.format, file.counts).value(reading)
    }

    /// A key that the workflow compares as a number takes only numbers, so that a slip is refused where it is made.
    private func check(_ value: String, for key: String, in workflow: Workflow) throws {
        let criteria = workflow.stages.flatMap { $0.entryCriteria + $0.exitCriteria }.filter { $0.key == key }
        if workflow.reading(of: key) == .number, DecimalText.number(value) == nil {
            throw PromotionError(
                .usage, "\(key) takes a number, not '\(value)'", hint: "write it as \(key)=97 or \(key)=79.5")
        }
        let known = criteria.contains(where: \.readsEvidence) || workflow.evidence[key] != nil
        if !known {
            let keys = Set(workflow.stages.flatMap { $0.entryCriteria + $0.exitCriteria }.filter(\.readsEvidence).map(\.key))
            warn("no criterion of workflow '\(workflow.name)' reads '\(key)'\(suggestion(key, keys.sorted()))")
        }
    }

    /// Records an observed health. It counts only for the promotion whose values stand at `revision`.
    public func observe(
        _ status: HealthStatus, service name: String, version: String, stage: String, revision: String,
        dryRun: Bool = false
    ) throws -> RecordReport {
        try racing("report on \(name) \(version)") {
            let context = try context(for: [name])
            let (workflow, service, place) = try locate(name, stage, in: context.rules)
            var snapshot = try decidableState(.service(name, version: version))
            let state = snapshot.state.service(name)
            let subject = try observed(version, revision, workflow, service, place, state, context)
            let fact = HealthObserved(
                service: name, version: version, stage: stage, status: status, revision: revision,
                promotion: subject.promotion, baseline: subject.baseline)
            let counts = subject.promotion != nil || subject.baseline
            let next = counts
                ? "`gradus reconcile` carries on what may go on"
                : state.beingDelivered(stage).map { "it does not count yet: `gradus reconcile` records first how \($0.id) ended" }
                    ?? "it does not count: \(revision.prefix(10)) is not the commit of \(version) in \(stage), nor one after it with the same values"
            let known = counts ? state.cells[stage].flatMap { $0.version == version ? $0.stayInStep.observations : nil } ?? [] : []
            // What a look has seen since is no report, and what was said of a step says nothing of the next one.
            let isKnown = known.last?.status == status && known.last { !$0.isLooked }?.status == status
            if isKnown, place.health?.staleAfter == nil { return RecordReport(record: nil, next: next) }
            return try write(.healthObserved(fact), to: &snapshot, next: next, dryRun: dryRun)
        }
    }

    /// For which promotion, or baseline, health at a revision counts.
    private func observed(
        _ version: String, _ revision: String, _ workflow: Workflow, _ service: Service, _ stage: Stage,
        _ state: ServiceState, _ context: Context
    ) throws -> (promotion: String?, baseline: Bool) {
        if let cell = state.cells[stage.name], !cell.adopted {
            guard cell.version == version, version != Cell.unknownVersion else {
                _ = try release(version, of: service.name, in: state)
                return (nil, false)
            }
            // What a rollback brought back may never have been registered.
            return try desired.revision(revision, carries: cell.edits, of: cell.stay.commit)
                ? (cell.stay.promotion, false) : (nil, false)
        }
        // The commit of a first promotion may stand before its record: what is there then is no baseline.
        if state.beingDelivered(stage.name) != nil {
            if state.cells[stage.name]?.version != version { _ = try release(version, of: service.name, in: state) }
            return (nil, false)
        }
        // Before the first promotion the files' version may be watched too, so that target_health can be known.
        let release = Release(service: service.name, version: version, workflow: workflow.name)
        let intent = EditIntent(workflow: workflow, service: service, stage: stage, release: release)
        let tip = try tip(of: stage, context)
        let present = try desired.observe(intent, known: [], at: tip)
        guard present.version == version else {
            _ = try self.release(version, of: service.name, in: state)
            return (nil, false)
        }
        return (nil, try desired.revision(revision, carries: present.fields, of: tip))
    }

    func write(
        _ fact: Fact, to snapshot: inout LedgerSnapshot, next: String, dryRun: Bool
    ) throws -> RecordReport? {
        try TextLimit.check(fact)
        if dryRun { return RecordReport(record: nil, next: "dry run: nothing was recorded; \(next)", isPlanned: true) }
        guard let records = try append([fact], to: &snapshot) else { return nil }
        return RecordReport(record: records.last, next: next)
    }
}
