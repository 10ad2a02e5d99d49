import GitKit
import Testing

@Suite struct ReferenceTests {
    let scratch: Scratch
    let repository: Repository
    let first: ObjectID
    let second: ObjectID

    init() throws {
        scratch = try Scratch()
        repository = try scratch.makeWorkTree()
        first = try repository.headCommit().id
        second = try repository.makeCommit(on: first, "a.txt", "two\n")
    }

    @Test func movesALooseReference() throws {
        let outcome = try repository.moveReference("refs/heads/main", from: first, to: second, logMessage: "promote")
        #expect(outcome == .moved)
        #expect(try scratch.git("rev-parse", "main", in: "work") == second.hex)
        #expect(try scratch.git("reflog", "-1", "--format=%gs", "main", in: "work") == "promote")
        #expect(!scratch.exists("work/.git/refs/heads/main.lock"))
    }

    @Test func movesAPackedReference() throws {
        try scratch.git("pack-refs", "--all", in: "work")
        #expect(!scratch.exists("work/.git/refs/heads/main"))
        #expect(try repository.moveReference("refs/heads/main", from: first, to: second, logMessage: "x") == .moved)
        #expect(try scratch.git("rev-parse", "main", in: "work") == second.hex)
    }

    @Test(arguments: [false, true])
    func doesNotMoveWhatSomebodyElseMoved(isPacked: Bool) throws {
        let third = try repository.makeCommit(on: first, "a.txt", "three\n")
        try scratch.git("update-ref", "refs/heads/main", third.hex, in: "work")
        if isPacked { try scratch.git("pack-refs", "--all", in: "work") }
        let outcome = try repository.moveReference("refs/heads/main", from: first, to: second, logMessage: "x")
        #expect(outcome == .lost(current: third))
        #expect(try repository.target(of: "refs/heads/main") == third)
        #expect(!scratch.exists("work/.git/refs/heads/main.lock"))
    }

    @Test func doesNotMoveWhatSomebodyElseDeleted() throws {
        let outcome = try repository.moveReference("refs/heads/gone", from: first, to: second, logMessage: "x")
        #expect(outcome == .lost(current: nil))
        #expect(try repository.target(of: "refs/heads/gone") == nil)
    }

    @Test(arguments: [false, true])
    func createsOnlyWhatIsNotThere(isPacked: Bool) throws {
        #expect(try repository.moveReference("refs/heads/new", from: nil, to: first, logMessage: "x") == .moved)
        if isPacked { try scratch.git("pack-refs", "--all", in: "work") }
        let again = try repository.moveReference("refs/heads/new", from: nil, to: second, logMessage: "x")
        #expect(again == .lost(current: first))
    }

    @Test func refusesAReferenceInsideAnother() throws {
        try scratch.git("pack-refs", "--all", in: "work")
        let inside = try gitError { () throws(GitError) in
            try repository.moveReference("refs/heads/main/x", from: nil, to: first, logMessage: "x")
        }
        #expect(inside.code == .conflict)
        #expect(try repository.moveReference("refs/heads/a/b", from: nil, to: first, logMessage: "x") == .moved)
        try scratch.git("pack-refs", "--all", in: "work")
        let outside = try gitError { () throws(GitError) in
            try repository.moveReference("refs/heads/a", from: nil, to: first, logMessage: "x")
        }
        #expect(outside.code == .conflict)
    }

    @Test func reportsALockedReference() throws {
        try scratch.write("work/.git/refs/heads/main.lock", "")
        let error = try gitError { () throws(GitError) in
            try repository.moveReference("refs/heads/main", from: first, to: second, logMessage: "x")
        }
        #expect(error.code == .locked)
        #expect(error.description.hasPrefix("Could not move the reference 'refs/heads/main': "))
        #expect(scratch.exists("work/.git/refs/heads/main.lock"))
    }

    @Test func refusesAnObjectThatDoesNotExist() throws {
        let missing = try #require(ObjectID(hex: ObjectIDTests.hex))
        let error = try gitError { () throws(GitError) in
            try repository.moveReference("refs/heads/main", from: first, to: missing, logMessage: "x")
        }
        #expect(error.code == .notFound)
    }

    @Test(arguments: ["", "main branch", "refs/heads/../x", "refs/heads/a..b", "refs/heads/x.lock", "refs/heads/a\0b"])
    func refusesInvalidNames(_ name: String) throws {
        let error = try gitError { () throws(GitError) in
            try repository.moveReference(name, from: nil, to: first, logMessage: "x")
        }
        #expect(error.code == .invalidName)
    }

    @Test func refusesToMoveASymbolicReference() throws {
        let error = try gitError { () throws(GitError) in
            try repository.moveReference("HEAD", from: first, to: second, logMessage: "x")
        }
        #expect(error.code == .invalid)
        #expect(try repository.symbolicTarget("HEAD") == "refs/heads/main")
    }

    @Test(arguments: [false, true])
    func deletesOnlyTheExpectedValue(isPacked: Bool) throws {
        try scratch.git("branch", "old", in: "work")
        if isPacked { try scratch.git("pack-refs", "--all", in: "work") }
        #expect(try repository.deleteReference("refs/heads/old", expecting: second) == .lost(current: first))
        #expect(try repository.deleteReference("refs/heads/old", expecting: first) == .moved)
        #expect(try repository.target(of: "refs/heads/old") == nil)
        #expect(try scratch.git("for-each-ref", "--format=%(refname)", in: "work") == "refs/heads/main")
        #expect(try repository.deleteReference("refs/heads/old", expecting: first) == .lost(current: nil))
    }

    @Test func listsLooseAndPackedReferencesByName() throws {
        try scratch.git("update-ref", "refs/gradus/b", second.hex, in: "work")
        try scratch.git("pack-refs", "--all", in: "work")
        try scratch.git("update-ref", "refs/gradus/a/x", first.hex, in: "work")
        try scratch.git("update-ref", "refs/gradusx", first.hex, in: "work")
        let found = try repository.references(withPrefix: "refs/gradus/")
        #expect(found.map(\.name) == ["refs/gradus/a/x", "refs/gradus/b"])
        #expect(found.map(\.target) == [first, second])
    }

    @Test func seesWhatOtherProgramsWriteAfterOpening() throws {
        #expect(try repository.target(of: "refs/heads/main") == first)
        try scratch.write("work/a.txt", "by git\n")
        try scratch.git("commit", "-qam", "by git", in: "work")
        try scratch.git("gc", "-q", in: "work")
        #expect(try repository.headCommit().message == "by git\n")
    }

    @Test func tellsAnUnbornHeadFromADetachedOne() throws {
        let empty = try Repository.initialize(at: scratch.path + "/empty", bare: false, initialBranch: "trunk")
        #expect(try empty.symbolicTarget("HEAD") == "refs/heads/trunk")
        #expect(try empty.target(of: "HEAD") == nil)
        try scratch.git("checkout", "-q", "--detach", in: "work")
        #expect(try repository.symbolicTarget("HEAD") == nil)
        #expect(try repository.target(of: "HEAD") == first)
    }

    @Test func oneOfManyCreatorsWins() async throws {
        let path = scratch.path + "/work"
        let commits = try (0..<8).map { try repository.makeCommit(on: first, "a.txt", "\($0)\n") }
        let wins = try await withThrowingTaskGroup(of: Bool.self) { group in
            for commit in commits {
                group.addTask {
                    let own = try Repository.open(at: path)
                    do throws(GitError) {
                        let outcome = try own.moveReference("refs/heads/race", from: nil, to: commit, logMessage: "x")
                        return outcome == .moved
                    } catch where error.code == .locked {
                        return false
                    }
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(wins == 1)
    }
}
