import GitKit
import Glibc
import Testing

@Suite struct FileLockTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    private func tryLock(_ name: String, _ timeout: Int = 0) throws(GitError) {
        let lock = try FileLock(path: "\(scratch.path)/\(name)", timeoutMilliseconds: timeout)
        _ = lock.path
    }

    private func clear(_ repository: Repository, _ reference: String, _ watched: Int = 60) throws -> String? {
        let lock = try FileLock(path: scratch.path + "/lock", timeoutMilliseconds: 0)
        return try removeStaleReferenceLock(repository, reference, unchangedForMilliseconds: watched, holding: lock)
    }

    private func whileLocked<Result>(_ body: () throws -> Result) throws -> Result {
        let lock = try FileLock(path: scratch.path + "/lock", timeoutMilliseconds: 0)
        try #require(scratch.exists("lock"))
        let result = try body()
        _ = lock.path
        return result
    }

    private func isLocked() throws(GitError) -> Bool {
        do throws(GitError) {
            try tryLock("lock")
            return false
        } catch {
            guard error.code == .locked else { throw error }
            return true
        }
    }

    @Test func excludesASecondHolderUntilFreed() throws {
        try whileLocked {
            let error = try gitError { () throws(GitError) in try tryLock("lock", 30) }
            #expect(error.code == .locked)
            #expect(error.subject == scratch.path + "/lock")
        }
        #expect(try !isLocked())
        #expect(scratch.exists("lock"))
    }

    @Test func excludesOtherProcessesUntilTheyDie() throws {
        let pid = try Command.start(
            ["flock", scratch.path + "/lock", "sleep", "60"], in: scratch.path, output: "/dev/null", errors: "/dev/null")
        var tries = 0
        while try !isLocked(), tries < 500 {
            tries += 1
            usleep(10_000)
        }
        #expect(tries < 500)
        kill(-pid, SIGKILL)
        _ = Command.wait(for: pid)
        try tryLock("lock", 5000)
    }

    @Test func isNotInheritedByPrograms() throws {
        let pid = try whileLocked {
            try Command.start(["sleep", "60"], in: scratch.path, output: "/dev/null", errors: "/dev/null")
        }
        defer {
            kill(-pid, SIGKILL)
            _ = Command.wait(for: pid)
        }
        #expect(try !isLocked())
    }

    @Test func doesNotFollowALinkOrInventAFolder() throws {
        try scratch.run(["ln", "-s", "target", "link"]).requireSuccess()
        #expect(throws: GitError.self) { try tryLock("link") }
        #expect(!scratch.exists("target"))
        #expect(try gitError { () throws(GitError) in try tryLock("no/lock") }.code == .notFound)
    }

    @Test func removesAReferenceLockThatNobodyTouches() throws {
        let repository = try scratch.makeWorkTree()
        try scratch.write("work/.git/refs/heads/main.lock", "")
        #expect(try clear(repository, "refs/heads/main") == scratch.path + "/work/.git/refs/heads/main.lock")
        #expect(!scratch.exists("work/.git/refs/heads/main.lock"))
        #expect(try clear(repository, "refs/heads/main") == nil)
        #expect(try clear(repository, "refs/heads/main/x") == nil)
        #expect(try repository.headCommit().message == "first\n")
    }

    @Test func keepsAReferenceLockThatChanges() throws {
        let repository = try scratch.makeWorkTree()
        try scratch.write("work/.git/refs/heads/main.lock", "")
        let pid = try Command.start(
            ["sh", "-c", "while :; do echo x >> work/.git/refs/heads/main.lock; sleep 0.05; done"], in: scratch.path,
            output: "/dev/null", errors: "/dev/null")
        defer {
            kill(-pid, SIGKILL)
            _ = Command.wait(for: pid)
        }
        #expect(try clear(repository, "refs/heads/main", 1500) == nil)
        #expect(scratch.exists("work/.git/refs/heads/main.lock"))
    }
}
