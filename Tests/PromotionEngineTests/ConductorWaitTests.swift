import PromotionEngine
import Testing
import WorkflowModel

/// One request is one promotion: who waits ends with it, and whoever finished it, it is told as the ledger says.
@Suite struct ConductorWaitTests {
    private static let watched = Stage(name: "dev", health: HealthPolicy(verifyFor: .minutes(1)), onFailure: .rollback)
    private static let tested = Stage(name: "dev", entryCriteria: [.number(.atLeast, "100")])

    private func world(_ stage: Stage) throws -> World {
        let world = World(stages: [stage])
        try world.register("1.0.0")
        try world.register("1.1.0")
        return world
    }

    /// Waits for 1.0.0 while somebody does something at the next look.
    private func waiting(
        _ world: World, _ wait: PromotionWait = .verified, meanwhile: @escaping () throws -> Void
    ) throws -> PromotionReport {
        let pace = MeddledPace(world.pace, meanwhile)
        let conductor = Conductor(ledger: world.ledger, desired: world.desired, pace: pace, initiator: Identity(id: "rita"))
        let report = try conductor.promote(
            PromotionTarget(service: .service, stage: "dev", version: "1.0.0"), PromotionRequest(requester: "rita", trigger: .manual), wait: wait)
        if let fault = pace.fault { throw fault }
        return report
    }

    private func requests(_ world: World, _ version: String = "1.0.0") -> Int {
        world.ledger.records.count { $0.fact.type == "requested" && $0.fact.releaseVersion == version }
    }

    @Test func whatIsAbortedIsNotAskedForAgain() throws {
        let world = try world(Self.tested)
        let report = try waiting(world) {
            _ = try world.conductor("olga").abort(.cell(service: .service, stage: "dev"), reason: "stop")
        }
        #expect(report.phase == .aborted && report.result == .aborted && requests(world) == 1)
    }

    @Test func whatIsRejectedIsNotAskedForAgain() throws {
        let world = try world(Stage(name: "dev", approvals: [ApprovalRule(from: ["platform-team"])]))
        let report = try waiting(world) {
            _ = try world.conductor("olga").answer(Opinion(.reject), to: .cell(service: .service, stage: "dev"))
        }
        #expect(report.phase == .rejected && report.result == .refused && requests(world) == 1)
    }

    @Test(arguments: [PromotionWait.delivered, .verified])
    func whatAnotherVersionTookThePlaceOfIsNotAskedForAgain(_ wait: PromotionWait) throws {
        let world = try world(Self.tested)
        let report = try waiting(world, wait) { _ = try world.promote("1.1.0", to: "dev", by: "olga") }
        #expect(report.phase == .superseded && report.result == .superseded && report.id == "web-dev-3")
        #expect(requests(world) == 1 && world.ledger.records.last?.fact.releaseVersion == "1.1.0")
    }

    @Test func whatLosesItsPlaceBeforeItIsVerifiedIsSuperseded() throws {
        let world = try world(Self.watched)
        let report = try waiting(world) { _ = try world.promote("1.1.0", to: "dev", by: "olga") }
        #expect(report.phase == .superseded && report.result == .superseded && report.commit == "m1")
        #expect(requests(world) == 1 && world.desired.version("dev") == "1.1.0" && world.deployCommits.count == 2)
    }

    @Test func whatWasChangedByHandBeforeItIsVerifiedStays() throws {
        let world = try world(Self.watched)
        let report = try waiting(world) { world.desired.edit(MemoryDesiredState.file(.service, "dev"), "9.9.9") }
        #expect(report.result == .superseded && requests(world) == 1 && world.desired.version("dev") == "9.9.9")
    }

    @Test func whatWasTakenBackIsToldSo() throws {
        let world = try world(Self.watched)
        let report = try waiting(world) {
            _ = try world.conductor("olga").rollback(PromotionTarget(service: .service, stage: "dev"), reason: "slow")
        }
        #expect(report.phase == .rolledBack && report.result == .failed && report.commit == "m1" && requests(world) == 1)
    }

    @Test func whatSomebodyElseSettledIsToldAsItWas() throws {
        for status in [HealthStatus.healthy, .degraded] {
            let world = try world(Self.watched)
            let report = try waiting(world) {
                try world.observe(status, "1.0.0", in: "dev")
                world.pace.wait(.minutes(2))
                _ = try world.reconcile()
                if status == .degraded { _ = try world.conductor("olga").resume(service: .service, stage: "dev", reason: nil) }
                _ = try world.promote("1.1.0", to: "dev", by: "olga")
            }
            #expect(report.phase == (status == .healthy ? .succeeded : .rolledBack), "\(world.moves)")
            #expect(report.result == (status == .healthy ? .promoted : .failed) && report.commit == "m1" && report.id == "web-dev-3")
            #expect(requests(world) == 1 && world.desired.version("dev") == "1.1.0")
        }
    }

    /// An admission that lapsed is decided again; it is the same promotion.
    @Test func whatWasWithdrawnGoesOnWaiting() throws {
        let world = try world(Stage(name: "dev"))
        world.interludes[4] = {
            world.desired.current.workflows[0].stages[0].entryCriteria = [.text("pass")]
            world.desired.edit("workflows/shop.yaml", "x")
        }
        let report = try waiting(world) {
            _ = try world.conductor("ci").post(["security_scan": "pass"], service: .service, version: "1.0.0", stage: nil, ciURL: nil)
        }
        #expect(report.result == .promoted && report.phase == .succeeded && report.id == "web-dev-3")
        #expect(world.moves == ["requested", "admitted", "withdrawn", "admitted", "delivered", "succeeded"])
    }

    // MARK: Finished by others

    /// Another process finishes it and puts something newer there, right before the own push.
    @Test(arguments: [Stage(name: "dev"), Self.watched])
    func whatAnotherProcessFinishedIsDeliveredAlsoWhenSomethingNewerIsThere(_ stage: Stage) throws {
        let world = try world(stage)
        world.interludes[4] = { _ = try world.promote("1.1.0", to: "dev", by: "olga") }
        let report = try world.promote("1.0.0", to: "dev")
        #expect(report.result == .promoted && report.commit == "m1" && report.id == "web-dev-3")
        #expect(report.phase == (stage.health == nil ? .succeeded : .delivered))
        #expect(world.desired.version("dev") == "1.1.0" && world.deployCommits.count == 2)
    }

    // MARK: One document, one promotion

    @Test func aFailureAndItsRollbackAreToldAsTheOnePromotion() throws {
        let world = try world(Self.watched)
        let first = try world.promote("1.0.0", to: "dev")
        try world.observe(.degraded, "1.0.0", in: "dev")
        let report = try world.promote("1.0.0", to: "dev")
        #expect(report.phase == .rolledBack && report.result == .failed && report.version == "1.0.0")
        #expect(report.id == first.id && report.commit == first.commit && report.planDigest == first.planDigest)
        #expect(world.desired.version("dev") == "0.0.1")
    }

    @Test func aFailureOnTheWayIsNotTheAnswerToAnotherVersion() throws {
        let world = try world(Self.watched)
        _ = try world.promote("1.0.0", to: "dev")
        try world.observe(.degraded, "1.0.0", in: "dev")
        let report = try world.promote("1.1.0", to: "dev")
        #expect(report.version == "1.1.0" && report.result == .pending && report.gates.first { $0.id == "hold" }?.verdict == .waiting)
        #expect(world.desired.version("dev") == "0.0.1")
    }

    @Test func aPlanHasTheIdOfWhatIsOpenAndNoOther() throws {
        let world = try world(Self.tested)
        func plan() throws -> PromotionReport {
            try world.conductor().preview(
                PromotionTarget(service: .service, stage: "dev", version: "1.0.0"), PromotionRequest(requester: "rita", trigger: .manual))
        }
        #expect(try plan().id == nil)
        let open = try world.promote("1.0.0", to: "dev")
        #expect(try open.id != nil && plan().id == open.id)
    }
}

/// A clock during whose first wait something happens.
private final class MeddledPace: PacePort {
    private let pace: ManualPace
    private var meddle: (() throws -> Void)?
    private(set) var fault: (any Error)?

    init(_ pace: ManualPace, _ meddle: @escaping () throws -> Void) { (self.pace, self.meddle) = (pace, meddle) }

    var now: Instant { pace.now }
    func pause(afterAttempt attempt: Int) { pace.pause(afterAttempt: attempt) }

    func wait(_ span: TimeSpan) {
        pace.wait(span)
        guard let meddle else { return }
        self.meddle = nil
        do { try meddle() } catch { fault = error }
    }
}
