import PromotionEngine
import TestSupport
import Testing

/// A `reconcile` over everything notes what is at rest, and sees all the same whatever happens to it.
@Suite struct ReconcileRestTests {
    private let path = Storefront.kustomizationPath("checkout", "dev")

    /// 1.4.2 of both services is in dev by automation, and a second look has found everything at rest.
    private func atRest(_ place: Place = .bare, _ storefront: Storefront = .open(automatic: ["dev"])) throws -> Site {
        let site = try Site(place, storefront)
        for service in ["checkout", "web"] { try site("release create \(service) 1.4.2") }
        try site("reconcile")
        for _ in 0..<2 { #expect(try seen(site).isEmpty) }
        #expect(try restless(site) == [])
        return site
    }

    /// What a run does by its note. Another one, which has none and looks at everything, must find nothing that was left out.
    private func seen(_ site: Site, _ clock: String? = nil) throws -> [String] {
        let report = try site.json("reconcile", exits: 0, 1, clock: clock)
        let result = try site.run(["reconcile", "-o", "json"], clock: clock, adding: ["XDG_CACHE_HOME": try otherCache(site)])
        let whole = try #require(result.json, "\(result)")
        #expect(whole["moves"]?.items.isEmpty == true && whole["external_changes"]?.items.isEmpty == true, "left out: \(result.output)")
        #expect(whole["errors"] == report["errors"])
        let moves = (report["moves"]?.items ?? []).compactMap { move in
            move.text("service").flatMap { service in move.text("to").map { "\(service)@\($0)" } }
        }
        let changes = (report["external_changes"]?.items ?? []).compactMap { $0.text("service").map { $0 + "!" } }
        return moves + changes + (report["errors"]?.items ?? []).map { _ in "error" }
    }

    /// A cache in which nothing is noted.
    private func otherCache(_ site: Site) throws -> String {
        let place = site.environment.folder("other-cache")
        _ = try CommandRunner(site.environment).run(["rm", "-rf", place + "/gradus/rest"])
        return place
    }

    private func note(_ site: Site) throws -> String? {
        let found = try CommandRunner(site.environment).run(["find", site.environment.folder("cache"), "-name", "*.rest"]).output
        let notes = found.split(separator: "\n")
        #expect(notes.count < 2)
        return notes.first.map { String($0.dropFirst(site.environment.folder.path.count + 1)) }
    }

    /// The services that the note says may move by themselves; nil where there is no note.
    private func restless(_ site: Site) throws -> [String]? {
        guard let note = try note(site) else { return nil }
        let head = try site.environment.folder.read(note).split(separator: "\n")[1]
        return try JSONValue(parsing: String(head))["restless"]?.items.compactMap(\.stringValue)
    }

    private func edit(_ site: Site, _ path: String, _ old: String, _ new: String, branch: String = "main") throws {
        let text = try site.git.blob(path, at: branch, in: site.authority)
        try site.git.commit([path: text.replacing(old, with: new)], "by hand", to: site.authority, branch: branch)
    }

    // MARK: What happens to it is seen

    @Test(arguments: [Place.bare, .cloneOfBare, .gitURL, .workTree])
    func aChangeByHandIsSeen(_ place: Place) throws {
        let site = try atRest(place)
        func set(_ old: String, _ new: String) throws {
            guard place == .workTree else { return try edit(site, path, old, new) }
            try site.environment.folder.write("work/" + path, try site.file(path).replacing(old, with: new))
            try site.git.git("commit", "-qam", "by hand", in: site.authority)
        }
        try set("newTag: 1.4.2", "newTag: 9.9.9")
        #expect(try seen(site) == ["checkout!"])
        #expect(try seen(site).isEmpty)
        // And once more, from where it was left.
        try set("newTag: 9.9.9", "newTag: 9.9.10")
        #expect(try seen(site) == ["checkout!"])
        try site.expectSoundLedger()
    }

    @Test func aChangeOfOtherFilesMovesNothing() throws {
        let site = try atRest()
        for text in ["a\n", "b\n"] {
            try site.git.commit(["docs/a.md": text], "unrelated", to: site.authority)
            #expect(try seen(site).isEmpty)
        }
        try site("release create web 1.4.3")
        #expect(try seen(site) == ["web@dev"])
        #expect(try site.tag("web", "dev") == "1.4.3" && site.tag("checkout", "dev") == "1.4.2")
    }

    @Test func aChangeOfTheRulesIsSeen() throws {
        let site = try atRest()
        try edit(site, "workflows/storefront.yaml", "- name: qa\n    auto_promote: false", "- name: qa\n    auto_promote: true")
        #expect(try seen(site).sorted() == ["checkout@qa", "web@qa"])
        #expect(try seen(site).isEmpty)
    }

    @Test func aFileThatCannotBeReadAnyMoreIsAnError() throws {
        let site = try atRest()
        let good = try site.file(path)
        try site.git.commit([path: "images: [\n"], "broken", to: site.authority)
        for _ in 0..<2 { #expect(try seen(site) == ["error"]) }
        #expect(try restless(site) == ["checkout"])
        try site.git.commit([path: good], "mended", to: site.authority)
        #expect(try seen(site).isEmpty)
        try site.git.git("update-ref", "refs/heads/other", "main", in: site.authority)
        // As if it had been there always: history that is moved by force is compared by what it holds.
        try site.git.git("update-ref", "refs/heads/main", "main~2", in: site.authority)
        #expect(try seen(site).isEmpty)
        try site.git.git("update-ref", "refs/heads/main", "other~1", in: site.authority)
        #expect(try seen(site) == ["error"])
    }

    @Test func aBranchOfAnEnvironmentIsSeen() throws {
        var storefront = Storefront.open(automatic: ["dev"])
        storefront.rules["dev"] = ["environment: {path: environments/dev, branch: live}"]
        let site = try Site(.bare, storefront)
        try site.git.git("branch", "live", in: site.authority)
        for service in ["checkout", "web"] { try site("release create \(service) 1.4.2") }
        try site("reconcile")
        #expect(try seen(site).isEmpty)
        try edit(site, path, "newTag: 1.4.2", "newTag: 9.9.9", branch: "live")
        #expect(try seen(site) == ["checkout!"])
        #expect(try seen(site).isEmpty)
        #expect(try restless(site) == [])
        try site.git.git("branch", "-D", "live", in: site.authority)
        for _ in 0..<2 { #expect(try seen(site) == ["error", "error"]) }
    }

    @Test func servicesThatComeAndGoAreSeen() throws {
        let site = try atRest(.bare, .discovered("[{name: dev, next_stage: prod, auto_promote: true}, {name: prod, auto_promote: true}]"))
        try site("release create web 2.0.0")
        #expect(try seen(site) == ["web@dev", "web@prod"])
        // Registered before its files are there.
        try site.git.commit(["envs/dev/search/kustomization.yaml": Storefront.kustomization("search")], "a service", to: site.authority)
        #expect(try seen(site).isEmpty)
        try site("release create search 2.0.0")
        #expect(try seen(site) == ["search@dev", "error"])
        try site.git.commit(["envs/prod/search/kustomization.yaml": Storefront.kustomization("search")], "its other stage", to: site.authority)
        #expect(try seen(site) == ["search@prod"])
        #expect(try restless(site) == [])
    }

    @Test func aDeliveryBranchThatIsLeftOverIsRemoved() throws {
        var storefront = Storefront.open(automatic: ["dev"])
        storefront.rules["qa"] = ["delivery: branch"]
        let site = try atRest(.bare, storefront)
        try site("promote checkout --to qa", exits: 8)
        _ = try seen(site)
        #expect(try restless(site) == ["checkout"])
        let branch = "refs/heads/gradus-promote/checkout/qa"
        let head = try site.git.git("rev-parse", branch, in: site.authority)
        try site("abort checkout@qa --reason no")
        _ = try seen(site)
        #expect(try restless(site) == [] && site.git.references(branch, in: site.authority).isEmpty)
        // A push that was under way arrives late.
        try site.git.git("update-ref", branch, head, in: site.authority)
        try site("reconcile")
        #expect(try site.git.references(branch, in: site.authority).isEmpty)
    }

    @Test(.enabled(if: GradusProcess.canMoveClock, "faketime is not installed"))
    func whatOnlyTimeOpensIsLookedAtEachTime() throws {
        var storefront = Storefront.open(automatic: ["dev", "qa"])
        storefront.rules = ["dev": ["health: report", "exit_criteria: [{soak_duration: 24h}]"]]
        let site = try Site(.bare, storefront)
        try site("release create checkout 1.4.2")
        try site("reconcile")
        let commit = try site.git.git("log", "-1", "--format=%H", "--", path, in: site.authority)
        try site("report checkout 1.4.2 --stage dev --health Healthy --revision \(commit)")
        for _ in 0..<2 { _ = try site.json("reconcile") }
        #expect(try seen(site).isEmpty)
        #expect(try restless(site) == ["checkout"])
        // A clock that was set back changes nothing.
        #expect(try seen(site, "-3h").isEmpty)
        #expect(try seen(site, "+25h") == ["checkout@qa"])
        #expect(try seen(site, "+26h").isEmpty)
    }

    // MARK: What it says is the same

    @Test func anAnswerIsTheSameByTheNote() throws {
        var storefront = Storefront.open(automatic: ["dev", "qa"])
        storefront.rules = ["prod": ["approvers: [platform-team]", "approval_required: false"], "qa": ["approval_required: true", "approvers: [platform-team]"]]
        let site = try Site(.bare, storefront)
        for service in ["checkout", "web"] { try site("release create \(service) 1.4.2") }
        try site("reconcile")
        try site.git.commit([path: "images: [\n"], "broken", to: site.authority)
        let whole = try site.run(["reconcile", "-o", "json"], adding: ["XDG_CACHE_HOME": try otherCache(site)])
        for _ in 0..<3 {
            let result = try site.run(["reconcile", "-o", "json"])
            #expect(result.output == whole.output && result.code == whole.code)
            // Warnings of the rules too, which are not read again.
            #expect(result.errors == whole.errors)
        }
        #expect(whole.errors.contains("these approvers are never asked"))
    }

    @Test func anotherBranchHasAnotherNote() throws {
        let site = try atRest()
        try site.git.git("branch", "release", in: site.authority)
        try edit(site, path, "newTag: 1.4.2", "newTag: 9.9.9", branch: "release")
        #expect(try seen(site).isEmpty)
        #expect(try site.json("reconcile --branch release")["external_changes"]?.items.count == 1)
    }

    @Test func aLedgerThatWasMovedBackIsAnError() throws {
        let site = try atRest()
        let ledger = "refs/heads/gradus/ledger/000001"
        try site.git.git("update-ref", ledger, ledger + "~1", in: site.authority)
        let result = try site("reconcile", exits: 1)
        #expect(result.errors.contains("was moved back"))
        // Cut on purpose: what followed the cut is found again, and nothing is said to be at rest by what is gone.
        try site.git.git("update-ref", "-d", ledger, in: site.authority)
        _ = try CommandRunner(site.environment).run(["rm", site.authority + "/gradus-seen"])
        #expect(try seen(site).isEmpty)
    }

    // MARK: The note is a cache

    @Test(arguments: ["", "x\n", "0000\n{}\n", "half"])
    func aNoteThatSaysNothingSparesNothing(_ text: String) throws {
        let site = try atRest()
        let note = try #require(try note(site))
        let whole = try site.environment.folder.read(note)
        try site.environment.folder.write(note, text == "half" ? String(whole.dropLast(9)) : text)
        try edit(site, path, "newTag: 1.4.2", "newTag: 9.9.9")
        #expect(try seen(site) == ["checkout!"])
        #expect(try seen(site).isEmpty)
        #expect(try restless(site) == [])
    }

    @Test func aCacheThatCannotBeWrittenIsDoneWithout() throws {
        let site = try atRest()
        _ = try CommandRunner(site.environment).run(["rm", "-rf", site.environment.folder("cache/gradus/rest")])
        try site.environment.folder.write("cache/gradus/rest", "a file")
        try edit(site, path, "newTag: 1.4.2", "newTag: 9.9.9")
        #expect(try seen(site) == ["checkout!"])
        #expect(try seen(site).isEmpty)
    }
}
