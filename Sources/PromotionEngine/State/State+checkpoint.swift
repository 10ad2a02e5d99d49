extension Stay {
    var json: JSONValue {
        .compact([
            "promotion": .optional(promotion), "commit": .string(commit), "since": .string(since.description),
            "until": .optional(until?.description),
            "ended": ended.map { ["commit": .string($0.commit), "seq": .int($0.seq)] } ?? .null,
            "observations": .array(observations.map(\.json)),
        ])
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        self.init(
            promotion: try fields.optionalString("promotion"), commit: try fields.string("commit"),
            since: try fields.time("since"), until: try fields.optionalTime("until"))
        if fields.members["ended"] != nil {
            let ending = JSONFields(members: try fields.object("ended"))
            ended = Ending(commit: try ending.string("commit"), seq: try ending.int("seq"))
        }
        for item in try fields.list("observations") {
            let observation = try JSONFields(item, "observation")
            guard let status = HealthStatus(rawValue: try observation.string("status")) else {
                throw RecordFault("an observation's status is unknown")
            }
            observations.append(
                .init(
                    at: try observation.time("at"), status: status, isLooked: try observation.flag("looked"),
                    isErrored: try observation.flag("errored"), isTriggered: try observation.flag("triggered"),
                    isGradual: try observation.flag("gradual"), message: try observation.optionalString("message")))
        }
    }
}

extension Stay.Observation {
    var json: JSONValue {
        var members: [String: JSONValue] = ["at": .string(at.description), "status": .string(status.rawValue)]
        if isLooked { members["looked"] = true }
        if isErrored { members["errored"] = true }
        if isTriggered { members["triggered"] = true }
        if isGradual { members["gradual"] = true }
        members.set("message", message)
        return .object(members)
    }
}

extension Cell {
    var json: JSONValue {
        var members: [String: JSONValue] = [
            "version": .string(version), "adopted": .bool(adopted), "external": .bool(isExternal), "stay": stay.json,
            "edits": .array(edits.map(\.json)),
        ]
        members.set("mixed", mixed)
        if isOutright { members["outright"] = true }
        if let rollout { members["rollout"] = rollout.json }
        if coversBaseline { members["covers_baseline"] = true }
        return .object(members)
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        var edits: [FieldEdit] = []
        for item in try fields.list("edits") { edits.append(try FieldEdit(JSONFields(item, "edit"))) }
        self.init(
            version: try fields.string("version"), adopted: try fields.flag("adopted"),
            isExternal: try fields.flag("external"), stay: try Stay(JSONFields(members: fields.object("stay"))), edits: edits,
            mixed: try fields.strings("mixed"), isOutright: try fields.flag("outright"))
        if fields.members["rollout"] != nil { rollout = try RolloutState(JSONFields(members: fields.object("rollout"))) }
        coversBaseline = try fields.flag("covers_baseline")
    }
}

extension Promotion {
    var json: JSONValue {
        var members = subject.members
        members.set("from", from)
        members["requester"] = .string(requester)
        members["trigger"] = .string(trigger.rawValue)
        members["requested_at"] = .string(requestedAt.description)
        members.set("reason", reason)
        members.set("ticket", ticket)
        members["phase"] = .string(phase.rawValue)
        members["plan_digest"] = .string(planDigest)
        members.set("withdrawn_base", withdrawnBase)
        members.set("commit", commit)
        if let breakGlass {
            members["break_glass"] = [
                "gates": .array(breakGlass.gates.map(JSONValue.string)), "by": .string(breakGlass.by),
                "reason": .string(breakGlass.reason), "plan_digest": .string(breakGlass.planDigest),
            ]
        }
        if let train { members["train"] = train.json }
        members.set("hooks", hooks.mapValues(\.rawValue))
        if let admission {
            members["admission"] = [
                "at": .string(admission.at.description), "base": .string(admission.base),
                "approved_by": .array(admission.approvedBy.map(JSONValue.string)),
            ]
            if let head = admission.head { members["gated_head"] = .string(head) }
        }
        members["proposal"] = proposal?.checkpoint
        return .object(members)
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        guard let trigger = PromotionRequested.Trigger(rawValue: try fields.string("trigger")),
            let phase = Phase(rawValue: try fields.string("phase"))
        else { throw RecordFault("a promotion's trigger or phase is unknown") }
        var admission: Admission?
        if fields.members["admission"] != nil {
            let inner = JSONFields(members: try fields.object("admission"))
            admission = Admission(
                at: try inner.time("at"), base: try inner.string("base"), approvedBy: try inner.strings("approved_by"),
                head: try fields.optionalString("gated_head"))
        }
        self.init(
            subject: try PromotionSubject(fields), from: try fields.optionalString("from"),
            requester: try fields.string("requester"), trigger: trigger, requestedAt: try fields.time("requested_at"),
            reason: try fields.optionalString("reason"), ticket: try fields.optionalString("ticket"), phase: phase,
            planDigest: try fields.string("plan_digest"), admission: admission,
            withdrawnBase: try fields.optionalString("withdrawn_base"),
            commit: try fields.optionalString("commit"))
        if fields.members["proposal"] != nil { proposal = try Proposal(JSONFields(members: fields.object("proposal"))) }
        train = try TrainTicket.read(from: fields)
        for (hook, text) in try fields.stringMap("hooks") {
            guard let result = HookCalled.Result(rawValue: text) else { throw RecordFault("'\(text)' is no result of a hook") }
            hooks[hook] = result
        }
        if fields.members["break_glass"] != nil {
            let inner = JSONFields(members: try fields.object("break_glass"))
            breakGlass = BreakGlass(
                gates: try inner.strings("gates"), by: try inner.string("by"), reason: try inner.string("reason"),
                planDigest: try inner.string("plan_digest"))
        }
    }
}

extension ReleaseState {
    /// Not written by the first engines of this schema: what they left out makes no checkpoint wrong.
    static let verifiedBeforeKey = "verified_before"

    /// The registered content.
    public var releaseJSON: JSONValue { .object(release.members) }

    var json: JSONValue {
        .compact([
            "yanked": yanked.map { ["by": .string($0.by), "at": .string($0.at.description), "reason": .string($0.reason)] } ?? .null,
            "release": .object(release.members), "registered_seq": .int(registeredSeq),
            "registered_at": .string(registeredAt.description), "registered_by": .string(registeredBy),
            "evidence": .array(evidence.map(\.json)), "approvals": .array(approvals.map(\.json)),
            "rejections": .array(rejections.map(\.json)),
            "outcomes": .object(outcomes.mapValues { .string($0.rawValue) }),
            Self.verifiedBeforeKey: verifiedBefore.isEmpty ? .null : .array(verifiedBefore.sorted().map(JSONValue.string)),
            "finished_stays": .object(finishedStays.mapValues(\.json)),
        ])
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        self.init(
            release: try Release(JSONFields(members: fields.object("release"))),
            registeredSeq: try fields.int("registered_seq"), registeredAt: try fields.time("registered_at"),
            registeredBy: try fields.string("registered_by"))
        if fields.members["yanked"] != nil {
            let yank = JSONFields(members: try fields.object("yanked"))
            yanked = Yank(by: try yank.string("by"), at: try yank.time("at"), reason: try yank.string("reason"))
        }
        for item in try fields.list("evidence") { evidence.append(try Evidence(JSONFields(item, "evidence"))) }
        for item in try fields.list("approvals") { approvals.append(try Opinion(JSONFields(item, "approval"))) }
        for item in try fields.list("rejections") { rejections.append(try Opinion(JSONFields(item, "rejection"))) }
        for (stage, name) in try fields.stringMap("outcomes") {
            guard let outcome = Outcome(rawValue: name) else { throw RecordFault("'\(name)' is no outcome") }
            outcomes[stage] = outcome
        }
        verifiedBefore = Set(try fields.strings(Self.verifiedBeforeKey))
        for (stage, stay) in try fields.object("finished_stays") {
            finishedStays[stage] = try Stay(JSONFields(stay, "stay"))
        }
    }
}

extension ReleaseState.Evidence {
    var json: JSONValue {
        .compact([
            "key": .string(key), "value": .string(value), "stage": .optional(stage), "seq": .int(seq),
            "at": .string(at.description), "posted_by": .string(postedBy), "ci_url": .optional(ciURL),
            "file": file?.json ?? .null, "part": .optional(part?.description), "run": .optional(run),
        ])
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        self.init(
            key: try fields.string("key"), value: try fields.string("value"), stage: try fields.optionalString("stage"),
            seq: try fields.int("seq"), at: try fields.time("at"), postedBy: try fields.string("posted_by"),
            ciURL: try fields.optionalString("ci_url"),
            file: fields.members["file"] == nil ? nil : try EvidenceFile(JSONFields(members: fields.object("file"))),
            part: try fields.part("part"), run: try fields.optionalString("run"))
    }
}

extension ReleaseState.Opinion {
    var json: JSONValue {
        .compact([
            "person": .string(person), "name": .optional(name), "stage": .string(stage), "digest": .optional(digest),
            "plan_digest": .string(planDigest), "at": .string(at.description), "reason": .optional(reason),
            "seq": seq.map(JSONValue.int) ?? .null, "via": .optional(via),
        ])
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        self.init(
            person: try fields.string("person"), name: try fields.optionalString("name"),
            stage: try fields.string("stage"), digest: try fields.optionalString("digest"),
            planDigest: try fields.string("plan_digest"), at: try fields.time("at"),
            reason: try fields.optionalString("reason"), seq: fields.members["seq"] == nil ? nil : try fields.int("seq"),
            via: try fields.optionalString("via"))
    }
}

extension Baseline {
    var json: JSONValue { .compact(["version": .optional(version), "ended_by": .string(endedBy)]) }

    init(_ fields: JSONFields) throws(RecordFault) {
        self.init(version: try fields.optionalString("version"), endedBy: try fields.string("ended_by"))
    }
}
