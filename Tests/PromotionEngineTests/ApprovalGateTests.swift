import PromotionEngine
import Testing
import WorkflowModel

/// `design.md` section 6, approvals: rules of entering `qa`, requested by rita, written by ann.
@Suite struct ApprovalGateTests {
    static let platform = ApprovalRule(from: ["platform-team"])

    static let rows: [VerdictRow] = [
        row("nobody approved", .waiting, platform) { _ in },
        row("one of the group", .passed, platform) { $0.approve("olga") },
        row("somebody outside the group", .waiting, platform) { $0.approve("sam") },
        row("anyone, where no group is named", .passed, ApprovalRule()) { $0.approve("zoe") },
        row("a person who is named instead of a group", .passed, ApprovalRule(from: ["zoe"])) { $0.approve("zoe") },
        row("one of either group", .passed, ApprovalRule(from: ["platform-team", "security"])) { $0.approve("sam") },
        row("one of two", .waiting, ApprovalRule(minimum: 2, from: ["platform-team"])) { $0.approve("olga") },
        row("two of two", .passed, ApprovalRule(minimum: 2, from: ["platform-team"])) {
            $0.approve("olga")
            $0.approve("pavel")
        },
        row("the same person twice", .waiting, ApprovalRule(minimum: 2, from: ["platform-team"])) {
            $0.approve("olga")
            $0.approve("olga")
        },
        row("the requester", .waiting, ApprovalRule()) { $0.approve("rita") },
        row("the requester, where that is allowed", .passed, ApprovalRule(forbid: [])) { $0.approve("rita") },
        row("an author", .waiting, ApprovalRule()) { $0.approve("ann") },
        row("an author, where only the requester is forbidden", .passed, ApprovalRule(forbid: [.requester])) {
            $0.approve("ann")
        },
        row("the requester beside one who may", .passed, ApprovalRule()) {
            $0.approve("rita")
            $0.approve("zoe")
        },
        row("an unknown author where it was not written out", .passed, ApprovalRule(), version: "2.0.0", authors: []) {
            $0.approve("olga")
        },
        row(
            "an unknown author where it was written out", .waiting, ApprovalRule(authorMustBeKnown: true),
            version: "2.0.0", authors: []
        ) { $0.approve("olga") },
        row("a known author where it was written out", .passed, ApprovalRule(authorMustBeKnown: true)) {
            $0.approve("olga")
        },
        row("a required group is missing", .waiting, ApprovalRule(from: ["platform-team"], required: ["security"])) {
            $0.approve("olga")
        },
        row("a required group is there", .passed, ApprovalRule(minimum: 2, from: ["platform-team"], required: ["security"])) {
            $0.approve("olga")
            $0.approve("sam")
        },
        row("the requester speaks for no required group", .waiting, ApprovalRule(required: ["security"])) {
            $0.requester = "sam"
            $0.approve("olga")
            $0.approve("sam")
        },
        row("the service's owner is a group", .passed, ApprovalRule(from: ["service-owner"])) { $0.approve("wendy") },
        row("the service's owner is a person", .passed, ApprovalRule(from: ["service-owner"])) {
            $0.owner = "otto"
            $0.approve("otto")
        },
        row("not the service's owner", .waiting, ApprovalRule(from: ["service-owner"])) { $0.approve("olga") },
        row("a service without owner", .waiting, ApprovalRule(from: ["service-owner"])) {
            $0.owner = nil
            $0.approve("service-owner")
        },
        row("a group that is called service-owner", .passed, ApprovalRule(from: ["service-owner"])) {
            $0.people.groups["service-owner"] = ["sam"]
            $0.approve("sam")
        },
        row("the owner does not stand beside a group of that name", .waiting, ApprovalRule(from: ["service-owner"])) {
            $0.people.groups["service-owner"] = ["sam"]
            $0.approve("wendy")
        },
        row("the name of a group is no person", .waiting, platform) { $0.approve("platform-team") },
        row("not yet expired", .passed, ApprovalRule(expires: .hours(24))) {
            $0.approve("olga")
            $0.pass(.hours(24))
        },
        row("expired", .waiting, ApprovalRule(expires: .hours(24))) {
            $0.approve("olga")
            $0.pass(.seconds(86_401))
        },
        row("given again after it expired", .passed, ApprovalRule(expires: .hours(24))) {
            $0.approve("olga")
            $0.pass(.hours(25))
            $0.approve("olga")
        },
        row("withdrawn", .waiting, platform) {
            $0.approve("olga")
            $0.withdrawApproval("olga")
        },
        row("nobody withdraws another's", .passed, platform) {
            $0.approve("olga")
            $0.withdrawApproval("pavel")
        },
        row("void by a changed plan", .waiting, platform) {
            $0.approve("olga")
            $0.planDigest = String(repeating: "b", count: 64)
        },
        row("kept when the plan changes back", .passed, platform) {
            $0.approve("olga")
            $0.approve("olga", plan: String(repeating: "b", count: 64))
        },
        row("for another stage", .waiting, platform) { $0.approve("olga", stage: "prod") },
        row("for another digest", .waiting, platform) { $0.approve("olga", digest: "sha256:1") },
        row("for another version", .waiting, platform) {
            $0.log.register("2.0.0")
            $0.approve("olga", version: "2.0.0")
        },
        row("kept by a closed and repeated attempt", .passed, platform) {
            $0.log.request(to: "qa")
            $0.approve("olga")
            $0.log.add(.aborted(PromotionClosed(subject: .test(.version, to: "qa"), reason: "not now")))
            $0.log.request(to: "qa")
        },
        row("rejected", .failed, platform) { $0.reject("pavel") },
        row("rejected after an approval", .failed, platform) {
            $0.approve("olga")
            $0.reject("pavel")
        },
        row("approved after a rejection of somebody else", .failed, platform) {
            $0.reject("pavel")
            $0.approve("olga")
        },
        row("the rejection was withdrawn", .passed, platform) {
            $0.approve("olga")
            $0.reject("pavel")
            $0.withdrawRejection("pavel")
        },
        row("nobody withdraws another's rejection", .failed, platform) {
            $0.reject("pavel")
            $0.withdrawRejection("olga")
        },
        row("rejected for another stage", .waiting, platform) { $0.reject("pavel", stage: "prod") },
        row("rejected for another plan", .waiting, platform) {
            $0.reject("pavel", plan: String(repeating: "b", count: 64))
        },
        VerdictRow("both rules must hold, one does", .waiting) {
            $0.qa.approvals = [platform, ApprovalRule(from: ["security"])]
            $0.approve("olga")
        },
        VerdictRow("both rules must hold, both do", .passed) {
            $0.qa.approvals = [platform, ApprovalRule(from: ["security"])]
            $0.approve("olga")
            $0.approve("sam")
        },
        VerdictRow("rejected where no approval is asked for", .failed) { $0.reject("pavel") },
    ]

    @Test(arguments: rows)
    func approval(_ row: VerdictRow) throws {
        let gate = try row.scene().gate("approval")
        #expect(gate.verdict == row.verdict, "\(gate.reason)")
        if gate.verdict == .waiting { #expect(gate.clearWith?.hasPrefix("gradus approve web@qa") == true) }
        if gate.verdict == .failed { #expect(gate.clearWith?.hasPrefix("gradus reject web@qa --withdraw") == true) }
    }

    @Test func anApprovalBelongsToTheDigestOfTheRelease() throws {
        var scene = Scene()
        scene.qa.approvals = [Self.platform]
        scene.log.register("2.0.0", digest: "sha256:1")
        scene.version = "2.0.0"
        scene.approve("olga")
        #expect(try scene.gate("approval").verdict == .waiting)
        scene.approve("pavel", digest: "sha256:1")
        #expect(try scene.gate("approval").verdict == .passed)
    }

    @Test func withoutRulesAndRejectionsThereIsNoGate() throws {
        #expect(try !Scene().evaluator().gates().contains { $0.id == "approval" })
    }

    /// An auditor reads from the gate who approved, so it names those who counted and nobody else.
    @Test func namesThoseWhoseApprovalsCounted() throws {
        var scene = Scene()
        scene.qa.approvals = [ApprovalRule()]
        for person in ["rita", "zoe", "ann"] { scene.approve(person) }
        let gate = try scene.gate("approval")
        #expect(gate.value == "zoe")
        #expect(try scene.evaluator().approvers() == ["zoe"])
    }

    @Test func saysWhoCanActAndWhyAnApprovalDoesNotCount() throws {
        var scene = Scene()
        scene.qa.approvals = [Self.platform]
        scene.approve("sam")
        scene.approve("olga", plan: "old")
        let reason = try scene.gate("approval").reason
        #expect(reason.contains("1 more approval of platform-team (olga, pavel)"))
        #expect(reason.contains("sam is not in platform-team"))
        #expect(reason.contains("void because the plan changed: approval of olga"))
    }

    @Test(arguments: [("olga", true), ("sam", false), ("rita", false), ("ann", false)])
    func objectsBeforeAnApprovalIsRecordedThatWouldNotCount(_ person: String, _ may: Bool) throws {
        var scene = Scene()
        scene.people.groups["platform-team"] = ["olga", "rita", "ann"]
        scene.qa.approvals = [Self.platform]
        #expect(try (scene.evaluator().objection(toApprovalBy: person) == nil) == may)
    }

    private static func row(
        _ name: String, _ verdict: Verdict, _ rule: ApprovalRule, version: String? = nil, authors: [String] = [],
        _ arrange: @escaping @Sendable (inout Scene) -> Void
    ) -> VerdictRow {
        VerdictRow(name, verdict) {
            $0.qa.approvals = [rule]
            if let version {
                $0.log.register(version, authors: authors)
                $0.version = version
            }
            arrange(&$0)
        }
    }
}
