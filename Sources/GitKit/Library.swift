import CLibgit2
import Glibc

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
    ///
    /// `git_libgit2_opts` is variadic, which Swift does not import. A symbol look-up gives it the one shape needed
    /// here: on the Linux ABIs (x86-64 and arm64) an `int` passed to a variadic function travels as it does to any other.
    static func enableDurableWrites() throws(GitError) {
        typealias SetInteger = @convention(c) (Int32, Int32) -> Int32
        guard let symbol = dlsym(nil, "git_libgit2_opts") else {
            throw .refused("switch on durable writes of", "libgit2", "it has no git_libgit2_opts", code: .generic)
        }
        let setOption = unsafeBitCast(symbol, to: SetInteger.self)
        try check("switch on durable writes of", "libgit2") {
            setOption(Int32(GIT_OPT_ENABLE_FSYNC_GITDIR.rawValue), 1)
        }
    }
}
