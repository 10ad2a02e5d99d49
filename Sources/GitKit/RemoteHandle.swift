import CLibgit2

/// The one owner of a `git_remote` without a name, made for one exchange with a server.
struct RemoteHandle: ~Copyable {
    let handle: Handle
    /// The URL without credentials, for messages.
    let subject: String
    private let secretURL: String

    var pointer: OpaquePointer { handle.pointer }

    init(_ repository: Repository, url: String, _ operation: String) throws(GitError) {
        let redacted = RemoteURL.redacted(url)
        guard !url.isEmpty, !url.utf8.contains(0) else {
            throw .refused(operation, redacted, "it is empty or contains a NUL byte", code: .invalidName)
        }
        let created = try Handle(operation, redacted, free: git_remote_free) {
            git_remote_create_anonymous(&$0, repository.pointer, url)
        }
        handle = created
        subject = redacted
        secretURL = url
    }

    /// The URL that will be used: `url.<base>.insteadOf` may have turned the given one into another.
    var resolvedURL: String {
        git_remote_url(pointer).map { String(cString: $0) } ?? secretURL
    }

    /// As the free function ``check(_:_:_:)``; in the message, too, the URL loses its credentials.
    @discardableResult
    func check(_ operation: String, _ call: () -> Int32) throws(GitError) -> Int32 {
        _ = SocketStream.takeSilence()
        do throws(GitError) {
            return try withoutBrokenPipe { () throws(GitError) in try GitKit.check(operation, subject, call) }
        } catch {
            var cleaned = error
            if let silence = SocketStream.takeSilence(), cleaned.message != silence { cleaned.message = "\(silence): \(cleaned.message)" }
            for secret in [secretURL, resolvedURL] where !secret.isEmpty {
                cleaned.message = cleaned.message.replacing(secret, with: RemoteURL.redacted(secret))
            }
            throw cleaned
        }
    }
}
