import PromotionEngine
import Testing

/// The sentences of format 1. They stand in ledgers that audits read for ever: a change of one needs a new format.
@Suite struct SentenceTests {
    private static let subject = PromotionSubject.test("1.0.0", to: "qa")
    private static let closed = PromotionClosed(subject: subject, reason: "so it is")
    private static let decision = ApprovalDecision(
        service: "web", version: "1.0.0", stage: "qa", workflow: "shop", digest: nil, planDigest: "p", promotion: nil,
        reason: "looks good")

    @Test(arguments: [
        (Fact.segmentOpened(SegmentOpened(segment: 1, previous: nil)), "The ledger begins"),
        (.segmentOpened(SegmentOpened(segment: 2, previous: .init(commit: "c", hash: "h", seq: 9))), "Segment 2 of the ledger begins"),
        (.segmentSealed(SegmentSealed(segment: 2)), "Segment 2 of the ledger is full"),
        (.releaseRegistered(Release(service: "web", version: "1.0.0", workflow: "shop")), "Olga registered web 1.0.0"),
        (
            .evidencePosted(EvidencePosted(service: "web", version: "1.0.0", stage: "dev", values: ["b": "2", "a": "1"])),
            "Olga reported a=1, b=2 for web 1.0.0 in dev"
        ),
        (
            .healthObserved(
                HealthObserved(service: "web", version: "1.0.0", stage: "qa", status: .degraded, revision: "r", promotion: "p")),
            "web 1.0.0 was seen Degraded in qa"
        ),
        (
            .healthObserved(
                HealthObserved(service: "web", version: "1.0.0", stage: "qa", status: .healthy, revision: "r", promotion: nil)),
            "web 1.0.0 was seen Healthy in qa, at another revision"
        ),
        (
            .requested(PromotionRequested(subject: subject, from: nil, requester: "rita", trigger: .manual, planDigest: "p")),
            "Olga requested web 1.0.0 to qa"
        ),
        (
            .requested(PromotionRequested(subject: subject, from: nil, requester: "rita", trigger: .automation, planDigest: "p")),
            "Automation requested web 1.0.0 to qa"
        ),
        (
            .admitted(PromotionAdmitted(subject: subject, planDigest: "p", base: "b", gates: [], approvedBy: ["olga", "sam"])),
            "web 1.0.0 to qa was admitted, approved by olga, sam"
        ),
        (
            .delivered(PromotionDelivered(subject: subject, commit: "0123456789abcdef", late: true, edits: [])),
            "web 1.0.0 to qa was delivered in 0123456789, late"
        ),
        (
            .delivered(PromotionDelivered(subject: subject, commit: "0123456789abcdef", closedGates: ["freeze", "hold"], edits: [])),
            "web 1.0.0 to qa was delivered in 0123456789, merged past freeze, hold"
        ),
        (
            .proposed(
                PromotionProposed(subject: subject, planDigest: "p", base: "b", branch: "gradus-promote/web/qa", head: "h", content: "c", edits: [])),
            "web 1.0.0 to qa was proposed on branch gradus-promote/web/qa"
        ),
        (
            .proposed(
                PromotionProposed(
                    subject: subject, planDigest: "p", base: "b", branch: "gradus-promote/web/qa", head: "h", content: "c", number: "17", edits: [])),
            "web 1.0.0 to qa was proposed in pull request 17"
        ),
        (
            .proposalObserved(
                ProposalObserved(
                    subject: subject, number: "17", head: "h", reviews: [ForgeReview(reviewer: "octo", verdict: .approved, commit: "h")],
                    checks: [ForgeCheck(name: "ci", state: .success), ForgeCheck(name: "lint", state: .pending)], text: nil)),
            "Pull request 17 of web 1.0.0 to qa: octo approves, 1 of 2 checks succeeded"
        ),
        (
            .rulesChanged(
                RulesChanged(
                    from: ["a": "1"], to: ["a": "2"],
                    changes: [
                        GateChange(workflow: "shop", stage: "qa", gate: "qa.entry.soak_duration", effect: .loosened, from: "24h", to: "1h"),
                        GateChange(workflow: "shop", stage: "qa", gate: "approval", effect: .tightened, from: nil, to: "1 of anyone"),
                    ])),
            "The rules changed: 1 loosened, 1 tightened: qa.entry.soak_duration (24h -> 1h)"
        ),
        (.rulesChanged(RulesChanged(from: ["a": "1"], to: [:], changes: [])), "The rules changed: no gate is other than it was"),
        (.succeeded(closed), "web 1.0.0 to qa succeeded"),
        (.failed(closed), "web 1.0.0 to qa failed: so it is"),
        (.withdrawn(closed), "The admission of web 1.0.0 to qa was withdrawn: so it is"),
        (.superseded(closed), "web 1.0.0 to qa was superseded: so it is"),
        (.aborted(closed), "web 1.0.0 to qa was aborted: so it is"),
        (
            .externalChange(
                ExternalChange(
                    service: "web", stage: "qa", workflow: "shop", version: "1.0.1", commit: "0123456789abcdef",
                    author: "Hana <hana@example.org>", edits: [])),
            "web in qa was changed outside Gradus by Hana <hana@example.org> in 0123456789, to 1.0.1"
        ),
        (.approvalGiven(decision), "Olga approved web 1.0.0 to qa: looks good"),
        (.approvalWithdrawn(decision), "Olga withdrew the approval of web 1.0.0 to qa"),
        (.rejected(decision), "Olga rejected web 1.0.0 to qa: looks good"),
        (
            .requested(
                PromotionRequested(
                    subject: subject, from: nil, requester: "rita", trigger: .manual, planDigest: "p", breakGlass: ["hold", "upstream"])),
            "Olga requested web 1.0.0 to qa, breaking glass: hold, upstream"
        ),
        (
            .hookCalled(HookCalled(subject: subject, hook: "before/0", name: "n", result: .failed, message: "exit code 1")),
            "The hook before/0 of web 1.0.0 to qa failed: exit code 1"
        ),
        (.syncResumed(SyncResumed(subject: subject, apps: ["api", "web"])), "The syncs of api, web go on after web 1.0.0 to qa"),
        (
            .stepDelivered(
                StepDelivered(subject: subject, step: RolloutStep(number: 2, of: 4, value: "25"), commit: "0123456789abcdef", edits: [])),
            "web 1.0.0 to qa went on to step 2 of 4 (25) in 0123456789"
        ),
        (
            .reviewClosed(
                ReviewClosed(
                    review: "review-7", service: "web", version: "1.0.0", stage: "qa", workflow: "shop", promotion: "p-1", reason: "fine")),
            "Olga closed review-7 of web 1.0.0 to qa: fine"
        ),
        (
            .subjectPseudonymised(SubjectPseudonymised(subject: "pavel", pseudonym: "person-9", also: ["p@example.org"], reason: "he left")),
            "Olga gave a person the pseudonym person-9: he left"
        ),
        (.rejectionWithdrawn(decision), "Olga withdrew the rejection of web 1.0.0 to qa"),
    ])
    func tellsTheFact(_ fact: Fact, _ sentence: String) {
        #expect(FactSamples.record(fact, by: Identity(id: "olga", name: "Olga")).sentence == sentence)
    }
}
