import PromotionEngine
import WorkflowModel

/// What must hold once nothing is under way any more and one undisturbed `reconcile` has run.
struct Settlement {
    let world: SimulatedWorld
    let performer: Performer

    /// Ends all that is under way, then checks.
    func settle() {
        while !world.underway.isEmpty { world.arrive() }
        if world.keepsNotes {
            // What freezes, holds and soaks keep waiting now is on notes of both machines before they end.
            for machine in 0..<SimulatedNotes.machines { performer.perform(Step(number: machine, action: .reconcile)) }
        }
        // Admissions that nobody delivers lapse.
        world.now = world.now + .minutes(11)
        for machine in 0..<3 where reconcile(machine: machine) == nil { return }
        let count = world.records.count
        guard let failed = reconcile(machine: 3) else { return }
        if world.records.count != count { world.violate("reconcile does not come to rest") }
        checkNothingIsLeftOut(failed)
        checkChain()
        checkCarriers()
        checkExpired(except: failed)
        checkEntered(except: failed)
        for (name, state) in world.state.services {
            for open in state.open where open.phase == .admitted { world.violate("\(open.id) stays admitted for ever") }
            for stage in SimulatedRules.stages { checkCell(name, stage, state) }
        }
        if world.keepsNotes { passTime() }
    }

    /// What was at rest stays so until somebody does something, or its time comes.
    private func passTime() {
        for span in [TimeSpan.minutes(3), .hours(2), .days(8)] where world.violation == nil {
            world.now = world.now + span
            // A step that was taken is looked at by the next run.
            for machine in 0..<3 where reconcile(machine: machine) == nil { return }
            if let failed = reconcile(machine: 3) { checkNothingIsLeftOut(failed) }
        }
    }

    /// Lets one machine reconcile by its note until nothing moves any more; then looks at everything.
    func compareLooks(machine: Int) {
        guard world.keepsNotes else { return }
        var count = -1
        var failed: Set<String> = []
        while count != world.records.count {
            count = world.records.count
            guard let now = reconcile(machine: machine) else { return }
            failed = now
        }
        checkNothingIsLeftOut(failed)
    }

    /// A look at everything finds nothing to do, and the same faults, where a note was relied on.
    private func checkNothingIsLeftOut(_ failed: Set<String>) {
        let count = world.records.count
        guard world.keepsNotes, let all = reconcile(machine: nil) else { return }
        if world.records.count != count { world.violate("by its note reconcile left out \(world.records[count].fact.type)") }
        if all != failed { world.violate("by its note reconcile told \(failed.sorted()), not \(all.sorted())") }
    }

    /// The cells that a conflict keeps from going on; nil when something is wrong.
    private func reconcile(machine: Int?) -> Set<String>? {
        let process = SimulatedProcess(world, Step(number: 0, action: .reconcile)) { _ in }
        var failed: Set<String> = []
        do {
            let report = try performer.reconcile(process, machine: machine)
            failed = Set(report.errors.map { "\($0.service)@\($0.stage)" })
            for failure in report.errors where failure.error.kind != .conflict {
                world.violate("at rest, \(failure.service) in \(failure.stage): \(failure.error)")
            }
        } catch {
            world.violate("at rest, reconcile fails: \(error)")
        }
        return world.violation == nil ? failed : nil
    }

    private func checkChain() {
        var state = LedgerState()
        var previous = Digest.none
        for (position, message) in world.messages.enumerated() {
            do {
                let record = try RecordMessage.record(in: message, previousHash: previous)
                if record.seq != position + 1 { world.violate("record \(record.seq) stands at place \(position + 1)") }
                previous = record.hash
                state.apply(record)
            } catch {
                return world.violate("record \(position + 1) \(error)")
            }
        }
        if state != world.state { world.violate("the records say something else when they are read again") }
    }

    /// The files hold what the ledger says, and every change that stood was named.
    private func checkCell(_ service: String, _ stage: String, _ state: ServiceState) {
        let found = world.value(service, stage, at: world.branch.head)
        guard let cell = state.cells[stage], !cell.adopted else { return }
        if cell.edits.first?.new != found {
            world.violate("\(service) in \(stage) holds \(found ?? "nothing"), the ledger says \(cell.edits.first?.new ?? "nothing")")
        }
        // A field that is declared no more is nobody's business.
        let isGradual = RulesVariant(world.branch.head?.rules ?? 0).hasSteps
        for edit in cell.edits
        where (isGradual || edit.field != SimulatedRules.weight(service))
            && SimulatedFile.value(of: edit.field, in: world.branch.head?.files[edit.file]) != edit.new {
            world.violate("\(edit.field) of \(service) in \(stage) is not \(edit.new ?? "-"), as the ledger says")
        }
        if !world.branch.isRewritten { checkNamed(service, stage) }
    }

    /// Walks the branch: a run of changes that no record names must end where it began.
    private func checkNamed(_ service: String, _ stage: String) {
        var named: Set<String> = []
        var first: String?
        for record in world.records where record.fact.service == service && record.fact.stage == stage {
            switch record.fact {
            case .delivered(let delivered):
                named.insert(delivered.commit)
                first = first ?? delivered.commit
            case .externalChange(let change): named.insert(change.commit)
            default: break
            }
        }
        let history = world.branch.history(of: world.branch.tip).reversed()
        guard let first, history.contains(where: { $0.id == first }) else { return }
        var known: String?
        var begun = false
        var before: String?
        var unnamed: String?
        for commit in history {
            let value = world.value(service, stage, at: commit)
            if commit.id == first { begun = true }
            if begun, value != before || commit.id == first {
                if named.contains(commit.id) {
                    if let unnamed, known != before {
                        world.violate("\(unnamed) changed \(service) in \(stage) and no record names it")
                    }
                    (known, unnamed) = (value, nil)
                } else {
                    unnamed = value == known ? nil : commit.id
                }
            }
            before = value
        }
        if let unnamed { world.violate("\(unnamed) changed \(service) in \(stage) and no record names it") }
    }
}
