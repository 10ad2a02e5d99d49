import PromotionEngine
import TestSupport
import Testing

/// What stands together in one stage goes to the next in one commit.
@Suite struct TrainTests {
    /// Each of them needs another one first.
    private static let circle = ["api": [TrainScene.dependsOn("db")], "db": [TrainScene.dependsOn("web")], "web": [TrainScene.dependsOn("api")]]

    @Test(arguments: [Place.cloneOfBare, .workTree])
    func whatSinglePromotionsWaitForATrainTakesInOneCommit(_ place: Place) throws {
        let scene = try TrainScene(place, rules: Self.circle)
        for service in scene.services {
            let alone = try scene.site.json("explain \(service) --to prod")
            #expect(alone.gate("prod.entry.depends_on")?.text("verdict") == "waiting", "\(alone)")
        }
        let before = try scene.site.deployments().count
        let plan = try scene.site.json("train plan \(TrainScene.edge) --exit-code", exits: 3)
        #expect(plan.text("result") == "planned" && plan["diff"]?.stringValue?.contains("+    newTag: 2.0.0") == true, "\(plan)")
        #expect(try scene.site.deployments().count == before, "a plan writes nothing")
        let train = try scene.run("--all-or-nothing --ticket CHG-7")
        #expect(train.text("result") == "promoted" && train.text("kind") == "Train", "\(train)")
        for service in scene.services {
            #expect(train.member(service)?.text("phase") == "succeeded", "\(train)")
            #expect(train.member(service)?.gate("prod.entry.depends_on")?.text("source") == "the same train")
        }
        let commits = try scene.commits(after: before)
        #expect(commits.count == 1 && train.text("commit") == commits.first)
        let commit = try #require(commits.first)
        #expect(try scene.trailers("Gradus-Promotion", of: commit).count == 3)
        #expect(try scene.trailers("Gradus-Train", of: commit) == [train.text("id")])
        #expect(try scene.trailers("Gradus-Plan", of: commit) == [train.text("digest")])
        #expect(try scene.trailers("Gradus-Stage", of: commit) == ["staging -> prod"] && scene.trailers("Change-Ticket", of: commit) == ["CHG-7"])
        #expect(try scene.tags() == ["2.0.0", "2.0.0", "2.0.0"])
        let records = try scene.site.records().filter { $0["train"]?.text("id") == train.text("id") }
        #expect(records.filter { $0.text("type") == "admitted" }.count == 3)
        let again = try scene.run("--all-or-nothing")
        #expect(again.text("result") == "unchanged" && again.skip("api") == "already_there")
        #expect(try scene.commits(after: before).count == 1)
        #expect(try scene.site.json("matrix")["services"]?[0]?["cells"]?["prod"]?.text("commit") == commit)
        try scene.site.expectSoundLedger()
    }

    @Test func everyoneWhoMayNotGoIsLeftOutWithTheReason() throws {
        let services = ["absent", "broken", "denied", "done", "frozen", "good", "held", "moved", "newer", "slow", "tied", "unsure", "yanked"]
        let scene = try TrainScene(
            services: services,
            rules: [
                "slow": ["entry_criteria: [{smoke_tests: pass}]"], "tied": [TrainScene.dependsOn("slow")],
                "unsure": ["entry_criteria: [{test_pass_rate: 100}]"],
            ],
            staged: services.filter { $0 != "absent" },
            more: [
                "workflows/groups.yaml": """
                    groups: {all: [rita, hana], special: [hana]}
                    permissions:
                      - {allow: [promote, rollback, hold, freeze, yank, approve], groups: [all], services: [\(services.filter { $0 != "denied" }.joined(separator: ", "))]}
                      - {allow: [promote], groups: [all], services: [denied], stages: [staging]}
                      - {allow: [freeze, yank], groups: [all]}

                    """,
            ])
        let site = scene.site
        try site("release create newer 3.0.0")
        try site("promote newer --to staging --version 3.0.0")
        try site("promote newer --to prod --version 3.0.0")
        try site("promote newer --to staging --version 2.0.0")
        try site("promote done --to prod")
        try site("hold add --service held --stage prod --reason later")
        try site("freeze add --service frozen --reason later --start 2020-01-01T00:00:00Z --until 2100-01-01T00:00:00Z")
        try site("release yank yanked 2.0.0 --reason bad")
        try site.environment.folder.write("junit.xml", "<testsuites><testsuite name=\"a\" tests=\"0\"></testsuite></testsuites>")
        try site("report unsure 2.0.0 --junit \(site.environment.folder("junit.xml"))")
        try site.git.commit(
            [
                Storefront.kustomizationPath("moved", "staging"): Storefront.kustomization("moved", tag: "2.0.1"),
                Storefront.kustomizationPath("broken", "prod"): "kind: [\n",
            ], "by hand", to: site.authority)
        try site("reconcile --service moved")
        let before = try site.deployments().count
        let train = try scene.run(exits: 1)
        let wanted = [
            "absent": "no_release", "broken": "errored", "denied": "not_permitted", "done": "already_there", "frozen": "frozen", "held": "held",
            "moved": "changed_outside", "newer": "newer_there", "slow": "waiting", "tied": "dependency", "unsure": "errored", "yanked": "refused",
        ]
        for (service, skip) in wanted {
            #expect(train.skip(service) == skip, "\(service): \(String(describing: train.member(service)))")
            #expect(train.member(service)?.text("reason")?.isEmpty == false && train.member(service)?.text("phase") == nil)
        }
        #expect(train.member("good")?.text("phase") == "succeeded" && train.text("result") == "promoted")
        #expect(try scene.commits(after: before).count == 1 && site.tag("good", "prod") == "2.0.0")
        let requested = try site.records().filter { $0.text("type") == "requested" && $0["train"] != nil }
        #expect(requested.map { $0.text("service") } == ["good"], "nothing is recorded of those left out")
    }

    @Test(arguments: [
        ("hold add --service web --stage prod --reason later", Int32(8), "pending", "held"),
        ("release yank web 2.0.0 --reason bad", 6, "refused", "refused"),
    ])
    func allOrNothingMovesNothingWhereOneMayNotGo(_ obstacle: String, _ code: Int32, _ result: String, _ skip: String) throws {
        let scene = try TrainScene(more: [
            "workflows/groups.yaml": "groups: {all: [rita]}\npermissions: [{allow: [promote, hold, yank], groups: [all]}]\n"
        ])
        try scene.site(obstacle)
        let before = try scene.site.deployments().count
        let train = try scene.run("--all-or-nothing", exits: code)
        #expect(train.text("result") == result && train.skip("web") == skip, "\(train)")
        #expect(try scene.tags() == ["1.0.0", "1.0.0", "1.0.0"] && scene.commits(after: before).isEmpty)
        try scene.site("reconcile")
        #expect(try scene.tags() == ["1.0.0", "1.0.0", "1.0.0"], "automation takes no part of it along")
        let partly = try scene.run("--skip-blocked")
        #expect(partly.text("result") == "promoted" && partly.skip("web") == skip)
        #expect(try scene.tags() == ["2.0.0", "2.0.0", "1.0.0"])
    }

    @Test func allOrNothingThatWaitedGoesByItselfAsAWhole() throws {
        let scene = try TrainScene(rules: Self.circle)
        try scene.site("hold add --service web --stage prod --reason later")
        let id = try #require(try scene.run("--all-or-nothing", exits: 8).text("id"))
        #expect(try scene.run("--all-or-nothing", exits: 8).text("id") == id, "asked again, it is the same train")
        try scene.site("hold remove \(try #require(try scene.site.json("hold list")["holds"]?[0]?.text("hold")))")
        let before = try scene.site.deployments().count
        try scene.site("reconcile")
        #expect(try scene.tags() == ["2.0.0", "2.0.0", "2.0.0"] && scene.commits(after: before).count == 1)
        #expect(try scene.site.json("train show \(id)").text("result") == "promoted")
    }

    @Test func whoMayNotPromoteOneOfThemIsToldSo() throws {
        let scene = try TrainScene(more: [
            "workflows/groups.yaml": """
                groups: {all: [rita, hana]}
                permissions:
                  - {allow: [promote], groups: [all], stages: [staging]}
                  - {allow: [promote], groups: [all], services: [api, db]}

                """,
        ])
        try scene.run("--all-or-nothing", exits: 4)
        #expect(try scene.site.types().last == "denied")
        #expect(try scene.run().skip("web") == "not_permitted")
        #expect(try scene.tags() == ["2.0.0", "2.0.0", "1.0.0"])
    }

    @Test func membersThatShareAFileAreEditedOneAfterTheOther() throws {
        let scene = try TrainScene(isShared: true)
        let before = try scene.site.deployments().count
        let plan = try scene.site.json("train plan \(TrainScene.edge)")
        let train = try scene.run()
        let text = try scene.site.file(TrainScene.sharedPath("prod"))
        #expect(text == "# versions of prod\napi: {tag: \"2.0.0\"}  # api\ndb: {tag: \"2.0.0\"}  # db\nweb: {tag: \"2.0.0\"}  # web\n", "\(text)")
        #expect(try scene.commits(after: before).count == 1)
        #expect(plan["diff"]?.stringValue?.split(separator: "\n").count { $0.hasPrefix("+") && !$0.hasPrefix("+++") } == 3, "\(plan)")
        // One of them alone goes back alone.
        try scene.site("rollback db --stage prod --reason slow")
        #expect(try scene.site.file(TrainScene.sharedPath("prod")).contains("api: {tag: \"2.0.0\"}  # api\ndb: {tag: \"1.0.0\"}  # db\nweb: {tag: \"2.0.0\"}"))
        let back = try scene.site.json("rollback --train \(try #require(train.text("id"))) --reason slow")
        #expect(back.skip("db") == "not_there" && back.member("api")?.text("phase") == "succeeded", "\(back)")
        #expect(try scene.site.file(TrainScene.sharedPath("prod")) == text.replacing("2.0.0", with: "1.0.0"))
        try scene.site.expectSoundLedger()
    }

    @Test(arguments: [
        ("train run --from staging --to qa", "no workflow has a stage 'qa'"), ("train run --from prod --to staging", "does not come directly after"),
        ("train run --from staging --to prod --service wbe", "no workflow declares the service 'wbe'"),
        ("train show train-99", "holds no train 'train-99'"), ("rollback --train train-99 --reason x", "holds no train"),
        ("approve train-99", "no member of train-99 waits"), ("train show --from staging --to prod", "holds no train from staging to prod"),
    ])
    func whatDoesNotExistIsToldWithWhatDoes(_ line: String, _ message: String) throws {
        let scene = try TrainScene(staged: [])
        let error = try scene.site.json(line, exits: 2)
        #expect(error.text("message")?.contains(message) == true && error.text("hint")?.isEmpty == false, "\(error)")
    }

    @Test func nothingToTakeIsNothingToDo() throws {
        let scene = try TrainScene(staged: [])
        let train = try scene.run()
        #expect(train.text("result") == "unchanged" && train.skip("web") == "no_release")
        try scene.run("--service web --all-or-nothing", exits: 8)
        #expect(try scene.site.types().isEmpty)
    }
}
