import CLibgit2
import Synchronization

/// The process-wide state of libgit2.
enum Library {
    // "This function must be called before any other libgit2 function" and counts its calls
    // (https://libgit2.org/libgit2/#HEAD/group/libgit2/git_libgit2_init). One call per process, never paired with a
    // shutdown: a lazy static runs exactly once, whatever the number of threads.
    private static let started: Int32 = {
        let count = Authorities.postponed(git_libgit2_init)
        if count < 0 { return count }
        // "The default is [...] 4k for trees" (git2/common.h), which a folder of a hundred files exceeds: such a folder would be
        // read, inflated and hashed again for every path below it. All caches together stay within 24 MiB.
        let caching = gradus_git_cache_trees(1 << 20, 24 << 20)
        if caching < 0 { return caching }
        let places = ConfigurationPlaces.hideReplaced()
        return places < 0 ? places : SocketStream.register()
    }()

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
    /// How long a peer on the network may be silent before an operation fails, in milliseconds; 60 seconds at first.
    public static var networkPatience: Int {
        get { SocketStream.patience.load(ordering: .relaxed) }
        set { SocketStream.patience.store(newValue, ordering: .relaxed) }
    }

    /// Has https servers verified by these certificates instead of the system's; the checks themselves are never off.
    ///
    /// They are read when the first such server is asked, which throws when a file or folder cannot be read or holds no certificate.
    public static func trustCertificates(file: String?, folder: String?) { Authorities.choose(file: file, folder: folder) }

    /// The version of the library that this process runs with: `1.5.1`.
    public static var version: String { Library.version }
}
