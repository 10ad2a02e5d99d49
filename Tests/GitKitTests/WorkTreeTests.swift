import GitKit
import Glibc
import Testing

@Suite struct WorkTreeTests {
    let scratch: Scratch
    let repository: Repository
    let head: Commit

    init() throws {
        scratch = try Scratch()
        repository = try scratch.makeWorkTree()
        head = try repository.headCommit()
    }

    /// Moves main to `head` with changes, and gives the new tree.
    private func commit(_ changes: [TreeChange]) throws -> ObjectID {
        let tree = try repository.updatingTree(head.tree, changes)
        let next = try repository.createCommit(
            tree: tree, parents: [head.id], author: .ann, committer: .ann, message: "x\n")
        let outcome = try repository.moveReference("refs/heads/main", from: head.id, to: next, logMessage: "x")
        try #require(outcome == .moved)
        return tree
    }

    private func blob(_ text: String) throws -> ObjectID { try repository.writeBlob(Array(text.utf8)) }

    @Test func seesACleanFile() throws {
        let state = try repository.worktreeState(of: "env/prod/app.yaml")
        #expect(state.isClean)
        #expect(try state.head == blob("tag: 1\n"))
        #expect(try repository.worktreeState(of: "no/such/file") == WorktreeState(
            head: nil, index: nil, file: nil, modesAgree: true))
    }

    @Test func tellsChangesOnDiskFromChangesInTheIndex() throws {
        try scratch.write("work/a.txt", "disk\n")
        let onDisk = try repository.worktreeState(of: "a.txt")
        #expect(onDisk.head == onDisk.index)
        #expect(try onDisk.file == blob("disk\n"))
        try scratch.git("add", "a.txt", in: "work")
        let inIndex = try repository.worktreeState(of: "a.txt")
        #expect(inIndex.index == inIndex.file)
        #expect(inIndex.head != inIndex.index)
        #expect(!onDisk.isClean && !inIndex.isClean)
        try scratch.git("rm", "-qf", "a.txt", in: "work")
        let gone = try repository.worktreeState(of: "a.txt")
        #expect(gone.index == nil && gone.file == nil && gone.head != nil)
    }

    @Test func noticesAModeChange() throws {
        chmod(scratch.path + "/work/a.txt", 0o755)
        let state = try repository.worktreeState(of: "a.txt")
        #expect(state.head == state.file)
        #expect(!state.isClean)
    }

    @Test func readsTheTextOfALinkAndNotItsTarget() throws {
        try scratch.run(["ln", "-s", "/etc/passwd", "work/link"]).requireSuccess()
        #expect(try repository.worktreeState(of: "link").file == blob("/etc/passwd"))
    }

    @Test func worksBeforeTheFirstCommit() throws {
        let empty = try Repository.initialize(at: scratch.path + "/empty", bare: false, initialBranch: "main")
        try scratch.write("empty/a", "x\n")
        #expect(try empty.worktreeState(of: "a").head == nil)
        #expect(try empty.worktreeState(of: "a").file == blob("x\n"))
    }

    @Test func checksOutExactlyTheGivenFiles() throws {
        try scratch.write("work/env/dev/app.yaml", "by hand\n")
        let tree = try commit([
            .set(path: "env/prod/app.yaml", id: blob("tag: 2\n"), mode: .blob),
            .set(path: "env/dev/app.yaml", id: blob("tag: 3\n"), mode: .blob),
            .set(path: "new/deep/run", id: blob("#!/bin/sh\n"), mode: .executable),
            .set(path: "new/link", id: blob("../a.txt"), mode: .link),
        ])
        try repository.checkOut(paths: ["env/prod/app.yaml", "new/deep/run", "new/link"], from: tree)
        #expect(try scratch.text("work/env/prod/app.yaml") == "tag: 2\n")
        #expect(try scratch.text("work/env/dev/app.yaml") == "by hand\n")
        #expect(try scratch.text("work/new/link") == "one\n")
        #expect(access(scratch.path + "/work/new/deep/run", X_OK) == 0)
        #expect(try scratch.git("status", "--porcelain", in: "work") == "MM env/dev/app.yaml")
        #expect(try repository.worktreeState(of: "new/deep/run").isClean)
        #expect(try scratch.run(["git", "fsck", "--strict"], in: "work").status == 0)
    }

    @Test func removesFilesThatTheTreeDoesNotHave() throws {
        try scratch.write("work/env/untracked", "mine\n")
        let tree = try commit([.remove(path: "env")])
        try repository.checkOut(paths: ["env/prod/app.yaml", "env/dev/app.yaml"], from: tree)
        #expect(!scratch.exists("work/env/prod"))
        #expect(try scratch.text("work/env/untracked") == "mine\n")
        #expect(try scratch.git("status", "--porcelain", in: "work") == "?? env/")
        try repository.checkOut(paths: ["env/prod/app.yaml"], from: tree)
    }

    @Test func leavesLineEndsAlone() throws {
        try scratch.git("config", "core.autocrlf", "true", in: "work")
        try scratch.write("work/.gitattributes", "*.yaml text eol=crlf ident\n")
        let fresh = try Repository.open(at: scratch.path + "/work")
        for text in ["a: 1\r\nb: 2\r\n", "a: 1\nb: $Id$\n"] {
            let tree = try fresh.updatingTree(head.tree, [.set(path: "a.yaml", id: blob(text), mode: .blob)])
            try fresh.checkOut(paths: ["a.yaml"], from: tree)
            #expect(try scratch.text("work/a.yaml") == text)
            #expect(try fresh.worktreeState(of: "a.yaml").file == blob(text))
            #expect(try fresh.worktreeState(of: "a.yaml").index == blob(text))
        }
    }

    @Test func replacesALinkInsteadOfWritingThroughIt() throws {
        try scratch.write("outside", "safe\n")
        try scratch.run(["ln", "-sf", scratch.path + "/outside", "work/a.txt"]).requireSuccess()
        try repository.checkOut(paths: ["a.txt"], from: head.tree)
        #expect(try scratch.text("outside") == "safe\n")
        #expect(try scratch.git("status", "--porcelain", in: "work") == "")
    }

    @Test func neverFollowsALinkedFolder() throws {
        mkdir(scratch.path + "/elsewhere", 0o755)
        try scratch.write("elsewhere/app.yaml", "safe\n")
        try scratch.run(["rm", "-r", "work/env/prod"]).requireSuccess()
        try scratch.run(["ln", "-s", scratch.path + "/elsewhere", "work/env/prod"]).requireSuccess()
        let write = try gitError { () throws(GitError) in
            try repository.checkOut(paths: ["a.txt", "env/prod/app.yaml"], from: head.tree)
        }
        #expect(write.code == .conflict)
        #expect(write.subject.hasSuffix("/work/env/prod"))
        let look = try gitError { () throws(GitError) in try repository.worktreeState(of: "env/prod/app.yaml") }
        #expect(look.code == .conflict)
        let tree = try repository.updatingTree(head.tree, [.remove(path: "env/prod")])
        #expect(throws: GitError.self) { try repository.checkOut(paths: ["env/prod/app.yaml"], from: tree) }
        #expect(try scratch.text("elsewhere/app.yaml") == "safe\n")
    }

    @Test(arguments: ["../outside", "/etc/x", "env/../../x", ".git/config", "env", ""])
    func refusesPathsThatAreNoFilesOfTheTree(_ path: String) throws {
        let error = try gitError { () throws(GitError) in try repository.checkOut(paths: [path], from: head.tree) }
        #expect(error.code == (path == "env" ? .invalid : .invalidName))
    }

    @Test func writesNothingIfOnePathIsInTheWay() throws {
        let tree = try commit([
            .set(path: "a.txt", id: blob("two\n"), mode: .blob), .set(path: "b", id: blob("b\n"), mode: .blob),
        ])
        mkdir(scratch.path + "/work/b", 0o755)
        let error = try gitError { () throws(GitError) in try repository.checkOut(paths: ["a.txt", "b"], from: tree) }
        #expect(error.code == .conflict)
        #expect(try scratch.text("work/a.txt") == "one\n")
    }

    @Test func completesAfterALockedIndex() throws {
        let tree = try commit([.set(path: "a.txt", id: blob("two\n"), mode: .blob)])
        try scratch.write("work/.git/index.lock", "")
        let error = try gitError { () throws(GitError) in try repository.checkOut(paths: ["a.txt"], from: tree) }
        #expect(error.code == .locked)
        let between = try repository.worktreeState(of: "a.txt")
        #expect(try between.index == blob("one\n"))
        #expect(between.file == between.head)
        unlink(scratch.path + "/work/.git/index.lock")
        try repository.checkOut(paths: ["a.txt"], from: tree)
        #expect(try scratch.git("status", "--porcelain", in: "work") == "")
    }

    @Test func clearsAwayWhatAKilledRunLeft() throws {
        let id = try blob("two\n")
        let tree = try commit([.set(path: "a.txt", id: id, mode: .blob)])
        try scratch.write("work/.\(id).checkout", "half")
        try repository.checkOut(paths: ["a.txt"], from: tree)
        #expect(try scratch.text("work/a.txt") == "two\n")
        #expect(try scratch.git("status", "--porcelain", in: "work") == "")
    }
}
