import CLibgit2

/// One open repository on this machine (SHA-1 objects only).
///
/// Rules:
/// 1. Not Sendable: its owner serialises all use. libgit2 objects must not be used by two threads at once, and error
///    messages belong to the thread that made the call.
/// 2. Every call blocks until it is done; do not call on the cooperative thread pool.
/// 3. Everything returned is a copy. Nothing becomes invalid when the repository is closed, which `deinit` does.
/// 4. No hook and no filter is ever run, and the environment (`GIT_DIR` and the like) is not read.
public final class Repository {
    let pointer: OpaquePointer

    /// Signs every commit that is created through this object; nil: commits are not signed.
    public var signer: (any CommitSigner)?
    /// What its remotes are told when they ask for credentials or show their key; nothing at first.
    public var remoteAccess = RemoteAccess()
    /// Commits that history was cut off before: they are not there, although a walk may end in them.
    private(set) var missingParents: Set<ObjectID> = []

    init(adopting pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit { git_repository_free(pointer) }

    /// Opens the repository at exactly this path: a work tree's top, its `.git`, or a bare repository.
    ///
    /// - Throws: `.notFound` if there is none, `.owner` if it belongs to another user and is not listed in
    ///   `safe.directory`, `.generic` if it is damaged or in a format that is not supported.
    public static func open(at path: String) throws(GitError) -> Repository {
        try open(path, flags: GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue)
    }

    /// Opens the repository that contains this path, searching the parent folders as Git does.
    ///
    /// - Throws: as ``open(at:)``.
    public static func discover(from path: String) throws(GitError) -> Repository {
        try open(path, flags: 0)
    }

    private static func open(_ path: String, flags: UInt32) throws(GitError) -> Repository {
        try Library.start()
        let operation = "open the repository"
        try Names.requireText(path, operation)
        var created: OpaquePointer?
        try check(operation, path) { git_repository_open_ext(&created, path, flags, nil) }
        guard let created else {
            throw .refused(operation, path, "libgit2 reported success and gave nothing", code: .generic)
        }
        let repository = Repository(adopting: created)
        try repository.completeConfiguration()
        if repository.isShallow {
            repository.missingParents = try ShallowBoundary.bridge(created, repository.commonDirectory)
        }
        return repository
    }

    /// Creates a bare repository whose HEAD is the unborn branch `main`.
    ///
    /// - Throws: `.exists` if the path already is a repository.
    public static func createBare(at path: String) throws(GitError) -> Repository {
        try initialize(at: path, bare: true, initialBranch: "main")
    }

    /// Creates a repository, and missing parent folders. No template is copied, so there are no hooks.
    ///
    /// - Throws: `.exists` if the path already is a repository.
    public static func initialize(
        at path: String, bare: Bool, initialBranch: String
    ) throws(GitError) -> Repository {
        try Library.start()
        let operation = "create the repository"
        try Names.requireText(path, operation)
        try Names.requireReference("refs/heads/" + initialBranch, operation)

        var options = git_repository_init_options()
        try check(operation, path) {
            git_repository_init_options_init(&options, UInt32(GIT_REPOSITORY_INIT_OPTIONS_VERSION))
        }
        options.flags = GIT_REPOSITORY_INIT_MKPATH.rawValue | GIT_REPOSITORY_INIT_NO_REINIT.rawValue
        if bare { options.flags |= GIT_REPOSITORY_INIT_BARE.rawValue }

        var created: OpaquePointer?
        try check(operation, path) {
            initialBranch.withCString { head in
                options.initial_head = head
                return git_repository_init_ext(&created, path, &options)
            }
        }
        guard let created else {
            throw .refused(operation, path, "libgit2 reported success and gave nothing", code: .generic)
        }
        let repository = Repository(adopting: created)
        try repository.completeConfiguration()
        return repository
    }

    /// The folder with HEAD and, in a linked work tree, the index: absolute, ending in a slash.
    public var gitDirectory: String {
        git_repository_path(pointer).map { String(cString: $0) } ?? ""
    }

    /// The folder with the shared references and objects. Differs from ``gitDirectory`` only in linked work trees.
    public var commonDirectory: String {
        git_repository_commondir(pointer).map { String(cString: $0) } ?? ""
    }

    /// The top folder of the work tree, absolute, ending in a slash; nil in a bare repository.
    public var workTree: String? {
        git_repository_workdir(pointer).map { String(cString: $0) }
    }

    /// Whether there is no work tree.
    public var isBare: Bool { git_repository_is_bare(pointer) == 1 }

    /// Whether history was cut off when cloning, so that walks end in missing commits.
    public var isShallow: Bool { git_repository_is_shallow(pointer) == 1 }

    /// Makes every later write of objects and references reach the disk before it is reported done.
    ///
    /// Counts for all repositories of this process and cannot be taken back.
    public func setDurableWrites() throws(GitError) {
        try Library.enableDurableWrites()
    }
}
