import GitKit
import GitOpsBackend
import PromotionEngine
import Testing
import WorkflowModel

@Suite struct UpdateKindTests {
    @Test(arguments: try UpdatesPage().examples.map(\.title))
    func theExampleOfThePageDoesWhatThePageSays(title: String) throws {
        let example = try #require(try UpdatesPage().examples.first { $0.title == title })
        let scene = try PlanScene(updates: example.updates, files: example.files)
        #expect(try scene.changedLines() == example.changed)
    }

    @Test(arguments: try UpdatesPage().examples.filter { $0.title != "yaml and json" }.map(\.title))
    func afterwardsTheFilesTellTheVersion(title: String) throws {
        let example = try #require(try UpdatesPage().examples.first { $0.title == title })
        let scene = try PlanScene(updates: example.updates, files: example.files)
        let observed = try scene.observe(afterPlan: true)
        #expect(observed.version == "1.10.0" && !observed.mixed)
        #expect(observed.fields.allSatisfy { $0.old == $0.new && $0.old != nil })
    }

    @Test func theExamplesCoverEveryKind() throws {
        #expect(try UpdatesPage().examples.count == 9)
    }
}

@Suite struct CopyTests {
    static let files = [
        ("environments/staging/web/a.yaml", "a: 1\n"), ("environments/staging/web/sub/b.yaml", "b: 1\n"),
        ("environments/prod/web/a.yaml", "a: 0\n"), ("environments/prod/web/gone.yaml", "x\n"), ("other.yaml", "y\n"),
    ]
    static let folder = "- copy: {from: \"environments/{from}/web\", to: \"environments/{stage}/web\"}"

    @Test func aFolderBecomesTheOtherOneWithItsDeletions() throws {
        let scene = try PlanScene(updates: Self.folder, files: Self.files)
        let plan = try scene.plan()
        #expect(plan.files.keys.sorted() == [
            "environments/prod/web/a.yaml", "environments/prod/web/gone.yaml", "environments/prod/web/sub/b.yaml",
        ])
        #expect(plan.files["environments/prod/web/gone.yaml"] == .removed)
        let edit = try #require(plan.edits.first)
        #expect(plan.edits.count == 1 && edit.isObject && edit.file == "environments/prod/web")
        let base = try scene.repository.commit(scene.tip).tree
        #expect(edit.old == (try scene.repository.entry(at: "environments/prod/web", inTree: base)?.id.hex))
        #expect(edit.new == (try scene.repository.entry(at: "environments/staging/web", inTree: base)?.id.hex))
    }

    @Test func anEditOfWhatIsCopiedTellsWhatTheTargetHeld() throws {
        let example = try #require(try UpdatesPage().examples.first { $0.title == "copy" })
        let plan = try PlanScene(updates: example.updates, files: example.files).plan()
        let tag = try #require(plan.edits.first { $0.field.hasSuffix("newTag") })
        #expect(tag.old == "1.7.0" && tag.new == "1.10.0")
    }

    @Test func theSecondCopyChangesNothing() throws {
        let scene = try PlanScene(updates: Self.folder, files: Self.files)
        #expect(try scene.planAfterPlan().changes == false)
    }

    @Test func whatIsThereAlreadyIsUnchanged() throws {
        let files = [("environments/staging/web/a.yaml", "a: 1\n"), ("environments/prod/web/a.yaml", "a: 1\n")]
        #expect(try PlanScene(updates: Self.folder, files: files).plan().changes == false)
    }

    @Test func aMissingSourceIsNoDeletion() throws {
        let scene = try PlanScene(updates: Self.folder, files: [("environments/prod/web/a.yaml", "a: 1\n")])
        let error = try #require(throws: PromotionError.self) { try scene.plan() }
        #expect(error.message.contains("environments/staging/web does not exist"))
    }

    @Test func linksAreNotCopiedAndNotReplaced() throws {
        let update = "- copy: {from: a, to: b}"
        for (files, links) in [
            ([("c", "x\n")], [("a", "/etc/passwd")]), ([("a", "x\n")], [("b", "../c")]),
        ] {
            let scene = try PlanScene(updates: update, files: files, links: links)
            let error = try #require(throws: PromotionError.self) { try scene.plan() }
            #expect(error.message.contains("a symbolic link"))
        }
    }

    @Test func aFileDoesNotReplaceAFolder() throws {
        let scene = try PlanScene(updates: "- copy: {from: a, to: b}", files: [("a", "x\n"), ("b/c", "y\n")])
        let error = try #require(throws: PromotionError.self) { try scene.plan() }
        #expect(error.message.contains("one is a folder"))
    }

    @Test func aVariableCannotLeadOutside() throws {
        let scene = try PlanScene(updates: "- copy: {from: \"{commit}\", to: b}", files: [("a", "x\n")])
        let release = Release(service: "web", version: "1", workflow: "shop", commit: "../../etc")
        let error = try #require(throws: PromotionError.self) {
            try scene.desired.plan(try scene.intent(release), at: scene.tip.hex)
        }
        #expect(error.message.contains("no path inside the repository"))
    }

    @Test func plansThatShareAFolderAreNotWrittenTogether() throws {
        let plan = try PlanScene(updates: Self.folder, files: Self.files).plan()
        #expect(plan.touches(["environments/prod/web/new.yaml"]))
        #expect(plan.touches(["environments/prod/web"]))
        #expect(plan.touches(["environments/prod"]))
        #expect(!plan.touches(["environments/prod/web2/a.yaml", "other.yaml"]))
    }
}

extension PlanScene {
    /// The plan on the commit that the plan makes.
    func planAfterPlan() throws -> EditPlan { try desired.plan(try intent(), at: try commitOfPlan().hex) }

    func observe(afterPlan: Bool) throws -> ObservedCell {
        try desired.observe(try intent(), known: [Self.release], at: (afterPlan ? try commitOfPlan() : tip).hex)
    }

    private func commitOfPlan() throws -> ObjectID {
        let plan = try plan()
        var changes: [TreeChange] = []
        for (path, content) in plan.files {
            switch content {
            case .bytes(let bytes): changes.append(.set(path: path, id: try repository.writeBlob(bytes), mode: .blob))
            case .object(let id, let mode):
                changes.append(.set(path: path, id: try #require(ObjectID(hex: id)), mode: try #require(FileMode(rawValue: mode))))
            case .removed: changes.append(.remove(path: path))
            }
        }
        let author = Signature(name: "Test", email: "test@example.com", seconds: 1_700_000_000, offsetMinutes: 0)
        let tree = try repository.updatingTree(try repository.commit(tip).tree, changes)
        return try repository.createCommit(tree: tree, parents: [tip], author: author, committer: author, message: "next\n")
    }
}
