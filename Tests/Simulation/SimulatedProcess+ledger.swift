import PromotionEngine

extension SimulatedProcess: LedgerPort {
    /// As the real ledger does: the parts that the scope names from the last checkpoint, then the records after it.
    func load(_ scope: LedgerScope) throws -> LedgerSnapshot {
        try call()
        let (files, global, count) = world.checkpoint
        let tail = world.records[count...]
        var touched: [String: Set<String>] = [:]
        for record in tail {
            guard let service = record.fact.service else { continue }
            touched[service, default: []].formUnion(record.fact.releaseVersion.map { [$0] } ?? [])
        }
        let names = scope.services ?? Set(files.keys).union(touched.keys)
        var services: [String: ServiceState] = [:]
        for name in names {
            guard let stored = files[name] else { continue }
            let versions = (scope.versions[name] ?? []).union(touched[name] ?? [])
            services[name] = try Self.service(
                name, stored, versions, recent: scope.recentOf.contains(name), all: scope.allReleases)
        }
        var state = LedgerState(services: services)
        if let global { try CheckpointFiles.readGlobal(global, into: &state) }
        for record in tail { state.apply(record, of: names) }
        let snapshot = LedgerSnapshot(state: state, seq: world.records.count, head: world.records.last?.hash)
        world.watch.didLoad(snapshot, world)
        loaded = snapshot
        hasReadSinceLanding = true
        return snapshot
    }

    var mark: LedgerMark? { loaded.flatMap { last in last.head.map { LedgerMark(seq: last.seq, hash: $0) } } }

    func services(since mark: LedgerMark) -> Set<String>? {
        // As the real ledger: what lies before the checkpoint is not known.
        guard let end = loaded?.seq, mark.seq >= world.checkpoint.count, mark.seq <= end, mark.seq > 0,
            world.records[mark.seq - 1].hash == mark.hash
        else { return nil }
        return Set(world.records[mark.seq..<end].compactMap(\.fact.service))
    }

    private static func service(
        _ name: String, _ files: [String: JSONValue], _ versions: Set<String>, recent: Bool, all: Bool
    ) throws -> ServiceState {
        var state = try CheckpointFiles.service(
            cells: files[CheckpointFiles.cells(name)] ?? .null, open: files[CheckpointFiles.open(name)] ?? .null)
        let prefix = "services/\(name)/releases/"
        for (path, file) in files.sorted(by: { $0.key < $1.key }) where path.hasPrefix(prefix) {
            let named = state.neededVersions(touched: versions).union(recent ? state.recentVersions : [])
            let wanted = all || named.contains { CheckpointFiles.release(name, $0) == path }
            if wanted { try CheckpointFiles.readRelease(file, into: &state) }
        }
        return state
    }

    func records(from seq: Int) throws -> [LedgerRecord] { Array(world.records.dropFirst(max(0, seq - 1))) }

    func append(
        _ drafts: [RecordDraft], by initiator: Identity, at: Instant, to snapshot: LedgerSnapshot
    ) throws -> LedgerAppend {
        let world = world
        for case .withdrawn(let closed) in drafts.map(\.fact) { world.watch.willWithdraw(closed, self) }
        return try effect(lost: .lost) { world.append(drafts, by: initiator, at: at, onto: snapshot.head) }
    }
}
