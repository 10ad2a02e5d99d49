import PromotionEngine
import WorkflowModel

/// One fact of every type, with every member set, and again with as few as possible.
enum FactSamples {
    static let text = "why: \"quoted\", tab\t, line\nfeed, é, 😀 \\u0041 \u{202E}x"

    static let all: [Fact] = full + spare

    static let full: [Fact] = [
        .segmentOpened(SegmentOpened(segment: 2, previous: .init(commit: "c0ffee", hash: .plan, seq: 10_000))),
        .segmentSealed(SegmentSealed(segment: 2)),
        .releaseRegistered(
            Release(
                service: "web", version: "1.0.0", workflow: "shop",
                images: [
                    .init(name: "shop/web", tag: "1.0.0", digest: "sha256:1"), .init(name: "shop/cache", tag: nil, digest: nil),
                ], charts: ["shop": "3.1.4"], commit: "abc", authors: ["ann", "bob"], ciURL: "https://ci.example/1?a=b",
                contains: ["0.9.1"], irreversible: text)),
        .evidencePosted(
            EvidencePosted(
                service: "web", version: "1.0.0", stage: "dev", values: ["test_pass_rate": "100", "note": text], ciURL: "u",
                files: [report(1, 100, key: "test_pass_rate"), report(0, 0, key: "note")], part: EvidencePart(2, of: 3), run: "77")),
        .healthObserved(
            HealthObserved(
                service: "web", version: "1.0.0", stage: "dev", status: .unknown, revision: "abc", promotion: "p-1",
                baseline: true, source: "probes", message: text, errored: true, trigger: "error_rate", gradual: true)),
        .requested(
            PromotionRequested(
                subject: subject, from: "dev,perf", requester: "rita", trigger: .automation, planDigest: .plan, reason: text,
                ticket: "CHG-1", downgradeFrom: "2.0.0", breakGlass: ["hold", "upstream"], train: train)),
        .admitted(
            PromotionAdmitted(
                subject: subject, planDigest: .plan, base: "abc",
                gates: [
                    Gate(
                        id: "dev.exit.sonar.coverage", criterion: "sonar.coverage", verdict: .passed, value: "1",
                        threshold: ">= 1", reason: "", source: "s"),
                    Gate(id: "upstream", criterion: "upstream", verdict: .passed, reason: ""),
                ], approvedBy: ["olga", "sam"],
                train: TrainTicket(id: "train-8", mode: .skipBlocked, size: 1, digest: .plan))),
        .delivered(
            PromotionDelivered(
                subject: subject, commit: "def", unchanged: true, late: true,
                edits: [
                    FieldEdit(file: "a.yaml", field: "images[0].newTag", old: "0", new: "1"),
                    FieldEdit(file: "b.yaml", field: "x", old: nil, new: text), FieldEdit(file: "c", field: "y", old: "", new: nil),
                ], step: RolloutStep(number: 1, of: 4, value: "5"))),
        .delivered(PromotionDelivered(subject: subject, commit: "def", closedGates: ["freeze", "prod.entry.checks"], edits: [])),
        .proposed(
            PromotionProposed(
                subject: subject, planDigest: .plan, base: "abc", branch: "gradus-promote/web/qa", head: "def", content: .plan, number: "17",
                url: "https://forge.example/17", forge: "GitHub (forge.example)", edits: [FieldEdit(file: "a", field: "x", old: "1", new: "2")])),
        .proposalObserved(
            ProposalObserved(
                subject: subject, number: "17", head: "def",
                reviews: [ForgeReview(reviewer: "o", verdict: .approved, commit: "def"), ForgeReview(reviewer: "p", verdict: .changesRequested, commit: nil)],
                checks: [ForgeCheck(name: "ci", state: .success, url: "u"), ForgeCheck(name: "lint", state: .pending)], text: .plan)),
        .succeeded(closed), .failed(closed), .withdrawn(closed), .superseded(closed), .aborted(closed),
        .externalChange(
            ExternalChange(
                service: "web", stage: "qa", workflow: "shop", version: "1.0.1", commit: "0123456789abcdef",
                author: "Hana <hana@example.org>",
                edits: [FieldEdit(file: "a.yaml", field: "images[0].newTag", old: "1.0.0", new: "1.0.1")])),
        .rolledBack(closed),
        .subjectPseudonymised(SubjectPseudonymised(subject: text, pseudonym: "person-9", also: ["p@example.org", text], reason: text)),
        .subjectPseudonymised(SubjectPseudonymised(subject: "olga", pseudonym: "person-9", reason: "r")),
        .reviewClosed(
            ReviewClosed(
                review: "review-7", service: "web", version: "1.0.0", stage: "qa", workflow: "shop", promotion: "p-1", reason: text)),
        .driftAdopted(
            DriftAdopted(
                service: "web", stage: "qa", workflow: "shop", version: "1.0.1", commit: "0123456789abcdef",
                author: "Hana <hana@example.org>", reason: text)),
        .driftAdopted(
            DriftAdopted(service: "web", stage: "qa", workflow: "shop", version: nil, commit: "0123", author: nil, reason: "r")),
        .stepDelivered(
            StepDelivered(
                subject: subject, step: RolloutStep(number: 2, of: 4, value: "25"), commit: "0123456789abcdef",
                edits: [FieldEdit(file: "a.yaml", field: "weight", old: "5", new: "25")], reason: text)),
        .hookOwed(HookOwed(subject: subject, hook: "failed/0", event: .failed, reason: text)),
        .hookCalled(HookCalled(subject: subject, hook: "before/1", name: "https://x.example", result: .errored, message: text)),
        .syncPaused(
            SyncPaused(
                subject: subject, place: AgentPlace(server: "https://x.example", tokenEnvironment: "T", appNamespace: "apps", project: "shop"),
                apps: ["web": "{}"], limit: 3_600)),
        .syncResumed(SyncResumed(subject: subject, apps: ["web"])),
        .freezeAdded(Freeze(id: "freeze-7", scope: FreezeScope(workflow: "shop", stage: "qa", service: "web"), owner: "olga", reason: text, start: .start, until: .start + .hours(1), includesRollbacks: true)),
        .freezeRemoved(FreezeRemoved(id: "freeze-7", reason: text)),
        .holdAdded(HoldAdded(id: "hold-7", service: "web", stage: "qa", workflow: "shop", owner: "olga", reason: text, until: .start, rollback: "p-1")),
        .holdRemoved(HoldRemoved(id: "hold-7", service: "web", stage: "qa", reason: text)),
        .releaseYanked(ReleaseYanked(service: "web", version: "1.0.0", reason: text)),
        .rulesChanged(
            RulesChanged(
                from: ["workflows/a.yaml": "1", "workflows/b.yaml": "2"], to: ["workflows/a.yaml": "3"],
                changes: [
                    GateChange(workflow: "shop", stage: "prod", gate: "approval", effect: .loosened, from: "2 of anyone", to: nil),
                    GateChange(workflow: "shop", stage: "prod", gate: "queue", effect: .changed, from: nil, to: text),
                ])),
        .rejected(decision), .rejectionWithdrawn(decision), .approvalGiven(decision), .approvalWithdrawn(decision),
    ]

    static let spare: [Fact] = [
        .freezeAdded(Freeze(id: "freeze-7", scope: FreezeScope(), owner: "olga", reason: "r", start: .start, until: nil)),
        .freezeRemoved(FreezeRemoved(id: "freeze-7", reason: nil)),
        .hookOwed(HookOwed(subject: subject, hook: "after/0", event: .after, reason: nil)),
        .hookCalled(HookCalled(subject: subject, hook: "after/0", name: "notify", result: .passed, message: nil)),
        .syncPaused(SyncPaused(subject: subject, place: AgentPlace(server: "https://x.example", tokenEnvironment: "T"), apps: [:], limit: 1)),
        .syncResumed(SyncResumed(subject: subject, apps: [])),
        .stepDelivered(StepDelivered(subject: subject, step: RolloutStep(number: 2, of: 2, value: "us, ap"), commit: "def", edits: [])),
        .holdAdded(HoldAdded(id: "hold-7", service: "web", stage: "qa", workflow: "shop", owner: "olga", reason: "r", until: nil)),
        .holdRemoved(HoldRemoved(id: "hold-7", service: "web", stage: "qa", reason: nil)),
        .segmentOpened(SegmentOpened(segment: 1, previous: nil)),
        .releaseRegistered(Release(service: "web", version: "1.0.0", workflow: "shop")),
        .evidencePosted(EvidencePosted(service: "web", version: "1.0.0", stage: nil, values: [:])),
        .healthObserved(
            HealthObserved(
                service: "web", version: "1.0.0", stage: "dev", status: .missing, revision: "abc", promotion: nil)),
        .requested(
            PromotionRequested(subject: subject, from: nil, requester: "rita", trigger: .manual, planDigest: .plan)),
        .admitted(
            PromotionAdmitted(subject: subject, planDigest: .plan, base: "abc", gates: [], approvedBy: [])),
        .delivered(PromotionDelivered(subject: subject, commit: "def", edits: [])),
        .proposed(
            PromotionProposed(
                subject: subject, planDigest: .plan, base: "abc", branch: "gradus-promote/web/qa", head: "def", content: .plan, edits: [])),
        .proposalObserved(ProposalObserved(subject: subject, number: "17", head: "def", reviews: [], checks: [], text: nil)),
        .approvalGiven(
            ApprovalDecision(
                service: "web", version: "1.0.0", stage: "qa", workflow: "shop", digest: nil, planDigest: .plan,
                promotion: nil, reason: nil)),
    ]

    static let train = TrainTicket(id: "train-7", mode: .allOrNothing, size: 3, digest: .plan, rollsBack: "train-3")
    static let subject = PromotionSubject.test("1.0.0", to: "qa")
    static func report(_ failures: Int, _ executed: Int, key: String = "test_pass_rate") -> EvidenceFile {
        EvidenceFile(
            key: key, format: .junit, name: "r.xml", sha256: .plan,
            counts: ["tests": executed + 2, "executed": executed, "failures": failures, "errors": 0, "skipped": 2])
    }

    static let closed = PromotionClosed(subject: subject, reason: text)
    static let decision = ApprovalDecision(
        service: "web", version: "1.0.0", stage: "qa", workflow: "shop", digest: "sha256:1", planDigest: .plan,
        promotion: "p-1", reason: text)

    static func record(_ fact: Fact, seq: Int = 7, by person: Identity = Identity(id: "olga@example.org", name: "Olga \"O\"")) -> LedgerRecord {
        LedgerRecord(seq: seq, at: .start, initiator: person, fact: fact, previousHash: String(repeating: "1", count: 64))
    }
}
