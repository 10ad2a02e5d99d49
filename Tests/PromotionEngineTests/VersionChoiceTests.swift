import PromotionEngine
import Testing
import WorkflowModel

/// `design.md` section 6: the default version, and what automation may enter.
@Suite struct VersionChoiceTests {
    static func choice(_ scene: Scene) throws -> VersionChoice {
        let workflow = scene.workflow
        return VersionChoice(
            workflow: workflow, stage: try #require(workflow.stage(scene.target)), state: scene.log.service)
    }

    @Test func aFirstStageTakesTheReleaseRegisteredLast() throws {
        var scene = Scene()
        scene.target = "dev"
        scene.log.register("3.0.0")
        scene.log.register("2.0.0")
        #expect(try Self.choice(scene).byDefault == "2.0.0")
    }

    @Test func withoutReleasesThereIsNoVersion() throws {
        var scene = Scene()
        scene.log = LedgerLog()
        for target in ["dev", "qa", "prod"] {
            scene.target = target
            #expect(try Self.choice(scene).byDefault == nil)
        }
    }

    @Test func aLaterStageTakesWhatIsUpstream() throws {
        var scene = Scene()
        scene.log.deliver(to: "dev")
        scene.log.register("2.0.0")
        #expect(try Self.choice(scene).byDefault == .version)
        scene.target = "prod"
        #expect(try Self.choice(scene).byDefault == nil)
    }

    @Test func anOpenPromotionOfThatStageComesFirst() throws {
        var scene = Scene()
        scene.log.deliver(to: "dev")
        scene.log.request(to: "qa")
        scene.log.register("2.0.0")
        scene.log.deliver("2.0.0", to: "dev")
        #expect(try Self.choice(scene).byDefault == .version)
        #expect(try Self.choice(scene).incoming == "2.0.0")
    }

    @Test func aDeliveredPromotionIsNotOpenForThis() throws {
        var scene = Scene()
        scene.log.register("2.0.0")
        scene.log.deliver("2.0.0", to: "dev")
        scene.log.deliver(to: "qa")
        #expect(try Self.choice(scene).byDefault == "2.0.0")
    }

    @Test func fanInTakesTheNewestPastAllOfThem() throws {
        var scene = Scene()
        scene.others = [Stage(name: "perf")]
        scene.qa.after = ["dev", "perf"]
        scene.log.register("2.0.0")
        for stage in ["dev", "perf"] {
            scene.log.deliver(to: stage)
            scene.log.succeed(in: stage)
        }
        scene.log.deliver("2.0.0", to: "dev")
        scene.log.succeed("2.0.0", in: "dev")
        #expect(try Self.choice(scene).byDefault == .version)
        scene.log.deliver("2.0.0", to: "perf")
        #expect(try Self.choice(scene).byDefault == "2.0.0")
        scene.log.fail("2.0.0", in: "perf")
        #expect(try Self.choice(scene).byDefault == nil)
    }

    @Test func fanInComparesSemanticVersions() throws {
        var scene = Scene()
        scene.others = [Stage(name: "perf")]
        scene.qa.after = ["dev", "perf"]
        scene.log.register("2.0.0")
        // A repair of the old line, registered last.
        scene.log.register("1.0.1")
        for (version, stage) in [("2.0.0", "dev"), ("1.0.1", "dev"), ("1.0.1", "perf"), ("2.0.0", "perf")] {
            scene.log.deliver(version, to: stage)
        }
        #expect(try Self.choice(scene).byDefault == "2.0.0")
    }

    @Test(arguments: [
        ("2.0.0", "1.0.0", true), ("1.0.0", "2.0.0", false), ("1.10.0", "1.9.0", true), ("1.0.0", "1.0.0", false),
        ("1.0.0", "1.0.0-rc.1", true), ("a", "b", false), ("b", "a", true), ("a", "9.9.9", false), ("nowhere", "a", false),
        ("a", "nowhere", true),
    ])
    func newerIsBySemanticVersionElseByRegistration(_ version: String, _ present: String, _ newer: Bool) throws {
        var scene = Scene()
        scene.log = LedgerLog()
        for name in ["a", "9.9.9", "b"] { scene.log.register(name) }
        #expect(try Self.choice(scene).isNewer(version, than: present) == newer)
    }

    @Test func automationEntersOnlyNewerReleases() throws {
        var scene = Scene()
        scene.log.register("2.0.0")
        scene.log.register("3.0.0")
        scene.log.deliver("2.0.0", to: "qa")
        let choice = try Self.choice(scene)
        #expect(choice.automationMayEnter("3.0.0", present: "2.0.0"))
        #expect(!choice.automationMayEnter("1.0.0", present: "2.0.0"))
        #expect(!choice.automationMayEnter("2.0.0", present: "2.0.0"))
        #expect(!choice.automationMayEnter("4.0.0", present: "2.0.0"))
        #expect(choice.automationMayEnter("1.0.0", present: nil))
    }

    @Test func automationNeverReentersAVersionThatLeftTheStage() throws {
        var scene = Scene()
        scene.log.register("2.0.0")
        scene.log.deliver("2.0.0", to: "qa")
        scene.log.deliver("1.0.0", to: "qa")
        #expect(try !Self.choice(scene).automationMayEnter("2.0.0", present: "1.0.0"))
        // Nor one that failed there, nor one that was there before anything was recorded.
        scene.log.register("3.0.0")
        scene.log.deliver("3.0.0", to: "qa")
        scene.log.fail("3.0.0", in: "qa")
        #expect(try !Self.choice(scene).automationMayEnter("3.0.0", present: "3.0.0"))
    }

    @Test func automationDoesNotReenterABaselineThatLeft() throws {
        var scene = Scene()
        scene.log.register("2.0.0")
        scene.log.observeBaseline(.healthy, "2.0.0", in: "qa")
        scene.log.deliver("1.0.0", to: "qa")
        #expect(try !Self.choice(scene).automationMayEnter("2.0.0", present: "1.0.0"))
    }
}
