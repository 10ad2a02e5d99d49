import GitOpsBackend
import Glibc
import PromotionEngine
import WorkflowModel

/// The generated monorepo (`monorepo/generate.py`), with the engine as the command line puts it together.
public final class Fleet {
    public let conductor: Conductor
    private let ledger: SegmentLedger
    private let authority: any Authority
    private let actor = Identity(id: "bench")

    /// - Parameter path: a bare repository.
    public init(_ path: String) throws {
        let location = try RepositoryLocation(path, branch: nil, cache: path + "/cache", warn: Fleet.warn)
        authority = location.authority
        ledger = SegmentLedger(location)
        conductor = Conductor(
            ledger: ledger, desired: GitDesiredState(location, warn: Fleet.warn), pace: WallClock(), initiator: actor,
            warn: Fleet.warn)
    }

    public static func name(_ number: Int) -> String {
        let digits = String(number)
        return "svc-" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    }

    /// Registers one version for many services, in as few appends as may be.
    public func register(_ services: Range<Int>, _ version: String) throws {
        try append(services.map { Self.registration($0, version) })
    }

    /// Makes the ledger at least `records` long by registering versions of all of `services` in turn.
    public func grow(to records: Int, services: Int) throws {
        var number = try ledger.load(LedgerScope(services: [])).seq
        while number < records {
            let next = min(records, number + 4_000)
            try append((number..<next).map { Self.registration($0 % services, "0.\($0 / services).0") })
            number = try ledger.load(LedgerScope(services: [])).seq
        }
    }

    /// Promotes a registered release. Throws when it does not get there.
    public func promote(_ service: Int, _ version: String, to stage: String = "dev") throws {
        let report = try conductor.promote(
            PromotionTarget(service: Self.name(service), stage: stage, version: version),
            PromotionRequest(requester: actor.id, trigger: .manual))
        guard report.result == .promoted else {
            throw PromotionError(.error, "\(Self.name(service)) \(version) was not promoted: \(report.result.rawValue)")
        }
    }

    /// One pass over all cells. Throws when one of them moved or could not be dealt with.
    public func reconcileIdle() throws {
        let report = try conductor.reconcile(ReconcileScope())
        guard report.moves.isEmpty, report.changes.isEmpty, report.errors.isEmpty else {
            throw PromotionError(.error, "\(report.moves.count) cells moved, \(report.errors.count) could not be dealt with")
        }
    }

    /// Reads and checks every record of the ledger. The number of records.
    public func readAll() throws -> Int {
        let archive = LedgerArchive(authority)
        var count = 0
        for segment in try archive.segments() {
            _ = try archive.records(of: segment, after: nil) { _, _ in count += 1 }
        }
        return count
    }

    private func append(_ facts: [Fact]) throws {
        var rest = facts[...]
        while !rest.isEmpty {
            let snapshot = try ledger.load(LedgerScope(services: Set(rest.prefix(4_000).compactMap(\.service))))
            let drafts = rest.prefix(4_000).map { RecordDraft($0) }
            guard case .appended = try ledger.append(drafts, by: actor, at: WallClock().now, to: snapshot) else { continue }
            rest = rest.dropFirst(drafts.count)
        }
    }

    private static func registration(_ service: Int, _ version: String) -> Fact {
        .releaseRegistered(Release(service: name(service), version: version, workflow: "fleet"))
    }

    private static func warn(_ text: String) { complain(text) }
}

/// Writes a line to stderr.
public func complain(_ text: String) { _ = (text + "\n").withCString { write(STDERR_FILENO, $0, strlen($0)) } }

final class WallClock: PacePort {
    var now: Instant { Instant(seconds: time(nil)) }
    func pause(afterAttempt attempt: Int) {}
    func wait(_ span: TimeSpan) {}
}
