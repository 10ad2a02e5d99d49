import CLibgit2

/// The process-wide state of libgit2.
enum Library {
    // "This function must be called before any other libgit2 function" and counts its calls
    // (https://libgit2.org/libgit2/#HEAD/group/libgit2/git_libgit2_init). One call per process, never paired with a
    // shutdown: a lazy static runs exactly once, whatever the number of threads.
    private static let started: Int32 = git_libgit2_init()

    /// Makes the library ready; cheap after the first time.
    static func start() throws(GitError) {
        guard started >= 0 else {
            throw .refused("start", "libgit2", "it refused to initialise (code \(started))", code: .generic)
        }
    }

    /// Makes every write into a repository's folder reach the disk before it is reported done.
    static func enableDurableWrites() throws(GitError) {
        try check("switch on durable writes of", "libgit2") { gradus_git_enable_fsync(1) }
    }

    static var version: String {
        var (major, minor, revision): (Int32, Int32, Int32) = (0, 0, 0)
        git_libgit2_version(&major, &minor, &revision)
        return "\(major).\(minor).\(revision)"
    }
}

/// What is linked.
public enum LibGit2 {
    /// The version of the library that this process runs with: `1.5.1`.
    public static var version: String { Library.version }
}
