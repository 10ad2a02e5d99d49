import CLibgit2

/// The one owner of a `git_remote` without a name, made for one exchange with a server.
struct RemoteHandle: ~Copyable {
    let handle: Handle
    /// The URL without credentials, for messages.
    let subject: String
    private let secretURL: String
    /// What the callbacks look at; kept as long as the handle.
    let payload: RemotePayload

    var dialogue: CredentialDialogue { payload.dialogue }

    var pointer: OpaquePointer { handle.pointer }

    init(_ repository: Repository, url: String, _ operation: String) throws(GitError) {
        let redacted = RemoteURL.redacted(url)
        guard !url.isEmpty, !url.utf8.contains(0) else {
            throw .refused(operation, redacted, "it is empty or contains a NUL byte", code: .invalidName)
        }
        let created = try Handle(operation, redacted, free: git_remote_free) {
            git_remote_create_anonymous(&$0, repository.pointer, url)
        }
        try Authorities.prepare(for: git_remote_url(created.pointer).map { String(cString: $0) } ?? url)
        handle = created
        payload = RemotePayload(CredentialDialogue(repository.remoteAccess, url: url), onTransfer: repository.remoteAccess.onTransfer)
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
            if let refusal = dialogue.refusal { (cleaned.code, cleaned.message) = (refusal.code, refusal.message) }
            if let silence = SocketStream.takeSilence(), cleaned.message != silence { cleaned.message = "\(silence): \(cleaned.message)" }
            for secret in [secretURL, resolvedURL] where !secret.isEmpty {
                cleaned.message = cleaned.message.replacing(secret, with: RemoteURL.redacted(secret))
            }
            cleaned.message = Secrets.redacted(cleaned.message)
            throw cleaned
        }
    }
}

/// What the callbacks of one exchange are handed. The handle's owner keeps it alive; callbacks only look at it.
class RemotePayload {
    let dialogue: CredentialDialogue
    let onTransfer: (@Sendable (RemoteAccess.Transfer?) -> Void)?

    init(_ dialogue: CredentialDialogue, onTransfer: (@Sendable (RemoteAccess.Transfer?) -> Void)? = nil) {
        self.dialogue = dialogue
        self.onTransfer = onTransfer
    }

    /// Answers the server's questions; lends `self` unretained.
    func install(in callbacks: inout git_remote_callbacks) {
        callbacks.credentials = answerCredentials
        callbacks.certificate_check = checkCertificate
        if onTransfer != nil { callbacks.transfer_progress = tellTransfer }
        callbacks.payload = Unmanaged.passUnretained(self).toOpaque()
    }

    static var proxy: git_proxy_options {
        var proxy = git_proxy_options()
        git_proxy_options_init(&proxy, UInt32(GIT_PROXY_OPTIONS_VERSION))
        // `http.proxy` of the configuration, else `https_proxy`, `http_proxy` and `no_proxy` of the environment.
        proxy.type = GIT_PROXY_AUTO
        return proxy
    }
}

private func answerCredentials(
    _ out: UnsafeMutablePointer<UnsafeMutablePointer<git_credential>?>?, _ url: UnsafePointer<CChar>?,
    _ user: UnsafePointer<CChar>?, _ allowed: UInt32, _ payload: UnsafeMutableRawPointer?
) -> Int32 {
    guard let payload else { return GIT_EUSER.rawValue }
    let dialogue = Unmanaged<RemotePayload>.fromOpaque(payload).takeUnretainedValue().dialogue
    return dialogue.answer(out, user.map { String(cString: $0) }, allowed)
}

private func checkCertificate(
    _ certificate: UnsafeMutablePointer<git_cert>?, _ isValid: Int32, _ host: UnsafePointer<CChar>?,
    _ payload: UnsafeMutableRawPointer?
) -> Int32 {
    guard let payload else { return GIT_EUSER.rawValue }
    return Unmanaged<RemotePayload>.fromOpaque(payload).takeUnretainedValue().dialogue.check(certificate, isValid: isValid == 1)
}

/// "Called with the current count of progress done by the indexer. Return a value less than zero to cancel."
private func tellTransfer(_ progress: UnsafePointer<git_indexer_progress>?, _ payload: UnsafeMutableRawPointer?) -> Int32 {
    guard let progress = progress?.pointee, let payload else { return 0 }
    Unmanaged<RemotePayload>.fromOpaque(payload).takeUnretainedValue().onTransfer?(
        RemoteAccess.Transfer(
            received: Int(progress.received_objects), total: Int(progress.total_objects), bytes: Int(progress.received_bytes)))
    return 0
}
