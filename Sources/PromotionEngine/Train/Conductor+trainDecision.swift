internal import WorkflowModel

extension Conductor {
    /// Reads every candidate once, and finds out which of them may go together.
    ///
    /// - Parameter faults: what stopped the look at a cell, by service.
    func decide(
        _ cells: [TrainCell], _ request: TrainRequest, _ context: Context, _ snapshot: LedgerSnapshot, faults: [String: PromotionError]
    ) throws -> TrainDecision {
        // Of many members that were admitted on one commit the rules' history since then is read once.
        var loosenings: [String: [Loosening]] = [:]
        let candidates = cells.map { candidate($0, request, context, snapshot, faults[$0.service.name], &loosenings) }
        let now = pace.now
        func decide(_ candidate: TrainCandidate, _ joining: [String: String], _ train: TrainTicket?, _ nextSeq: Int) -> PromotionDecision? {
            guard let reading = candidate.reading else { return nil }
            let state = snapshot.state.service(candidate.service.name)
            let decider = Decider(
                workflow: candidate.workflow, service: candidate.service, stage: candidate.stage, state: state,
                others: snapshot.state.services, people: context.rules.people, nextSeq: nextSeq, now: now, restrictions: reading.restrictions,
                joining: joining, train: train)
            // A member that waits was asked for by somebody: that person stays its requester.
            let open = state.undelivered(candidate.stage.name).flatMap { $0.version == candidate.version ? $0 : nil }
            let wanted = PromotionRequest(
                requester: open?.requester ?? initiator.id, trigger: .manual, reason: request.reason, ticket: request.ticket)
            return decider.decide(wanted, release: reading.release, plan: reading.plan, planDigest: reading.planDigest)
        }
        let assembly = TrainAssembly(candidates) { decide($0, $1, nil, snapshot.seq + 1) }
        let split = split(assembly, request)
        let members = (split.admitted + split.opened).sorted()
        guard !members.isEmpty else {
            return TrainDecision(
                assembly: assembly, ticket: nil, admitted: [], opened: [], facts: [], report: report(assembly, request, nil, [], []))
        }
        let id = standingTrain(members.map { assembly.candidates[$0] }, snapshot) ?? "train-\(snapshot.seq + 1)"
        let ticket = self.ticket(id, request, members, assembly)
        let going = self.ticket(id, request, split.admitted, assembly)
        var facts: [Fact] = []
        var decided = assembly
        let isAdmitted = Set(split.admitted)
        let (along, all) = (assembly.joining(split.admitted), assembly.joining(members))
        for position in members {
            let goes = isAdmitted.contains(position)
            guard let decision = decide(assembly.candidates[position], goes ? along : all, goes ? going : ticket, snapshot.seq + 1 + facts.count) else { continue }
            decided.note(decision, of: position)
            facts += goes ? decision.facts : decision.facts.filter { if case .admitted = $0 { false } else { true } }
        }
        return TrainDecision(
            assembly: decided, ticket: ticket, admitted: split.admitted, opened: split.opened, facts: facts,
            report: report(decided, request, ticket, split.admitted, split.opened))
    }

    /// The ticket of those that are opened, or of those that go, which may be fewer.
    private func ticket(_ id: String, _ request: TrainRequest, _ positions: [Int], _ assembly: TrainAssembly) -> TrainTicket {
        let members = positions.map { position in
            let candidate = assembly.candidates[position]
            return (service: candidate.service.name, version: candidate.version ?? "", planDigest: candidate.reading?.planDigest ?? "")
        }
        return TrainTicket(
            id: id, mode: request.mode, size: members.count, digest: TrainDigest.digest(stage: request.to, members: members))
    }

    /// The calls that opening members leads to, which people are told by that they are awaited.
    func owedApprovals(_ decision: TrainDecision) -> [Fact] {
        let requested = Set(decision.facts.compactMap { fact in if case .requested(let requested) = fact { requested.subject.promotion } else { nil } })
        return decision.opened.flatMap { position -> [Fact] in
            let candidate = decision.assembly.candidates[position]
            guard let subject = candidate.decision?.subject, requested.contains(subject.promotion),
                let gate = candidate.decision?.gates.first(where: { $0.id == "approval" && $0.verdict == .waiting })
            else { return [] }
            return owedHooks(.approvalNeeded, subject, gate.reason)
        }
    }

    /// Who goes now, and who is opened to wait.
    private func split(_ assembly: TrainAssembly, _ request: TrainRequest) -> (admitted: [Int], opened: [Int]) {
        let admissible = Set(assembly.admissible)
        let rest = assembly.prospective.filter { !admissible.contains($0) }
        guard request.mode == .allOrNothing else { return (assembly.admissible, rest) }
        let isNamed = !request.services.isEmpty
        let blocked = assembly.candidates.indices.filter { position in
            guard let skip = assembly.candidates[position].skip, skip != .alreadyThere else { return false }
            return skip != .noRelease || isNamed
        }
        if blocked.isEmpty { return (assembly.admissible, []) }
        // What is refused or could not be found out opens nothing.
        guard blocked.allSatisfy({ assembly.candidates[$0].skip?.verdict == .waiting && assembly.candidates[$0].reading != nil }) else {
            return ([], [])
        }
        let waits = Set(blocked).union(admissible)
        // Where each version has its turn, one that comes too early takes no place.
        guard waits.allSatisfy({ assembly.candidates[$0].decision?.subject != nil }) else { return ([], []) }
        return ([], waits.sorted())
    }

    /// The train that some of the members wait in already; the oldest of several.
    private func standingTrain(_ members: [TrainCandidate], _ snapshot: LedgerSnapshot) -> String? {
        let trains = members.compactMap { member -> String? in
            let open = snapshot.state.service(member.service.name).undelivered(member.stage.name)
            guard let open, open.version == member.version, !open.trigger.putsBack else { return nil }
            return open.train?.id
        }
        return trains.min { (TrainTicket.number(in: $0) ?? 0) < (TrainTicket.number(in: $1) ?? 0) }
    }

    private func candidate(
        _ cell: TrainCell, _ request: TrainRequest, _ context: Context, _ snapshot: LedgerSnapshot, _ fault: PromotionError?,
        _ loosenings: inout [String: [Loosening]]
    ) -> TrainCandidate {
        let (workflow, service, stage) = (cell.workflow, cell.service, cell.stage)
        var candidate = TrainCandidate(workflow: workflow, service: service, stage: stage, version: cell.version)
        let state = snapshot.state.service(service.name)
        if cell.version == nil {
            guard let source = state.cells[request.from], !source.adopted else {
                candidate.leaveOut(.noRelease, "no release was promoted to \(request.from)")
                return candidate
            }
            candidate.version = source.version == Cell.unknownVersion ? nil : source.version
            if source.isExternal {
                candidate.leaveOut(.changedOutside, "\(request.from) was changed outside Gradus in \(source.stay.commit.prefix(10))")
                return candidate
            }
        }
        // Who carries on what somebody asked for needs no permission of the own.
        let objection = cell.version == nil
            ? context.rules.people.objection(to: .promote, by: initiator.id, service: service, stage: stage.name) : nil
        if let objection {
            candidate.leaveOut(.notPermitted, "\(initiator.id) may not promote it: \(objection)")
            return candidate
        }
        guard let version = candidate.version, let release = state.releases[version] else {
            candidate.leaveOut(.noRelease, "\(candidate.version ?? "what is in \(request.from)") is not a registered release")
            return candidate
        }
        do {
            if let fault { throw fault }
            let step = state.step(of: version, in: stage)
            let intent = EditIntent(workflow: workflow, service: service, stage: stage, release: release.release, step: step)
            guard !intent.updates.isEmpty || stage.recordOnly else {
                throw PromotionError(.usage, "stage '\(stage.name)' has no updates for it")
            }
            let (plan, digest) = try plan(intent, workflow, at: tip(of: stage, context))
            try checkSteps(after: step, intent, workflow, at: plan.base)
            let key = "\(state.ruleBases[stage.name] ?? "") \(workflow.name)"
            let since = try loosenings[key] ?? self.loosenings(workflow, stage, state, context)
            loosenings[key] = since
            candidate.reading = .init(
                intent: intent, plan: plan, planDigest: digest, release: release, needs: workflow.dependencies(of: stage),
                restrictions: restrictions(
                    context, snapshot, loosenings: since, signatures: signatures(of: release, for: stage, context.rules.people)))
        } catch let error as PromotionError {
            let skip: TrainSkip = error.kind == .conflict ? .conflict : error.kind == .refused ? .refused : .errored
            candidate.leaveOut(skip, error.description)
        } catch {
            candidate.leaveOut(.errored, "\(error)")
        }
        return candidate
    }

    private func report(
        _ assembly: TrainAssembly, _ request: TrainRequest, _ ticket: TrainTicket?, _ admitted: [Int], _ opened: [Int]
    ) -> TrainReport {
        let (goes, waits) = (Set(admitted), Set(opened))
        let members = assembly.candidates.indices.map { position -> TrainReport.Member in
            let candidate = assembly.candidates[position]
            var member = TrainReport.Member(workflow: candidate.workflow.name, service: candidate.service.name, version: candidate.version)
            (member.skip, member.reason, member.planDigest) = (candidate.skip, candidate.reason, candidate.reading?.planDigest)
            (member.gates, member.edits) = (candidate.decision?.gates ?? [], candidate.reading?.plan.edits ?? [])
            guard goes.contains(position) || waits.contains(position) else {
                if member.skip == nil { member.reason = "the others may not go" }
                return member
            }
            if waits.contains(position), member.skip == nil { member.reason = "waits for the others" }
            member.promotion = candidate.decision?.subject?.promotion
            member.phase = goes.contains(position) ? .admitted : .pending
            return member
        }
        var report = TrainReport(
            id: ticket?.id, from: request.from, stage: request.to, mode: request.mode, result: .promoted, digest: ticket?.digest,
            members: members)
        if admitted.isEmpty {
            report.result =
                switch report.blockedVerdict {
                case .failed?: opened.isEmpty ? .refused : .pending
                case .errored?: .errored
                case .waiting?: opened.isEmpty && members.allSatisfy { [nil, .alreadyThere, .noRelease].contains($0.skip) } && request.services.isEmpty
                    ? .unchanged : .pending
                case .passed?, nil: .unchanged
                }
        }
        return report
    }
}

extension TrainAssembly {
    fileprivate mutating func note(_ decision: PromotionDecision, of position: Int) { candidates[position].decision = decision }
}

extension Workflow {
    /// The services that must be in the stage that is entered itself.
    fileprivate func dependencies(of stage: Stage) -> Set<String> {
        var names: Set<String> = []
        for criterion in stage.entryCriteria + upstream(of: stage).flatMap(\.exitCriteria) {
            if case .dependsOn(let dependency) = criterion.kind, (dependency.stage ?? stage.name) == stage.name { names.insert(dependency.service) }
        }
        return names
    }
}
