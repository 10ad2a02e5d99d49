import GitKit
import Testing

@Suite struct HistoryTests {
    let scratch: Scratch
    let repository: Repository
    /// Oldest first.
    let line: [ObjectID]

    init() throws {
        scratch = try Scratch()
        repository = try Repository.createBare(at: scratch.path + "/bare.git")
        var line: [ObjectID] = []
        for number in 0..<5 { line.append(try repository.makeCommit(on: line.last, "n", "\(number)\n")) }
        self.line = line
    }

    private func walked(from: ObjectID, excluding: [ObjectID] = [], limit: Int = .max) throws -> [ObjectID] {
        var seen: [ObjectID] = []
        try repository.walk(from: from, excluding: excluding) { commit in
            seen.append(commit.id)
            return seen.count < limit ? .next : .stop
        }
        return seen
    }

    @Test func walksNewestFirstAlsoWithEqualTimes() throws {
        #expect(try walked(from: line[4]) == line.reversed())
    }

    @Test func leavesOutWhatIsKnown() throws {
        #expect(try walked(from: line[4], excluding: [line[2]]) == [line[4], line[3]])
        #expect(try walked(from: line[2], excluding: [line[4]]) == [])
    }

    @Test func stopsWhenTold() throws {
        #expect(try walked(from: line[4], limit: 2) == [line[4], line[3]])
    }

    @Test func visitsAMergeBeforeBothParents() throws {
        let side = try repository.makeCommit(on: line[3], "side", "x\n")
        let merge = try repository.createCommit(
            tree: repository.commit(line[4]).tree, parents: [line[4], side], author: .ann, committer: .ann,
            message: "merge\n")
        let seen = try walked(from: merge, excluding: [line[2]])
        #expect(seen.first == merge)
        #expect(Set(seen.dropFirst().prefix(2)) == [line[4], side])
        #expect(seen.last == line[3])
    }

    @Test func passesTheErrorOfTheBodyOn() throws {
        let thrown = GitError(code: .invalid, operation: "judge", subject: "x", message: "no")
        let error = try gitError { () throws(GitError) in
            try repository.walk(from: line[4]) { (_) throws(GitError) in throw thrown }
        }
        #expect(error == thrown)
    }

    @Test func aBrokenHistoryIsAnErrorAndNotAnEnd() throws {
        let hex = line[1].hex
        try scratch.run(["rm", "-f", "bare.git/objects/\(hex.prefix(2))/\(hex.dropFirst(2))"]).requireSuccess()
        let fresh = try Repository.open(at: scratch.path + "/bare.git")
        let error = try gitError { () throws(GitError) in try fresh.walk(from: line[4]) { _ in .next } }
        #expect(error.code == .notFound)
        #expect(throws: GitError.self) { try fresh.isDescendant(line[4], of: line[0]) }
    }

    @Test func knowsDescendants() throws {
        let side = try repository.makeCommit(on: line[1], "side", "x\n")
        #expect(try repository.isDescendant(line[4], of: line[0]))
        #expect(try repository.isDescendant(line[2], of: line[2]))
        #expect(try !repository.isDescendant(line[0], of: line[4]))
        #expect(try !repository.isDescendant(side, of: line[2]))
        let missing = try #require(ObjectID(hex: ObjectIDTests.hex))
        for (commit, ancestor) in [(line[0], missing), (missing, line[0]), (missing, missing)] {
            let error = try gitError { () throws(GitError) in try repository.isDescendant(commit, of: ancestor) }
            #expect(error.code == .notFound)
        }
    }
}
