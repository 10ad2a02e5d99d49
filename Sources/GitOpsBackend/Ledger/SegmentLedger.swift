import GitKit
public import PromotionEngine
import WorkflowModel

/// The ledger on branches of a Git repository: one record per commit, in segments, with checkpoints (`design.md` section 4).
public final class SegmentLedger: LedgerPort {
    /// When a checkpoint is written and a segment is sealed.
    public struct Limits: Sendable {
        /// Records between two checkpoints.
        public var checkpointInterval: Int
        /// Records in a segment, the opening and the sealing one included.
        public var segmentCapacity: Int

        public init(checkpointInterval: Int = 256, segmentCapacity: Int = 10_000) {
            self.checkpointInterval = checkpointInterval
            self.segmentCapacity = segmentCapacity
        }
    }

    let authority: any Authority
    private let limits: Limits
    /// The end that was read or written last; only what came after it is read again.
    private(set) var known: SegmentEnd?
    /// Signatures verified so far, for the people that they were verified against.
    var knownSignatures: (people: People, signatures: RecordSignatures)?

    /// What this machine saw of the ledger before; nil: nothing is remembered.
    private let witness: LedgerWitness?

    public init(_ authority: any Authority, limits: Limits = Limits()) {
        self.authority = authority
        self.limits = limits
        witness = nil
    }

    /// The ledger of a location, which notices when somebody moves it back behind what was seen there before.
    public init(_ location: RepositoryLocation, limits: Limits = Limits()) {
        authority = location.authority
        self.limits = limits
        witness = LedgerWitness(path: (location.clone ?? location.authority.repository).commonDirectory + "gradus-seen")
    }

    private var repository: Repository { authority.repository }

    public func load(_ scope: LedgerScope) throws -> LedgerSnapshot {
        let seen = try witness?.seen()
        known = try SegmentReader(authority: authority).end(after: known)
        if let seen { try witness?.check(seen, against: known, in: authority) }
        remember(seen)
        guard let end = known else { return LedgerSnapshot(state: LedgerState(), seq: 0, head: nil) }
        return LedgerSnapshot(state: try state(scope, at: end), seq: end.seq, head: end.head.hex)
    }

    public var mark: LedgerMark? { known.map { LedgerMark(seq: $0.seq, hash: $0.hash) } }

    public func services(since mark: LedgerMark) -> Set<String>? {
        // The chain is known from the last checkpoint on; what lies before it is not walked to.
        guard let tail = known?.tail, let first = tail.first else { return nil }
        if first.seq == mark.seq + 1, first.previousHash == mark.hash { return Set(tail.compactMap(\.service)) }
        guard let place = tail.lastIndex(where: { $0.seq == mark.seq && $0.hash == mark.hash }) else { return nil }
        return Set(tail[(place + 1)...].compactMap(\.service))
    }

    public func records(from seq: Int) throws -> [LedgerRecord] {
        guard let end = known else { return [] }
        // What came after the last checkpoint is at hand.
        if let first = end.tail.first, first.seq <= seq { return end.tail.filter { $0.seq >= seq } }
        return try SegmentReader(authority: authority).records(from: seq, to: end)
    }

    private func remember(_ seen: LedgerWitness.Sighting? = nil) {
        guard let witness, let end = known else { return }
        let now = LedgerWitness.Sighting(reference: LedgerNames.segment(end.segment), commit: end.head, seq: end.seq)
        guard now != seen else { return }
        do {
            try witness.note(now)
        } catch {
            // A clone that cannot be written, or a full disk: less will be noticed, and what is recorded stands.
        }
    }

    /// The checkpoint's state of the scope with the records after it folded in.
    func state(_ scope: LedgerScope, at end: SegmentEnd) throws -> LedgerState {
        let reader = CheckpointReader(repository: repository, tree: end.checkpointTree)
        let touched = TouchedReleases(end.tail)
        let names = try scope.services ?? Set(reader.serviceNames()).union(touched.services)
        var services: [String: ServiceState] = [:]
        for name in names {
            let versions = (scope.versions[name] ?? []).union(touched.versions[name] ?? [])
            let state = try reader.service(name, versions: scope.allReleases ? nil : versions, recent: scope.recentOf.contains(name))
            if state != ServiceState() || touched.services.contains(name) { services[name] = state }
        }
        var state = LedgerState(services: services)
        try readGlobal(reader, into: &state)
        for record in end.tail { state.apply(record, of: names) }
        return state
    }

    private func readGlobal(_ reader: CheckpointReader, into state: inout LedgerState) throws {
        guard let global = try reader.json(CheckpointFiles.global) else { return }
        do {
            try CheckpointFiles.readGlobal(global, into: &state)
        } catch {
            throw PromotionError(.error, "the ledger's checkpoint is damaged: \(error)", hint: SegmentReader.verifyHint)
        }
    }

    public func append(
        _ drafts: [RecordDraft], by initiator: Identity, at: Instant, to snapshot: LedgerSnapshot
    ) throws -> LedgerAppend {
        guard snapshot.head == known?.head.hex else { return .lost }
        if let end = known, end.isSealed {
            return try open(segment: end.segment + 1, after: end, drafts, initiator, at)
        }
        guard let end = known else { return try open(segment: 1, after: nil, drafts, initiator, at) }
        let used = end.seq - end.mark.firstSeq + 1
        if used + drafts.count + 1 > limits.segmentCapacity, used > 1 {
            // Sealing is a move of its own: whoever finds a sealed end without a successor opens the next segment.
            let seal = RecordDraft(.segmentSealed(SegmentSealed(segment: end.segment)))
            guard let sealed = try write([seal], on: end, initiator, at) else { return .lost }
            known = sealed.end
            return try open(segment: end.segment + 1, after: sealed.end, drafts, initiator, at)
        }
        guard let written = try write(drafts, on: end, initiator, at) else { return .lost }
        known = written.end
        remember()
        return .appended(written.records, head: written.end.head.hex)
    }

    /// Starts a segment with its opening record and the facts, create-only.
    private func open(
        segment: Int, after end: SegmentEnd?, _ drafts: [RecordDraft], _ initiator: Identity, _ at: Instant
    ) throws -> LedgerAppend {
        let link = end.map { SegmentOpened.Link(commit: $0.head.hex, hash: $0.hash, seq: $0.seq) }
        let mark = SegmentMark(segment: segment, firstSeq: (end?.seq ?? 0) + 1, previousCommit: end?.head.hex)
        var writer = RecordWriter(
            repository: repository, parent: nil, previousHash: end?.hash ?? Digest.none, nextSeq: mark.firstSeq,
            tree: try checkpointTree(at: end, mark: mark), checkpointSeq: end?.seq ?? 0)
        try writer.write(
            RecordDraft(.segmentOpened(SegmentOpened(segment: segment, previous: link))), by: initiator, at: at, withCheckpoint: true)
        for draft in drafts { try writer.write(draft, by: initiator, at: at, withCheckpoint: false) }
        guard let head = writer.parent,
            try authority.move(LedgerNames.segment(segment), from: nil, to: head, because: "gradus: open segment \(segment)")
        else { return .lost }
        known = SegmentEnd(
            segment: segment, head: head, checkpointTree: writer.tree, checkpointSeq: end?.seq ?? 0,
            tail: writer.records, mark: mark)
        remember()
        return .appended(Array(writer.records.dropFirst()), head: head.hex)
    }

    /// Appends to a segment that is not sealed; nil when someone else was first.
    private func write(
        _ drafts: [RecordDraft], on end: SegmentEnd, _ initiator: Identity, _ at: Instant
    ) throws -> (records: [LedgerRecord], end: SegmentEnd)? {
        let isDue = end.seq - end.checkpointSeq >= limits.checkpointInterval
        var writer = RecordWriter(
            repository: repository, parent: end.head, previousHash: end.hash, nextSeq: end.seq + 1,
            tree: isDue ? try checkpointTree(at: end, mark: end.mark) : end.checkpointTree, checkpointSeq: end.seq)
        for (position, draft) in drafts.enumerated() {
            try writer.write(draft, by: initiator, at: at, withCheckpoint: isDue && position == 0)
        }
        guard let head = writer.parent,
            try authority.move(
                LedgerNames.segment(end.segment), from: end.head, to: head,
                because: "gradus: \(drafts.map(\.fact.type).joined(separator: ", "))")
        else { return nil }
        let next = SegmentEnd(
            segment: end.segment, head: head, checkpointTree: writer.tree,
            checkpointSeq: isDue ? end.seq : end.checkpointSeq,
            tail: (isDue ? [] : end.tail) + writer.records, mark: end.mark)
        return (writer.records, next)
    }

    /// The tree of a new checkpoint: the last one with the files of what changed since rewritten.
    private func checkpointTree(at end: SegmentEnd?, mark: SegmentMark) throws -> ObjectID {
        var global: [String: JSONValue] = ["segment": mark.json]
        var changes: [TreeChange] = []
        if let end {
            let touched = TouchedReleases(end.tail)
            let state = try state(LedgerScope(services: touched.services), at: end)
            for (name, service) in state.services {
                for (path, file) in CheckpointFiles.files(of: name, service) {
                    changes.append(.set(path: path, id: try blob(file), mode: .blob))
                }
            }
            if case .object(let members) = CheckpointFiles.globalFile(state) { global.merge(members) { own, _ in own } }
        }
        changes.append(.set(path: CheckpointFiles.global, id: try blob(.object(global)), mode: .blob))
        return try repository.updatingTree(end?.checkpointTree, changes)
    }

    private func blob(_ file: JSONValue) throws(GitError) -> ObjectID {
        try repository.writeBlob(Array(file.canonicalText.utf8))
    }
}

/// Which services and releases records speak of, and so which files of a checkpoint they need.
struct TouchedReleases {
    private(set) var services: Set<String> = []
    private(set) var versions: [String: Set<String>] = [:]

    init(_ records: [LedgerRecord]) {
        for record in records {
            guard let service = record.service else { continue }
            services.insert(service)
            if let version = record.releaseVersion { versions[service, default: []].insert(version) }
        }
    }
}
