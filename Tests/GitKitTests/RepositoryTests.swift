import GitKit
import Glibc
import Testing

@Suite struct RepositoryTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    @Test func opensAWorkTreeByItsTopAndByItsGitFolder() throws {
        _ = try scratch.makeWorkTree()
        for path in ["work", "work/", "work/.git"] {
            let repository = try Repository.open(at: "\(scratch.path)/\(path)")
            #expect(repository.gitDirectory == scratch.path + "/work/.git/")
            #expect(repository.commonDirectory == repository.gitDirectory)
            #expect(repository.workTree == scratch.path + "/work/")
            #expect(!repository.isBare)
            #expect(!repository.isShallow)
        }
    }

    @Test func opensOnlyTheGivenPathButDiscoversFromBelow() throws {
        _ = try scratch.makeWorkTree()
        let below = scratch.path + "/work/env/prod"
        #expect(try gitError { () throws(GitError) in try Repository.open(at: below) }.code == .notFound)
        #expect(try Repository.discover(from: below).workTree == scratch.path + "/work/")
        #expect(try gitError { () throws(GitError) in try Repository.discover(from: "/") }.code == .notFound)
    }

    @Test(arguments: ["nothing", "file", "folder", "work\0x"])
    func refusesWhatIsNoRepository(_ name: String) throws {
        try scratch.write("file", "x")
        mkdir(scratch.path + "/folder", 0o755)
        let error = try gitError { () throws(GitError) in try Repository.open(at: "\(scratch.path)/\(name)") }
        #expect(error.code == (name.contains("\0") ? .invalidName : .notFound))
        #expect(error.description.hasPrefix("Could not open the repository '\(scratch.path)"))
        #expect(error.description.hasSuffix("."))
    }

    @Test func refusesARepositoryOfAnotherObjectFormat() throws {
        try scratch.git("init", "-q", "--object-format=sha256", "new")
        let error = try gitError { () throws(GitError) in try Repository.open(at: scratch.path + "/new") }
        #expect(error.message.contains("objectformat"))
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give a folder to another user"))
    func explainsARepositoryOfAnotherUser() throws {
        _ = try scratch.makeWorkTree()
        try scratch.run(["chown", "-R", "12345", "work"]).requireSuccess()
        let error = try gitError { () throws(GitError) in try Repository.open(at: scratch.path + "/work") }
        #expect(error.code == .owner)
        #expect(error.message.contains("safe.directory"))
    }

    @Test func createsABareRepositoryOnce() throws {
        let path = scratch.path + "/a/b/mirror.git"
        let repository = try Repository.createBare(at: path)
        #expect(repository.isBare)
        #expect(repository.workTree == nil)
        #expect(try repository.symbolicTarget("HEAD") == "refs/heads/main")
        #expect(try scratch.git("rev-parse", "--is-bare-repository", in: "a/b/mirror.git") == "true")
        #expect(try scratch.run(["ls", "a/b/mirror.git/hooks"]).line.split(separator: "\n").allSatisfy { $0.contains("sample") })
        #expect(try gitError { () throws(GitError) in try Repository.createBare(at: path) }.code == .exists)
    }

    @Test func worksInALinkedWorkTree() throws {
        _ = try scratch.makeWorkTree()
        try scratch.git("worktree", "add", "-q", "../linked", in: "work")
        let linked = try Repository.open(at: scratch.path + "/linked")
        #expect(linked.commonDirectory == scratch.path + "/work/.git/")
        #expect(linked.gitDirectory == scratch.path + "/work/.git/worktrees/linked/")
        #expect(try linked.symbolicTarget("HEAD") == "refs/heads/linked")
        let head = try linked.headCommit()
        let next = try linked.makeCommit(on: head.id, "a.txt", "next\n")
        #expect(try linked.moveReference("refs/heads/linked", from: head.id, to: next, logMessage: "x") == .moved)
        try linked.checkOut(paths: ["a.txt"], from: linked.commit(next).tree)
        #expect(try scratch.git("status", "--porcelain", in: "linked") == "")
    }

    @Test func readsConfiguration() throws {
        let repository = try scratch.makeWorkTree()
        try scratch.git("config", "receive.denyDeletes", "yes", in: "work")
        try scratch.git("config", "core.bad", "perhaps", in: "work")
        #expect(try repository.configString("receive.denyDeletes") == "yes")
        #expect(try repository.configBool("receive.denydeletes") == true)
        #expect(try repository.configString("no.such") == nil)
        #expect(try repository.configBool("no.such") == nil)
        #expect(try gitError { () throws(GitError) in try repository.configBool("core.bad") }.code == .generic)
        #expect(try gitError { () throws(GitError) in try repository.configString("malformed") }.code == .invalidName)
    }

    @Test func readsRemotes() throws {
        let repository = try scratch.makeWorkTree()
        try scratch.git("remote", "add", "origin", "short:repo", in: "work")
        #expect(try repository.remoteURL("origin") == "short:repo")
        #expect(try repository.remoteURL("upstream") == nil)
        try scratch.git("config", "url.git://host/.insteadOf", "short:", in: "work")
        #expect(try repository.remoteURL("origin") == "git://host/repo")
    }

    @Test func syncsItsWritesWhenAsked() throws {
        let repository = try scratch.makeWorkTree()
        try repository.setDurableWrites()
        let id = try repository.writeBlob([1, 2, 3])
        #expect(try repository.blob(id) == [1, 2, 3])
    }

    @Test func hasNoWorkTreeToLookAtWhenBare() throws {
        let bare = try Repository.createBare(at: scratch.path + "/bare.git")
        let state = try gitError { () throws(GitError) in try bare.worktreeState(of: "a") }
        #expect(state.code == .bareRepository)
        let tree = try bare.updatingTree(nil, [])
        let checkOut = try gitError { () throws(GitError) in try bare.checkOut(paths: ["a"], from: tree) }
        #expect(checkOut.code == .bareRepository)
    }
}
