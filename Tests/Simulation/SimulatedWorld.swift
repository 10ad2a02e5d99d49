import PromotionEngine
import WorkflowModel

/// Everything that processes share: the ledger, the branch, pushes that are under way, and the time.
final class SimulatedWorld {
    var now = Instant(seconds: 1_800_000_000)
    var branch = SimulatedBranch()
    private(set) var messages: [String] = []
    private(set) var records: [LedgerRecord] = []
    /// The fold of all records.
    private(set) var state = LedgerState()
    /// What a checkpoint holds of each service and of all, and the number of records that it covers.
    private(set) var checkpoint: (files: [String: [String: JSONValue]], global: JSONValue?, count: Int) = ([:], nil, 0)
    /// Carried out by `arrive`: each decides by compare-and-swap.
    var underway: [() -> Void] = []
    /// What happens now was sent earlier, by a process that knew another world.
    private(set) var isArriving = false
    /// The first thing that must never happen, in words.
    private(set) var violation: String?
    var watch = Watch()
    /// What agents say of what they run, by service and stage; healthy where nothing is said.
    var agents: [String: AgentWord] = [:]
    /// Number of the first record of the append that is under way.
    private(set) var appendStart = 0
    private var calls = 0
    /// Whether processes note what is at rest, and the notes, by the machine that keeps them.
    let keepsNotes: Bool
    fileprivate(set) var notes: [Int: RestNote] = [:]

    static let checkpointInterval = 16
    /// No history of its length needs more.
    private static let mostRecords = 2_000
    private static let mostCalls = 40_000

    init(keepsNotes: Bool) { self.keepsNotes = keepsNotes }

    /// Bounds what a faulty engine may do.
    func countCall() {
        calls += 1
        if calls > Self.mostCalls { violate("the processes do not come to an end") }
    }

    func violate(_ what: String) { if violation == nil { violation = what } }

    func append(_ drafts: [RecordDraft], by initiator: Identity, at: Instant, onto head: String?) -> LedgerAppend {
        guard head == records.last?.hash else { return .lost }
        if records.count + drafts.count > Self.mostRecords { violate("the ledger grows without end") }
        if violation != nil { return .lost }
        var added: [LedgerRecord] = []
        appendStart = records.count
        for draft in drafts {
            let record = LedgerRecord(
                seq: records.count + 1, at: at, initiator: initiator, fact: draft.fact, rules: draft.rules,
                previousHash: records.last?.hash ?? Digest.none)
            watch.willAppend(record, self)
            records.append(record)
            messages.append(RecordMessage(record).text)
            state.apply(record)
            added.append(record)
        }
        watch.didAppend(self)
        if records.count - checkpoint.count >= Self.checkpointInterval { writeCheckpoint() }
        return .appended(added, head: records.last?.hash ?? Digest.none)
    }

    private func writeCheckpoint() {
        var files: [String: [String: JSONValue]] = [:]
        for (name, service) in state.services { files[name] = CheckpointFiles.files(of: name, service) }
        checkpoint = (files, CheckpointFiles.globalFile(state), records.count)
    }

    func land(_ deliveries: [Delivery], on tip: String) -> Landing {
        guard tip == branch.tip, let start = branch.head else { return .lost }
        var parent = start
        var ids: [String] = []
        for delivery in deliveries {
            watch.willCommit(delivery, on: parent, self)
            let files = delivery.plan.files.compactMapValues { content in
                if case .bytes(let bytes) = content { String(decoding: bytes, as: UTF8.self) } else { nil }
            }
            let id = branch.commit(on: parent, files: files, promotions: [delivery.promotion.id], author: "gradus")
            ids.append(id)
            guard let commit = branch.commits[id] else { continue }
            watch.didCommit(delivery, commit, on: parent, self)
            parent = commit
        }
        branch.move(to: parent.id)
        return .landed(ids)
    }

    /// The first of the pushes under way arrives.
    func arrive() {
        if underway.isEmpty { return }
        isArriving = true
        defer { isArriving = false }
        underway.removeFirst()()
    }

    func value(_ service: String, _ stage: String, at commit: SimulatedBranch.Commit?) -> String? {
        SimulatedFile.value(of: service, in: commit?.files[SimulatedRules.file(service, stage)])
    }
}

/// What one machine has noted of what is at rest: it falls behind while others work.
final class SimulatedNotes: RestPort {
    private let world: SimulatedWorld
    private let machine: Int

    static let machines = 2

    init(_ world: SimulatedWorld, machine: Int) {
        self.world = world
        self.machine = machine % Self.machines
    }

    func read() -> RestNote? { world.notes[machine] }

    func write(_ note: RestNote) { world.notes[machine] = note }
}
