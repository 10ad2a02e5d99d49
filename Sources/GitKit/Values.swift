import CLibgit2

/// Who made a commit, and when.
public struct Signature: Hashable, Sendable {
    public var name: String
    public var email: String
    /// Seconds since 1970 began, UTC.
    public var seconds: Int64
    /// The author's time zone: minutes east of UTC.
    public var offsetMinutes: Int32

    public init(name: String, email: String, seconds: Int64, offsetMinutes: Int32) {
        self.name = name
        self.email = email
        self.seconds = seconds
        self.offsetMinutes = offsetMinutes
    }
}

/// What a tree entry is. The raw value is Git's file mode.
public enum FileMode: UInt32, Hashable, Sendable {
    case tree = 0o040000
    case blob = 0o100644
    case executable = 0o100755
    /// A symbolic link; the blob holds its target.
    case link = 0o120000
    /// A commit of another repository (a submodule).
    case commit = 0o160000

    /// Whether the entry is a blob: a file or a symbolic link.
    public var isFile: Bool { self == .blob || self == .executable || self == .link }

    /// The mode for a raw one; old Git versions also wrote 100664, which counts as a plain blob.
    init?(_ mode: git_filemode_t) {
        let raw = UInt32(mode.rawValue)
        self.init(rawValue: raw == 0o100664 ? 0o100644 : raw)
    }

    var cMode: git_filemode_t { git_filemode_t(rawValue: rawValue) }
}

/// One name in a tree.
public struct TreeEntry: Hashable, Sendable {
    /// The last part of the path. Bytes that are not UTF-8 are shown as U+FFFD.
    public var name: String
    public var id: ObjectID
    public var mode: FileMode

    public init(name: String, id: ObjectID, mode: FileMode) {
        self.name = name
        self.id = id
        self.mode = mode
    }
}

/// One commit, copied out of the repository.
public struct Commit: Hashable, Sendable {
    public var id: ObjectID
    public var tree: ObjectID
    public var parents: [ObjectID]
    public var author: Signature
    public var committer: Signature
    /// The whole message as stored. Bytes that are not UTF-8 are shown as U+FFFD.
    public var message: String

    public init(
        id: ObjectID, tree: ObjectID, parents: [ObjectID], author: Signature, committer: Signature, message: String
    ) {
        self.id = id
        self.tree = tree
        self.parents = parents
        self.author = author
        self.committer = committer
        self.message = message
    }
}
