public import GitKit

/// The repository whose references decide, and the object store in which its objects can be read and written.
///
/// Three kinds (`design.md` section 3): the local repository, a repository reached by path and written directly, and a
/// remote behind a smart transport with a local mirror.
public protocol Authority: AnyObject {
    /// Where objects are read and written.
    var repository: Repository { get }
    /// How people call it: a path or a URL without credentials.
    var name: String { get }
    /// The branch that HEAD names, as `refs/heads/main`; nil when HEAD names none.
    func defaultBranch() throws(GitError) -> String?
    /// The references with a prefix as they are now, sorted; their objects can be read afterwards.
    func references(withPrefix prefix: String) throws(GitError) -> [(name: String, target: ObjectID)]
    /// The same without their objects: nothing is fetched.
    func listing(withPrefix prefix: String) throws(GitError) -> [(name: String, target: ObjectID)]
    /// Makes the objects of a listed reference readable.
    func provide(_ reference: String, target: ObjectID) throws(GitError)
    /// One reference as it is now, nil when there is none; its objects can be read afterwards.
    func target(of reference: String) throws(GitError) -> ObjectID?
    /// Moves a reference durably if it still is `old` (nil: does not exist). False when it is not.
    ///
    /// Throws when the repository refuses: a hook, a protected branch, a setting that only a server can obey.
    func move(_ reference: String, from old: ObjectID?, to new: ObjectID, because reason: String) throws(GitError) -> Bool
    /// Gives a delivery branch another commit, which need not contain the old one, or deletes it (nil), if it still is `old`.
    /// False when it is not. Throws as `move` does.
    func replace(_ reference: String, from old: ObjectID?, to new: ObjectID?, because reason: String) throws(GitError) -> Bool
}

extension Authority {
    /// Where all objects are at hand there is nothing to spare.
    public func listing(withPrefix prefix: String) throws(GitError) -> [(name: String, target: ObjectID)] {
        try references(withPrefix: prefix)
    }

    public func provide(_ reference: String, target: ObjectID) throws(GitError) {}
}

extension GitError {
    /// A refusal that no call of libgit2 reported.
    static func refused(_ operation: String, _ subject: String, _ message: String) -> GitError {
        GitError(code: .invalid, operation: operation, subject: subject, message: message)
    }
}
