import GitKit
import Testing

@Suite struct TreeTests {
    let scratch: Scratch
    let repository: Repository
    let base: ObjectID
    let blob: ObjectID

    init() throws {
        scratch = try Scratch()
        repository = try scratch.makeWorkTree()
        base = try repository.headCommit().tree
        blob = try repository.writeBlob(Array("new\n".utf8))
    }

    private func listing(_ tree: ObjectID) throws -> [String] {
        try scratch.git("ls-tree", "-r", "--name-only", tree.hex, in: "work").split(separator: "\n").map(String.init)
    }

    @Test func listsOneLevelWithModes() throws {
        let entries = try repository.tree(base)
        #expect(entries.map(\.name) == ["a.txt", "env"])
        #expect(entries.map(\.mode) == [.blob, .tree])
    }

    @Test func findsPathsAndOnlyThose() throws {
        let found = try #require(try repository.entry(at: "env/prod/app.yaml", inTree: base))
        #expect(found.name == "app.yaml")
        #expect(try repository.blob(found.id) == Array("tag: 1\n".utf8))
        #expect(try repository.entry(at: "env", inTree: base)?.mode == .tree)
        for path in ["x", "env/x/app.yaml", "a.txt/x", "env/prod/app.yaml/x"] {
            #expect(try repository.entry(at: path, inTree: base) == nil)
        }
    }

    @Test(arguments: ["", "/a", "a/", "a//b", "../a", "a/../b", "./a", ".git/config", "a/.GIT/x", "a\0b"])
    func refusesPathsOutsideTheTree(_ path: String) throws {
        let set = try gitError { () throws(GitError) in
            try repository.updatingTree(base, [.set(path: path, id: blob, mode: .blob)])
        }
        #expect(set.code == .invalidName)
        let find = try gitError { () throws(GitError) in try repository.entry(at: path, inTree: base) }
        #expect(find.code == .invalidName)
    }

    @Test func changesManyPathsAtOnce() throws {
        let tree = try repository.updatingTree(
            base,
            [
                .set(path: "env/prod/app.yaml", id: blob, mode: .blob), .set(path: "bin/run", id: blob, mode: .executable),
                .set(path: "deep/er/link", id: blob, mode: .link), .remove(path: "env/dev/app.yaml"),
            ])
        #expect(try listing(tree) == ["a.txt", "bin/run", "deep/er/link", "env/prod/app.yaml"])
        #expect(try repository.entry(at: "bin/run", inTree: tree)?.mode == .executable)
        // The emptied folder is gone, as Git would have it.
        #expect(try repository.entry(at: "env/dev", inTree: tree) == nil)
        #expect(try scratch.run(["git", "fsck", "--strict"], in: "work").status == 0)
    }

    @Test func equalsTheTreeThatGitMakes() throws {
        try scratch.write("work/env/prod/app.yaml", "new\n")
        try scratch.git("rm", "-rq", "env/dev", in: "work")
        try scratch.git("add", ".", in: "work")
        let tree = try repository.updatingTree(
            base, [.set(path: "env/prod/app.yaml", id: blob, mode: .blob), .remove(path: "env/dev")])
        #expect(try scratch.git("write-tree", in: "work") == tree.hex)
    }

    @Test func noChangeIsTheSameTree() throws {
        #expect(try repository.updatingTree(base, []) == base)
        #expect(try repository.updatingTree(nil, []).hex == "4b825dc642cb6eb9a060e54bf8d69288fbee4904")
        let all = try repository.updatingTree(base, [.remove(path: "a.txt"), .remove(path: "env")])
        #expect(all.hex == "4b825dc642cb6eb9a060e54bf8d69288fbee4904")
    }

    static let clashes: [(String, GitError.Code)] = [
        ("a.txt/x", .conflict), ("env", .conflict), ("env/prod", .conflict),
    ]

    @Test(arguments: clashes)
    func refusesFilesWhereFoldersAre(_ path: String, _ code: GitError.Code) throws {
        let error = try gitError { () throws(GitError) in
            try repository.updatingTree(base, [.set(path: path, id: blob, mode: .blob)])
        }
        #expect(error.code == code)
        #expect(error.subject == (path == "a.txt/x" ? "a.txt" : path))
    }

    @Test func refusesToRemoveWhatIsNotThere() throws {
        for path in ["x", "env/prod/x", "no/such/folder"] {
            let error = try gitError { () throws(GitError) in try repository.updatingTree(base, [.remove(path: path)]) }
            #expect(error.code == .notFound)
        }
    }

    @Test func refusesObjectsThatDoNotExist() throws {
        let missing = try #require(ObjectID(hex: ObjectIDTests.hex))
        let error = try gitError { () throws(GitError) in
            try repository.updatingTree(base, [.set(path: "x", id: missing, mode: .blob)])
        }
        #expect(error.code == .notFound)
        #expect(error.subject == "x")
    }

    @Test(arguments: [
        [TreeChange.remove(path: "env"), .remove(path: "env/prod")],
        [.remove(path: "env/prod/app.yaml"), .remove(path: "env")],
        [.remove(path: "a.txt"), .remove(path: "a.txt")],
    ])
    func refusesChangesThatOverlap(_ changes: [TreeChange]) throws {
        #expect(try gitError { () throws(GitError) in try repository.updatingTree(base, changes) }.code == .invalid)
    }
}
