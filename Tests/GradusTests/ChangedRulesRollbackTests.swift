import PromotionEngine
import TestSupport
import Testing

/// A rollback works whatever became of the workflow and its files since the release went out.
@Suite struct ChangedRulesRollbackTests {
    /// What a team does to its repository after 1.2.0 went out.
    enum Change: String, CaseIterable, Sendable {
        /// Releases write one more file.
        case file
        /// Releases write one more field of the same file.
        case field
        /// The image has another name everywhere.
        case registry
        /// The overlays live in another folder.
        case moved
    }

    private static let old = Storefront.kustomizationPath("checkout", "dev")

    private static func workflow(_ updates: [String], stage: String) -> String {
        """
        apiVersion: gradus/v1
        workflow: storefront
        services: [checkout, web]
        updates:
        \(updates.map { "  - \($0)" }.joined(separator: "\n"))
        stages:
          - {name: start, environment: environments/qa, next_stage: dev}
          - {name: dev\(stage)}

        """
    }

    private static func image(_ registry: String = "registry.example") -> String {
        "{kustomization: \"{environment}/{service}/kustomization.yaml\", image: \"\(registry)/{service}\"}"
    }

    /// 1.1.0 was verified in dev, and 1.2.0 is there.
    private func site(_ stage: String, _ services: [String] = ["checkout"]) throws -> Site {
        var storefront = Storefront.open()
        storefront.more["workflows/storefront.yaml"] = Self.workflow([Self.image()], stage: stage)
        let site = try Site(.bare, storefront)
        for version in ["1.1.0", "1.2.0"] {
            for service in services {
                try site("release create \(service) \(version)")
                try site("promote \(service) --to start")
            }
            try site("train run --from start --to dev")
            let tip = try site.git.git("rev-parse", "main", in: site.authority)
            guard stage.contains("report") else { continue }
            try site("report checkout \(version) --stage dev --health \(version == "1.1.0" ? "Healthy" : "Progressing") --revision \(tip)")
            try site("reconcile")
        }
        return site
    }

    /// One commit by hand, in a clone.
    private func apply(_ change: Change, _ site: Site, stage: String) throws {
        let clone = try site.git.clone(site.authority, "hand")
        func write(_ path: String, _ text: String) throws { try site.environment.folder.write("hand/\(path)", text) }
        var updates = [Self.image(change == .registry ? "new.example" : "registry.example")]
        var rest = stage
        for service in ["checkout", "web"] {
            for place in ["dev", "qa"] {
                let path = Storefront.kustomizationPath(service, place)
                let text = try site.file(path)
                switch change {
                case .file: try write("environments/\(place)/\(service)/values.yaml", "tag: \"1.2.0\"\n")
                case .field: try write(path, text + "commonAnnotations:\n  version: \"1.2.0\"\n")
                case .registry: try write(path, text.replacing("registry.example/\(service) ", with: "new.example/\(service) "))
                case .moved: break
                }
            }
        }
        switch change {
        case .file: updates.append("{helm_values: \"{environment}/{service}/values.yaml\", set: {tag: \"{version}\"}}")
        case .field: updates.append("{yaml: \"{environment}/{service}/kustomization.yaml\", set: {commonAnnotations.version: \"{version}\"}}")
        case .registry: break
        case .moved:
            try site.git.git("mv", "environments/dev", "envs-dev", in: clone)
            rest += ", environment: envs-dev"
        }
        try write("workflows/storefront.yaml", Self.workflow(updates, stage: rest))
        try site.git.git("add", "-A", in: clone)
        try site.git.git("commit", "-q", "-m", "the team works", in: clone)
        try site.git.git("push", "-q", "origin", "HEAD:main", in: clone)
    }

    private func expectGoneBack(_ change: Change, _ site: Site, _ service: String = "checkout") throws {
        let folder = change == .moved ? "envs-dev" : "environments/dev"
        let text = try site.file("\(folder)/\(service)/kustomization.yaml")
        #expect(text.contains("newTag: 1.1.0 # bumped by promotions"), "\(text)")
        switch change {
        case .file: #expect(try site.file("environments/dev/\(service)/values.yaml") == "tag: \"1.1.0\"\n")
        case .field: #expect(text.contains("version: \"1.1.0\""), "\(text)")
        case .registry: #expect(text.contains("new.example/\(service) "), "\(text)")
        case .moved: break
        }
        #expect(try site.json("matrix")["services"]?[0]?["cells"]?["dev"]?["mixed"] == .bool(false))
        #expect(try site.json("drift --exit-code --stage dev").text("result") == "none")
    }

    @Test(arguments: Change.allCases)
    func aFailureGoesBackByItself(_ change: Change) throws {
        let stage = ", health: report, verify_for: 0s, on_failure: rollback"
        let site = try site(stage)
        let commit = try site.git.git("rev-parse", "main", in: site.authority)
        try apply(change, site, stage: stage)
        try site("validate")
        try site("report checkout 1.2.0 --stage dev --health Degraded --revision \(commit)")
        try site("reconcile", exits: 5)
        try expectGoneBack(change, site)
        try site.expectSoundLedger()
    }

    @Test(arguments: Change.allCases)
    func byHandItGoesBackAsItsDryRunSays(_ change: Change) throws {
        let site = try site("")
        try apply(change, site, stage: "")
        let plan = try site.json("rollback checkout --stage dev --version 1.1.0 --reason bad --dry-run")
        #expect(plan.text("result") == "planned" && plan.text("version") == "1.1.0")
        let report = try site.json("rollback checkout --stage dev --version 1.1.0 --reason bad")
        #expect(report.text("result") == "promoted" && report["edits"] == plan["edits"], "\(report)")
        try expectGoneBack(change, site)
        #expect(try site.json("rollback checkout --stage dev --version 1.1.0 --reason bad").text("result") == "unchanged")
    }

    @Test(arguments: [Change.field, .registry])
    func aTrainGoesBack(_ change: Change) throws {
        let site = try site("", ["checkout", "web"])
        let train = try #require(try site.json("train show --to dev").text("id"))
        try apply(change, site, stage: "")
        #expect(try site.json("rollback --train \(train) --reason bad").text("result") == "promoted")
        for service in ["checkout", "web"] { try expectGoneBack(change, site, service) }
    }

    /// What the deploy commit wrote, somebody has changed, and no update speaks of it any more.
    @Test func whatNobodyOwnsAnyMoreIsAConflictThatNamesBothSides() throws {
        let site = try site("")
        let text = try site.file(Self.old).replacing("newTag: 1.2.0", with: "newTag: 3.0.0")
        let workflow = Self.workflow(["{helm_values: \"{environment}/{service}/values.yaml\", set: {tag: \"{version}\"}}"], stage: "")
        var files = [Self.old: text, "workflows/storefront.yaml": workflow]
        for service in ["checkout", "web"] {
            for place in ["dev", "qa"] { files["environments/\(place)/\(service)/values.yaml"] = "tag: \"1.2.0\"\n" }
        }
        try site.git.commit(files, "another place", to: site.authority)
        let refused = try site("rollback checkout --stage dev --reason bad", exits: 9)
        #expect(refused.errors.contains("\(Self.old): images[name=registry.example/checkout].newTag"), "\(refused.errors)")
        #expect(refused.errors.contains("1.1.0") && refused.errors.contains("1.2.0") && refused.errors.contains("3.0.0"), "\(refused.errors)")
        #expect(try site.file(Self.old) == text && site.types().last == "succeeded")
    }

    @Test func theBaselineGoesBackAfterTheUpdatesChanged() throws {
        var storefront = Storefront.open()
        storefront.more["workflows/storefront.yaml"] = Self.workflow([Self.image()], stage: "")
        let site = try Site(.bare, storefront)
        let before = try site.file(Self.old)
        try site("release create checkout 1.2.0")
        try site("promote checkout --to start")
        try site("promote checkout --to dev")
        try apply(.file, site, stage: "")
        #expect(try site.json("rollback checkout --stage dev --reason bad").text("version") == "1.0.0")
        #expect(try site.file(Self.old) == before)
        #expect(try site.file("environments/dev/checkout/values.yaml") == "tag: \"1.0.0\"\n")
    }
}
