import Glibc
import PromotionEngine
import TestSupport
import Testing

/// A `reconcile` over everything remembers what is at rest, and sees all the same whatever happens to it.
@Suite struct ReconcileRestTests {
    private let path = Storefront.kustomizationPath("checkout", "dev")

    /// 1.4.2 of both services is in dev by automation, and a second look has found everything at rest.
    private func atRest(_ place: Place = .bare, _ storefront: Storefront = .open(automatic: ["dev"])) throws -> Site {
        let site = try Site(place, storefront)
        for service in ["checkout", "web"] { try site("release create \(service) 1.4.2") }
        try site("reconcile")
        for _ in 0..<2 { #expect(try moves(site).isEmpty) }
        #expect(try notes(site).count == 1)
        return site
    }

    private func moves(_ site: Site, clock: String? = nil) throws -> [String] {
        let report = try site.json("reconcile", exits: 0, 1, clock: clock)
        return (report["moves"]?.items ?? []).compactMap { move in
            move.text("service").flatMap { service in move.text("to").map { "\(service)@\($0)" } }
        } + (report["external_changes"]?.items ?? []).map { "\($0.text("service") ?? "")!" } + (report["errors"]?.items ?? []).map { _ in "error" }
    }

    private func notes(_ site: Site) throws -> [String] {
        let folder = site.environment.folder.path
        let found = try CommandRunner(site.environment).start(["find", folder, "-name", "*.quiet"]).result()
        return found.output.split(separator: "\n").map(String.init)
    }

    @Test(arguments: [Place.bare, .cloneOfBare, .gitURL])
    func aChangeByHandIsSeen(_ place: Place) throws {
        let site = try atRest(place)
        try site.git.commit([path: try site.file(path).replacing("newTag: 1.4.2", with: "newTag: 9.9.9")], "urgent", to: site.authority)
        #expect(try moves(site) == ["checkout!"])
        #expect(try moves(site).isEmpty)
        // And once more, from where it was left.
        try site.git.commit([path: try site.file(path).replacing("newTag: 9.9.9", with: "newTag: 9.9.10")], "again", to: site.authority)
        #expect(try moves(site) == ["checkout!"])
        try site.expectSoundLedger()
    }

    @Test func aChangeOfOtherFilesMovesNothing() throws {
        let site = try atRest()
        for name in ["docs/a.md", "docs/b.md"] {
            try site.git.commit([name: "a\n"], "unrelated", to: site.authority)
            #expect(try moves(site).isEmpty)
        }
        try site.git.commit(["docs/a.md": "b\n"], "unrelated", to: site.authority)
        #expect(try moves(site).isEmpty)
        try site("release create web 1.4.3")
        #expect(try moves(site) == ["web@dev"])
    }

    @Test func aNewReleaseIsSeen() throws {
        let site = try atRest()
        try site("release create web 1.4.3")
        #expect(try moves(site) == ["web@dev"])
        #expect(try site.tag("web", "dev") == "1.4.3" && site.tag("checkout", "dev") == "1.4.2")
        #expect(try moves(site).isEmpty)
    }

    @Test func aChangeOfTheRulesIsSeen() throws {
        let site = try atRest()
        let rules = try site.file("workflows/storefront.yaml").replacing("- name: qa\n    auto_promote: false", with: "- name: qa\n    auto_promote: true")
        try site.git.commit(["workflows/storefront.yaml": rules], "qa follows dev", to: site.authority)
        #expect(try moves(site).sorted() == ["checkout@qa", "web@qa"])
        #expect(try moves(site).isEmpty)
    }

    @Test func aFileThatCannotBeReadAnyMoreIsAnError() throws {
        let site = try atRest()
        let good = try site.file(path)
        try site.git.commit([path: "images: [\n"], "broken", to: site.authority)
        for _ in 0..<2 { #expect(try moves(site) == ["error"]) }
        try site.git.commit([path: good], "mended", to: site.authority)
        #expect(try moves(site).isEmpty)
    }

    @Test(.enabled(if: GradusProcess.canMoveClock, "faketime is not installed"))
    func whatOnlyTimeOpensIsLookedAtEachTime() throws {
        let rules = ["dev": ["exit_criteria: [{soak_duration: 24h}]"]]
        var storefront = Storefront.open(automatic: ["dev", "qa"])
        storefront.rules = rules
        let site = try atRest(.bare, storefront)
        let commit = try site.git.git("log", "-1", "--format=%H", "--", path, in: site.authority)
        try site("report checkout 1.4.2 --stage dev --health Healthy --revision \(commit)")
        for _ in 0..<2 { #expect(try moves(site).isEmpty) }
        #expect(try moves(site, clock: "+25h") == ["checkout@qa"])
    }

    @Test(arguments: ["", "x\n", "0000\n{}\n"])
    func aNoteThatSaysNothingSparesNothing(_ text: String) throws {
        let site = try atRest()
        let note = try #require(try notes(site).first)
        try site("release create web 1.4.3")
        let folder = site.environment.folder.path
        try site.environment.folder.write(String(note.dropFirst(folder.count + 1)), text)
        #expect(try moves(site) == ["web@dev"])
        unlink(note)
        #expect(try moves(site).isEmpty)
        #expect(try notes(site).count == 1)
    }

    @Test func halfANoteIsNone() throws {
        let site = try atRest()
        let note = try #require(try notes(site).first)
        let whole = try TemporaryFolder.read(note)
        let folder = site.environment.folder.path
        try site.environment.folder.write(String(note.dropFirst(folder.count + 1)), String(whole.dropLast(9)))
        try site.git.commit([path: try site.file(path).replacing("newTag: 1.4.2", with: "newTag: 9.9.9")], "urgent", to: site.authority)
        #expect(try moves(site) == ["checkout!"])
    }
}
