import CLibgit2

/// Runs one libgit2 call and turns its failure into an error.
///
/// The message is read before anything else can run: libgit2 keeps the last error per thread, and "error strings are
/// not cleared aggressively, so a prior (unrelated) error may be returned" (git2/errors.h), hence the clearing first.
///
/// - Returns: the call's own result, zero or more.
@discardableResult
func check(
    _ operation: String, _ subject: @autoclosure () -> String, _ call: () -> Int32
) throws(GitError) -> Int32 {
    git_error_clear()
    let status = call()
    guard status < 0 else { return status }
    throw lastError(status, operation, subject())
}

/// As ``check(_:_:_:)``, for calls whose "not found" is an answer.
///
/// - Returns: false if the call reported that there is no such thing.
func checkFound(
    _ operation: String, _ subject: @autoclosure () -> String, _ call: () -> Int32
) throws(GitError) -> Bool {
    git_error_clear()
    let status = call()
    if status == GIT_ENOTFOUND.rawValue { return false }
    guard status < 0 else { return true }
    throw lastError(status, operation, subject())
}

/// Must follow the failed call directly, on the same thread.
func lastError(_ status: Int32, _ operation: String, _ subject: String) -> GitError {
    var message = "libgit2 gave code \(status) and no reason"
    if let last = git_error_last(), let text = last.pointee.message {
        message = String(cString: text)
    }
    var code = GitError.Code(rawValue: status)
    // libgit2 1.5 looks for safe.directory to excuse another owner and, if that is set nowhere, reports that it is
    // missing instead of the owner.
    if code == .notFound, message == "config value 'safe.directory' was not found" {
        code = .owner
        message = "the repository belongs to another user"
    }
    if code == .owner {
        message += "; if you trust it, add it to safe.directory in your Git configuration"
    }
    if code == .generic || code == .endOfFile, let kind = git_error_last()?.pointee.klass {
        (code, message) = networkReason(code, kind, message)
    }
    return GitError(code: code, operation: operation, subject: subject, message: Secrets.redacted(message))
}

/// Tells faults of the network, which may pass, from answers of a server, which stand.
private func networkReason(_ code: GitError.Code, _ kind: Int32, _ message: String) -> (GitError.Code, String) {
    let status = message.firstRange(of: "http status code: ").flatMap { Int(message[$0.upperBound...].prefix { $0.isNumber }) }
    if let status {
        switch status {
        case 401, 407: return (.auth, "\(message): the server did not take the credentials")
        case 403: return (.auth, "\(message): these credentials may not do this here")
        case 404: return (.notFound, "\(message): there is no such repository, or these credentials may not see it")
        case 429, 500...599: return (.network, "\(message): the server, or a proxy before it, is in trouble")
        default: return (code, message)
        }
    }
    let passing = [GIT_ERROR_NET, GIT_ERROR_SSL, GIT_ERROR_SSH, GIT_ERROR_OS].map { Int32($0.rawValue) }
    return (code == .endOfFile || passing.contains(kind) ? .network : code, message)
}
