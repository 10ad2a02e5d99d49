import PromotionEngine
import WorkflowModel

/// Carries steps out: each in a process of its own, with others inside it where the script says so.
struct Performer {
    let world: SimulatedWorld

    /// Throws nothing: a process that fails or dies has ended, and that is all.
    func perform(_ step: Step) {
        if step.advance != 0 { world.now = world.now + .seconds(step.advance) }
        let process = SimulatedProcess(world, step) { perform($0) }
        do {
            try act(step, process)
        } catch is SimulatedProcess.Death {
        } catch is SimulatedProcess.BrokenConnection {
        } catch is PromotionError {
        } catch {
            world.violate("step \(step.number) fails in a way that nobody expects: \(error)")
        }
    }

    private func act(_ step: Step, _ process: SimulatedProcess) throws {
        let action = step.action
        switch action {
        case .register(let service, let version):
            acknowledge(try conductor(process, "ci").register(SimulatedRules.release(service, version)))
        case .ready(let service, let version):
            let conductor = conductor(process, "ci")
            acknowledge(try conductor.register(SimulatedRules.release(service, version)))
            acknowledge(
                try conductor.post(
                    ["test_pass_rate": "100", "security_scan": "pass"], service: service, version: version, stage: nil, ciURL: nil))
        case .report(let service, let version, let key, let value):
            acknowledge(
                try conductor(process, "ci").post([key: value], service: service, version: version, stage: nil, ciURL: nil))
        case .health(let service, let stage, let status):
            guard let version = world.value(service, stage, at: world.branch.head) else { return }
            acknowledge(
                try conductor(process, "agent").observe(
                    status, service: service, version: version, stage: stage, revision: world.branch.tip))
        case .promote(let service, let stage, let version, let person):
            acknowledge(
                try conductor(process, person).promote(
                    PromotionTarget(service: service, stage: stage, version: version),
                    PromotionRequest(requester: person, trigger: .manual)))
        case .breakGlass(let service, let stage, let version, let gates, let person):
            acknowledge(
                try conductor(process, person).promote(
                    PromotionTarget(service: service, stage: stage, version: version),
                    PromotionRequest(requester: person, trigger: .manual, reason: "urgent", breakGlass: gates)))
        case .agent(let service, let stage, let word): world.agents["\(service)@\(stage)"] = word
        case .reconcile: _ = try reconcile(process, machine: step.number)
        case .approve(let service, let stage, let person, let withdraw):
            acknowledge(
                try conductor(process, person).answer(Opinion(.approve, withdraw: withdraw), to: .cell(service: service, stage: stage)))
        case .reject(let service, let stage, let person, let withdraw):
            acknowledge(
                try conductor(process, person).answer(Opinion(.reject, withdraw: withdraw), to: .cell(service: service, stage: stage)))
        case .abort(let service, let stage):
            acknowledge(try conductor(process, "rita").abort(.cell(service: service, stage: stage), reason: "by hand"))
        case .takeBack, .freeze, .thaw, .hold, .unhold, .resume, .rollback, .yank, .adopt, .restore, .adoptDrift, .closeReview:
            try govern(action, process)
        case .edit, .squash, .rewind, .rules: try byHand(action)
        case .arrive: world.arrive()
        case .rest(let machine): Settlement(world: world, performer: self).compareLooks(machine: machine)
        }
    }

    private func byHand(_ action: Action) throws {
        guard let head = world.branch.head else { return }
        switch action {
        case .edit(let service, let stage, let version):
            let path = SimulatedRules.file(service, stage)
            let text = SimulatedFile.setting(service, to: version, in: head.files[path] ?? "")
            if text != head.files[path] { world.branch.move(to: world.branch.commit(on: head, files: [path: text], author: "hana")) }
        case .rules(let variant, let person):
            if variant != head.rules { world.branch.move(to: world.branch.commit(on: head, files: [:], author: person, rules: variant)) }
        case .squash(let count), .rewind(let count):
            let history = world.branch.history(of: head.id)
            guard history.count > count else { return }
            let base = history[count]
            if case .rewind = action { return world.branch.rewrite(to: base.id) }
            world.branch.rewrite(to: world.branch.commit(on: base, files: head.files, author: "hana", rules: head.rules))
        default: return
        }
    }

    /// - Parameter machine: whose note of what is at rest is used; nil: everything is looked at.
    func reconcile(_ process: SimulatedProcess, machine: Int?) throws -> ReconcileReport {
        let conductor = conductor(process, "robot")
        if world.keepsNotes, let machine { conductor.restNotes = SimulatedNotes(world, machine: machine) }
        return try conductor.reconcile(ReconcileScope())
    }

    func conductor(_ process: SimulatedProcess, _ person: String) -> Conductor {
        Conductor(ledger: process, desired: process, pace: process, initiator: Identity(id: person), health: process)
    }

    /// What a command was told to be recorded is recorded.
    func acknowledge(_ report: RecordReport) {
        guard let record = report.record else { return }
        if !world.records.contains(record) { world.violate("record \(record.seq) was acknowledged and is not in the ledger") }
    }

    func acknowledge(_ report: PromotionReport) {
        guard let id = report.id else { return }
        let types = world.records.filter { $0.fact.promotion == id }.map(\.fact.type)
        switch report.result {
        case .promoted:
            let stands = report.commit.flatMap { world.branch.commits[$0] }.map {
                world.value(report.service, report.stage.name, at: $0) == report.version
            }
            if stands != true || !types.contains("delivered") { world.violate("\(id) is told as promoted and is not delivered") }
        case .pending where report.problem == nil && report.phase == .pending:
            if !types.contains("requested") { world.violate("\(id) is told as pending and was never requested") }
        default: break
        }
    }
}
