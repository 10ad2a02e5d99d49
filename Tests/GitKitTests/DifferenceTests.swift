import GitKit
import Glibc
import Testing

@Suite struct DifferenceTests {
    let scratch: Scratch
    let repository: Repository
    let old: ObjectID
    let new: ObjectID

    init() throws {
        scratch = try Scratch()
        repository = try scratch.makeWorkTree()
        try scratch.write("work/long.yaml", (1...40).map { "key\($0): \($0)\n" }.joined())
        try scratch.write("work/tail", "no line break")
        try scratch.write("work/bytes", [0, 1, 2])
        try scratch.git("add", ".", in: "work")
        try scratch.git("commit", "-qm", "before", in: "work")
        old = try repository.headCommit().tree
        try scratch.write(
            "work/long.yaml", (1...40).map { $0 % 17 == 0 ? "key\($0): changed\n" : "key\($0): \($0)\n" }.joined())
        try scratch.write("work/tail", "no line break either")
        try scratch.write("work/bytes", [0, 1, 3])
        try scratch.write("work/crlf", "one\r\ntwo\r\n")
        try scratch.write("work/empty", "")
        chmod(scratch.path + "/work/env/dev/app.yaml", 0o755)
        try scratch.run(["rm", "work/env/prod/app.yaml", "work/a.txt"]).requireSuccess()
        try scratch.run(["ln", "-s", "tail", "work/a.txt"]).requireSuccess()
        try scratch.git("add", "-A", ".", in: "work")
        try scratch.git("commit", "-qm", "after", in: "work")
        new = try repository.headCommit().tree
    }

    private func gitDiff(_ from: ObjectID, _ to: ObjectID, _ options: String...) throws -> String {
        try scratch.run(["git", "diff", "--no-renames", "--abbrev=7"] + options + [from.hex, to.hex], in: "work").output
    }

    @Test func listsEveryChangedFile() throws {
        let changes = try repository.changes(fromTree: old, toTree: new)
        #expect(changes.map(\.path)
            == ["a.txt", "bytes", "crlf", "empty", "env/dev/app.yaml", "env/prod/app.yaml", "long.yaml", "tail"])
        let byPath = Dictionary(uniqueKeysWithValues: changes.map { ($0.path, $0) })
        #expect(byPath["a.txt"]?.old?.mode == .blob)
        #expect(byPath["a.txt"]?.new?.mode == .link)
        #expect(byPath["crlf"]?.old == nil)
        #expect(byPath["env/prod/app.yaml"]?.new == nil)
        #expect(byPath["env/dev/app.yaml"]?.new?.mode == .executable)
        #expect(try byPath["tail"]?.new?.id == repository.entry(at: "tail", inTree: new)?.id)
    }

    @Test func comparesWithTheEmptyTree() throws {
        let added = try repository.changes(fromTree: nil, toTree: old)
        #expect(added.count == 6)
        #expect(added.allSatisfy { $0.old == nil && $0.new != nil })
        #expect(try repository.changes(fromTree: old, toTree: nil).allSatisfy { $0.new == nil && $0.old != nil })
        #expect(try repository.changes(fromTree: nil, toTree: nil).isEmpty)
        #expect(try repository.changes(fromTree: old, toTree: old).isEmpty)
        #expect(try repository.patch(fromTree: old, toTree: old) == "")
    }

    @Test(arguments: [0, 1, 3, 10])
    func printsWhatGitPrints(_ context: Int) throws {
        let patch = try repository.patch(fromTree: old, toTree: new, contextLines: context)
        let expected = try gitDiff(old, new, "-U\(context)")
        #expect(patch == expected)
        let back = try repository.patch(fromTree: new, toTree: old, contextLines: context)
        #expect(try back == gitDiff(new, old, "-U\(context)"))
    }

    @Test func noConfigurationChangesTheText() throws {
        let before = try repository.patch(fromTree: old, toTree: new)
        for (key, value) in [("diff.noprefix", "true"), ("diff.mnemonicPrefix", "true"), ("diff.context", "9"), ("core.abbrev", "20")] {
            try scratch.git("config", key, value, in: "work")
        }
        let fresh = try Repository.open(at: scratch.path + "/work")
        #expect(try fresh.patch(fromTree: old, toTree: new) == before)
    }

    @Test func refusesWhatIsNoTree() throws {
        let missing = try #require(ObjectID(hex: ObjectIDTests.hex))
        #expect(try gitError { () throws(GitError) in
            try repository.changes(fromTree: missing, toTree: new)
        }.code == .notFound)
        #expect(try gitError { () throws(GitError) in
            try repository.patch(fromTree: old, toTree: new, contextLines: -1)
        }.code == .invalid)
    }
}
