import PromotionEngine
import Testing
import WorkflowModel

@Suite struct PlanDigestTests {
    static let edits = [
        FieldEdit(file: "a.yaml", field: "x", old: "0", new: "1"), FieldEdit(file: "a.yaml", field: "y", old: nil, new: "1"),
        FieldEdit(file: "b.yaml", field: "x", old: "0", new: nil),
    ]

    struct Change: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let arrange: @Sendable (inout Subject) -> Void

        init(_ name: String, _ arrange: @escaping @Sendable (inout Subject) -> Void) {
            testDescription = name
            self.arrange = arrange
        }
    }

    struct Subject: Sendable {
        var scene = Scene()
        var branch = "main"
        var edits = PlanDigestTests.edits
        var base = "tip"
        var files: [String: FileContent] = ["a.yaml": .bytes([1])]
        var path = "workflows/shop.yaml"

        init() {
            scene.dev.exitCriteria = [.number(.atLeast, "80")]
            scene.qa.entryCriteria = [.text("pass")]
            scene.qa.approvals = [ApprovalRule(from: ["platform-team"])]
            scene.qa.updates = [Update(file: "a.yaml", kind: .yaml(set: [.init(key: "x", value: "{version}")]))]
        }

        func digest() throws -> String {
            var workflow = scene.workflow
            workflow.path = path
            let release = try #require(scene.log.service.releases[.version])
            let intent = EditIntent(
                workflow: workflow, service: scene.service, stage: scene.qa, release: release.release)
            return PlanDigest.digest(
                branch: branch, workflow: workflow, intent: intent, plan: EditPlan(base: base, edits: edits, files: files))
        }
    }

    static let changing: [Change] = [
        Change("branch") { $0.branch = "other" },
        Change("new value") { $0.edits[0] = FieldEdit(file: "a.yaml", field: "x", old: "0", new: "2") },
        Change("old value") { $0.edits[0] = FieldEdit(file: "a.yaml", field: "x", old: "9", new: "1") },
        Change("old value missing instead of empty") { $0.edits[1] = FieldEdit(file: "a.yaml", field: "y", old: "", new: "1") },
        Change("file") { $0.edits[0] = FieldEdit(file: "c.yaml", field: "x", old: "0", new: "1") },
        Change("field") { $0.edits[0] = FieldEdit(file: "a.yaml", field: "z", old: "0", new: "1") },
        Change("one edit fewer") { $0.edits.removeLast() },
        Change("one edit more") { $0.edits.append(FieldEdit(file: "z", field: "x", old: "1", new: "1")) },
        Change("copy") { $0.scene.qa.updates[0].kind = .copy(from: "b") },
        Change("copy of another folder") { $0.scene.qa.updates[0].kind = .copy(from: "c") },
        Change("create") { $0.scene.qa.updates[0].kind = .yaml(set: [.init(key: "x", value: "{version}")], create: true) },
        Change("json") { $0.scene.qa.updates[0].kind = .json(set: [.init(key: "x", value: "{version}")]) },
        Change("match") { $0.scene.qa.updates[0].kind = .yaml(set: [.init(key: "x", value: "{version}", match: "[0-9]+")]) },
        Change("chart") { $0.scene.qa.updates[0].kind = .chart(dependency: nil, version: "{version}", appVersion: nil) },
        Change("chart's app version") { $0.scene.qa.updates[0].kind = .chart(dependency: nil, version: nil, appVersion: "{version}") },
        Change("container") { $0.scene.qa.updates[0].kind = .manifest(object: nil, container: "web", image: nil) },
        Change("container's image") { $0.scene.qa.updates[0].kind = .manifest(object: nil, container: nil, image: "web") },
        Change("application") { $0.scene.qa.updates[0].kind = .application(.init(targetRevision: "{version}")) },
        Change("application set") { $0.scene.qa.updates[0].kind = .applicationSet(.init(targetRevision: "{version}")) },
        Change("helm value") { $0.scene.qa.updates[0].kind = .application(.init(helmValues: [.init(key: "x", value: "{version}")])) },
        Change("kustomize image") { $0.scene.qa.updates[0].kind = .application(.init(kustomizeImages: ["x:{tag}"])) },
        Change("element") {
            $0.scene.qa.updates[0].kind = .applicationSetElement(
                matching: [.init(key: "stage", value: "qa")], set: [.init(key: "x", value: "{version}")], object: nil, create: false)
        },
        Change("flux chart") { $0.scene.qa.updates[0].kind = .flux(.init(chartVersion: "{version}")) },
        Change("flux policy") { $0.scene.qa.updates[0].kind = .flux(.init(imagePolicy: "a:b")) },
        Change("flux reference") { $0.scene.qa.updates[0].kind = .flux(.init(reference: [.init(key: "tag", value: "{tag}")])) },
        Change("exit threshold") { $0.scene.dev.exitCriteria = [.number(.atLeast, "79")] },
        Change("exit comparison") { $0.scene.dev.exitCriteria = [.number(.greater, "80")] },
        Change("exit key") { $0.scene.dev.exitCriteria = [.number(.atLeast, "80", key: "code_coverage")] },
        Change("no exit criterion") { $0.scene.dev.exitCriteria = [] },
        Change("exit instead of entry") {
            $0.scene.dev.exitCriteria += $0.scene.qa.entryCriteria
            $0.scene.qa.entryCriteria = []
        },
        Change("entry criterion") { $0.scene.qa.entryCriteria = [.text("met")] },
        Change("one more entry criterion") { $0.scene.qa.entryCriteria.append(.soak(.hours(1))) },
        Change("approvals needed") { $0.scene.qa.approvals[0].minimum = 2 },
        Change("approving group") { $0.scene.qa.approvals[0].from = ["security"] },
        Change("required group") { $0.scene.qa.approvals[0].required = ["security"] },
        Change("who is forbidden") { $0.scene.qa.approvals[0].forbid = [] },
        Change("author must be known") { $0.scene.qa.approvals[0].authorMustBeKnown = true },
        Change("expiry") { $0.scene.qa.approvals[0].expires = .hours(1) },
        Change("no approval") { $0.scene.qa.approvals = [] },
        Change("delivery") { $0.scene.qa.delivery = .pullRequest },
        Change("health") { $0.scene.qa.health = HealthPolicy() },
        Change("update") {
            $0.scene.qa.updates[0].kind = .yaml(set: [.init(key: "y", value: "{version}")])
        },
        Change("kind of update") {
            $0.scene.qa.updates[0].kind = .helmValues(set: [.init(key: "x", value: "{version}")])
        },
        Change("another upstream stage") {
            $0.scene.others = [Stage(name: "perf")]
            $0.scene.qa.after = ["dev", "perf"]
        },
    ]

    static let keeping: [Change] = [
        Change("order of edits") { $0.edits.reverse() },
        Change("base") { $0.base = "another tip" },
        Change("the rest of the files") { $0.files = ["a.yaml": .bytes([2])] },
        Change("criteria of another stage") { $0.scene.prod.entryCriteria = [.text("pass")] },
        Change("criteria of leaving the stage") { $0.scene.qa.exitCriteria = [.text("pass")] },
        Change("criteria of entering the upstream stage") { $0.scene.dev.entryCriteria = [.text("pass")] },
        Change("another stage") { $0.scene.others = [Stage(name: "perf", after: ["dev"])] },
        Change("approvals of another stage") { $0.scene.prod.approvals = [ApprovalRule()] },
        Change("updates of another stage") { $0.scene.prod.updates = $0.scene.qa.updates },
        Change("an update for another stage only") {
            $0.scene.qa.updates.append(Update(file: "b", kind: .yaml(set: []), stages: ["prod"]))
        },
        Change("line numbers") {
            $0.scene.qa.location = Located(line: 9, column: 9)
            $0.scene.qa.entryCriteria[0].location = Located(line: 9, column: 9)
        },
        Change("the workflow's path") { $0.path = "workflows/other.yaml" },
        Change("members of groups") { $0.scene.people.groups["platform-team"] = ["zoe"] },
        Change("requester and ticket") { ($0.scene.requester, $0.scene.ticket) = ("zoe", "CHG-1") },
        Change("later evidence") { $0.scene.log.report(["x": "1"]) },
    ]

    @Test(arguments: changing)
    func changesWith(_ change: Change) throws {
        var subject = Subject()
        change.arrange(&subject)
        #expect(try subject.digest() != Subject().digest())
    }

    @Test(arguments: keeping)
    func staysWith(_ change: Change) throws {
        var subject = Subject()
        change.arrange(&subject)
        #expect(try subject.digest() == Subject().digest())
    }

    @Test func allChangesDiffer() throws {
        let digests = try Self.changing.map { change in
            var subject = Subject()
            change.arrange(&subject)
            return try subject.digest()
        }
        #expect(Set(digests).count == digests.count)
        #expect(digests.allSatisfy { $0.utf8.count == 64 })
    }
}
