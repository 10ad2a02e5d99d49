import GitKit
import Glibc
import TestSupport
import Testing

/// Fetch from and push to a real `git daemon`.
@Suite struct RemoteTests {
    let scratch: Scratch
    let local: Repository
    let daemon: GitDaemon
    let url: String
    let first: ObjectID
    let second: ObjectID

    init() throws {
        scratch = try Scratch()
        local = try scratch.makeWorkTree()
        first = try local.headCommit().id
        second = try local.makeCommit(on: first, "a.txt", "two\n")
        try scratch.git("clone", "-q", "--bare", "work", "server.git")
        daemon = try GitDaemon(serving: scratch)
        url = daemon.url("server.git")
    }

    private func served(_ reference: String) throws -> String {
        try scratch.run(["git", "rev-parse", "-q", "--verify", reference], in: "server.git").line
    }

    private func installHook(_ name: String, _ script: String) throws {
        try scratch.run(["mkdir", "-p", "server.git/hooks"]).requireSuccess()
        try scratch.write("server.git/hooks/\(name)", Array("#!/bin/sh\n\(script)\n".utf8), mode: 0o755)
    }

    /// A commit that only the server has, put on its branch by somebody else.
    private func moveOnServer(_ reference: String) throws -> ObjectID {
        let server = try Repository.open(at: scratch.path + "/server.git")
        let other = try server.makeCommit(on: first, "a.txt", "by somebody else\n")
        try scratch.git("update-ref", reference, other.hex, in: "server.git")
        return other
    }

    @Test func listsHeadsWithWhatHeadNames() throws {
        try scratch.git("tag", "-a", "-m", "x", "v1", in: "server.git")
        let heads = try local.remoteHeads(url: url)
        #expect(heads.map(\.name) == ["HEAD", "refs/heads/main", "refs/tags/v1"])
        #expect(heads.first?.symbolicTarget == "refs/heads/main")
        #expect(heads[1] == RemoteHead(name: "refs/heads/main", id: first, symbolicTarget: nil))
    }

    @Test func listsNothingOfAnEmptyRemote() throws {
        _ = try Repository.createBare(at: scratch.path + "/empty.git")
        #expect(try local.remoteHeads(url: daemon.url("empty.git")).isEmpty)
    }

    @Test func fetchesIntoAMirror() throws {
        let mirror = try Repository.createBare(at: scratch.path + "/mirror.git")
        try mirror.fetch(url: url, refspecs: ["+refs/heads/*:refs/heads/*"])
        #expect(try mirror.target(of: "refs/heads/main") == first)
        let other = try moveOnServer("refs/heads/main")
        try scratch.git("tag", "v1", other.hex, in: "server.git")
        try mirror.fetch(url: url, refspecs: ["+refs/heads/*:refs/heads/*", "+refs/gradus/none:refs/gradus/none"])
        #expect(try mirror.target(of: "refs/heads/main") == other)
        #expect(try mirror.target(of: "refs/tags/v1") == nil)
        #expect(try scratch.text("mirror.git/FETCH_HEAD") == "")
        #expect(try scratch.run(["git", "fsck", "--strict"], in: "mirror.git").status == 0)
    }

    @Test func refusesBadRefspecs() throws {
        let error = try gitError { () throws(GitError) in try local.fetch(url: url, refspecs: ["a b:c:d"]) }
        #expect(error.subject == "a b:c:d")
    }

    @Test func pushesWhatNobodyMoved() throws {
        let results = try local.push(url: url, [PushUpdate(reference: "refs/heads/main", old: first, new: second)])
        #expect(results == [.accepted])
        #expect(try served("refs/heads/main") == second.hex)
        #expect(try scratch.run(["git", "fsck", "--strict"], in: "server.git").status == 0)
        #expect(try local.references(withPrefix: "refs/").map(\.name) == ["refs/heads/main"])
    }

    @Test func leavesNoReferencesOfItsOwnBehind() throws {
        let old = "refs/gradus-push/1700000000-1-1-0"
        let fresh = "refs/gradus-push/99999999999-1-1-0"
        for name in [old, fresh] { try scratch.git("update-ref", name, first.hex, in: "work") }
        _ = try local.push(url: url, [PushUpdate(reference: "refs/heads/main", old: second, new: second)])
        #expect(try local.references(withPrefix: "refs/gradus-push/").map(\.name) == [fresh])
    }

    @Test func pushesTwoReferencesAtOnce() throws {
        let ledger = try local.makeCommit(on: nil, "0", "{}\n")
        let updates = [
            PushUpdate(reference: "refs/heads/main", old: first, new: second),
            PushUpdate(reference: "refs/gradus/ledger", old: nil, new: ledger),
        ]
        #expect(try local.push(url: url, updates) == [.accepted, .accepted])
        #expect(try served("refs/gradus/ledger") == ledger.hex)
        #expect(try served("refs/heads/main") == second.hex)
    }

    @Test func losesAgainstAnEarlierMove() throws {
        let other = try moveOnServer("refs/heads/main")
        let results = try local.push(
            url: url,
            [
                PushUpdate(reference: "refs/heads/main", old: first, new: second),
                PushUpdate(reference: "refs/heads/new", old: nil, new: second),
            ])
        #expect(results == [.lost(current: other), .notSent])
        #expect(try served("refs/heads/main") == other.hex)
        #expect(try served("refs/heads/new") == "")
    }

    @Test func losesEvenIfTheOtherMoveCouldBeFastForwarded() throws {
        // The server is behind: a plain push would go through, but it is not what the caller decided on.
        let third = try local.makeCommit(on: second, "a.txt", "three\n")
        let results = try local.push(url: url, [PushUpdate(reference: "refs/heads/main", old: second, new: third)])
        #expect(results == [.lost(current: first)])
        #expect(try served("refs/heads/main") == first.hex)
    }

    @Test func losesWhenTheReferenceIsGoneOrAlreadyThere() throws {
        let gone = try local.push(url: url, [PushUpdate(reference: "refs/heads/gone", old: first, new: second)])
        #expect(gone == [.lost(current: nil)])
        let there = try local.push(url: url, [PushUpdate(reference: "refs/heads/main", old: nil, new: second)])
        #expect(there == [.lost(current: first)])
        #expect(try served("refs/heads/main") == first.hex)
    }

    @Test func losesAgainstAMoveDuringThePush() throws {
        let server = try Repository.open(at: scratch.path + "/server.git")
        let other = try server.makeCommit(on: first, "a.txt", "in between\n")
        try installHook("update", "git update-ref refs/heads/main \(other)")
        let results = try local.push(url: url, [PushUpdate(reference: "refs/heads/main", old: first, new: second)])
        #expect(results == [.lost(current: other)])
        #expect(try served("refs/heads/main") == other.hex)
    }

    @Test(arguments: ["pre-receive", "update"])
    func reportsWhatAHookRefuses(_ hook: String) throws {
        try installHook(hook, "echo no; exit 1")
        let results = try local.push(url: url, [PushUpdate(reference: "refs/heads/main", old: first, new: second)])
        guard case .rejected(let reason) = try #require(results.first) else {
            Issue.record("\(results)")
            return
        }
        #expect(reason.contains(hook == "update" ? "hook declined" : "pre-receive hook declined"))
        #expect(try served("refs/heads/main") == first.hex)
    }

    @Test func reportsEachReferenceOfAPush() throws {
        try installHook("update", "test \"$1\" != refs/heads/main")
        let updates = [
            PushUpdate(reference: "refs/heads/main", old: first, new: second),
            PushUpdate(reference: "refs/heads/new", old: nil, new: second),
        ]
        let results = try local.push(url: url, updates)
        #expect(results == [.rejected(reason: "hook declined"), .accepted])
        #expect(try served("refs/heads/new") == second.hex)
    }

    @Test func refusesToDropCommits() throws {
        let side = try local.makeCommit(on: nil, "a.txt", "unrelated\n")
        let error = try gitError { () throws(GitError) in
            try local.push(url: url, [PushUpdate(reference: "refs/heads/main", old: first, new: side)])
        }
        #expect(error.code == .nonFastForward)
        #expect(try served("refs/heads/main") == first.hex)
    }

    @Test func oneOfManyPushersWins() async throws {
        // Copies: a child task must not capture the suite, which holds a repository.
        let url = self.url
        let first = self.first
        let rivals = try (0..<4).map { try local.makeCommit(on: first, "a.txt", "rival \($0)\n") }
        let path = scratch.path + "/work"
        let results = try await withThrowingTaskGroup(of: PushResult.self) { group in
            for rival in rivals {
                group.addTask {
                    let own = try Repository.open(at: path)
                    let update = PushUpdate(reference: "refs/heads/main", old: first, new: rival)
                    return try #require(own.push(url: url, [update]).first)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.count { $0 == .accepted } == 1)
        let winner = try #require(try ObjectID(hex: served("refs/heads/main")))
        #expect(rivals.contains(winner))
    }

    @Test(arguments: ["/server.git", "file:///server.git", "relative.git"])
    func refusesToPushToAPath(_ path: String) throws {
        let error = try gitError { () throws(GitError) in
            try local.push(url: path, [PushUpdate(reference: "refs/heads/main", old: first, new: second)])
        }
        #expect(error.code == .invalid)
    }

    @Test func noSettingTurnsAPushIntoOneToAPath() throws {
        try scratch.git("config", "url.\(scratch.path)/.insteadOf", "git://alias/", in: "work")
        let fresh = try Repository.open(at: scratch.path + "/work")
        let error = try gitError { () throws(GitError) in
            try fresh.push(
                url: "git://alias/server.git", [PushUpdate(reference: "refs/heads/main", old: first, new: second)])
        }
        #expect(error.code == .invalid)
        #expect(try served("refs/heads/main") == first.hex)
    }

    @Test func refusesPushesThatMakeNoSense() throws {
        let missing = try #require(ObjectID(hex: ObjectIDTests.hex))
        let good = PushUpdate(reference: "refs/heads/main", old: first, new: second)
        let cases: [([PushUpdate], GitError.Code)] = [
            ([], .invalid), ([good, good], .invalid),
            ([PushUpdate(reference: "HEAD", old: first, new: second)], .invalidName),
            ([PushUpdate(reference: "refs/heads/a:b", old: nil, new: second)], .invalidName),
            ([PushUpdate(reference: "refs/heads/a", old: nil, new: missing)], .notFound),
        ]
        for (updates, code) in cases {
            #expect(try gitError { () throws(GitError) in try local.push(url: url, updates) }.code == code)
        }
    }

    @Test func saysWhatCouldNotBeReachedWithoutCredentials() throws {
        let port = try Ports.free()
        for secret in ["git://ann:s3cret@127.0.0.1:\(port)/x.git", "https://ann:s3cret@127.0.0.1:\(port)/x.git"] {
            let error = try gitError { () throws(GitError) in try local.remoteHeads(url: secret) }
            #expect(!error.description.contains("s3cret"))
            #expect(error.subject.hasSuffix("127.0.0.1:\(port)/x.git"))
        }
        let missing = daemon.url("missing.git")
        #expect(throws: GitError.self) { try local.remoteHeads(url: missing) }
        #expect(throws: GitError.self) { try local.fetch(url: missing, refspecs: ["refs/heads/main:refs/x"]) }
    }
}
