import PromotionEngine
import WorkflowModel

/// One process: its own clock, its own view of the ledger, and the troubles that strike it.
final class SimulatedProcess: PacePort {
    /// The process is gone: nobody may catch this and go on.
    struct Death: Error {}
    /// An error of the network, which no part of the engine knows.
    struct BrokenConnection: Error {}

    let world: SimulatedWorld
    private let skew: TimeSpan
    private var troubles: [Int: Trouble] = [:]
    private var interludes: [Int: [Step]] = [:]
    private let nested: (Step) -> Void
    private var calls = 0
    private var effects = 0
    /// The tip of the branch as this process read it last.
    var seenTip: String?
    /// The ledger as this process read it last, and whether that was after its last push to the branch.
    var loaded: LedgerSnapshot?
    var hasReadSinceLanding = false
    private var pauses = 0

    init(_ world: SimulatedWorld, _ step: Step, nested: @escaping (Step) -> Void) {
        self.world = world
        self.nested = nested
        skew = .seconds(step.skew)
        for trouble in step.troubles { troubles[trouble.effect] = trouble.trouble }
        for interlude in step.interludes { interludes[interlude.call, default: []].append(interlude.step) }
    }

    /// Others run here, from start to end. A history that has broken a rule goes no further: a faulty engine might never end.
    func call() throws {
        meetOthers()
        world.countCall()
        if world.violation != nil { throw Death() }
    }

    private func meetOthers() {
        calls += 1
        for step in interludes.removeValue(forKey: calls) ?? [] { nested(step) }
    }

    /// An effect and what becomes of it.
    func effect<Answer>(lost: Answer, _ body: @escaping () -> Answer) throws -> Answer {
        try call()
        effects += 1
        switch troubles.removeValue(forKey: effects) {
        case nil: return body()
        case .lost?: return lost
        case .diesBefore?: throw Death()
        case .diesAfter?:
            _ = body()
            throw Death()
        case .breaksBefore?: throw BrokenConnection()
        case .breaksAfter?:
            _ = body()
            throw BrokenConnection()
        case .diesUnderWay?:
            world.underway.append { _ = body() }
            throw Death()
        case .breaksUnderWay?:
            world.underway.append { _ = body() }
            throw BrokenConnection()
        case .doubled?:
            world.underway.append { _ = body() }
            return body()
        }
    }

    // MARK: The clock

    var now: Instant { world.now + skew }

    func pause(afterAttempt attempt: Int) {
        pauses += 1
        // Whoever loses for ever has met a fault of the engine, not a race.
        if pauses > 200 { world.violate("a process lost 200 races in a row") }
        world.now = world.now + .seconds(1)
        meetOthers()
    }

    func wait(_ span: TimeSpan) { world.now = world.now + span }
}
