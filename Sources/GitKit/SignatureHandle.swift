import CLibgit2

/// The one owner of a `git_signature`.
struct SignatureHandle: ~Copyable {
    let pointer: UnsafeMutablePointer<git_signature>

    /// - Throws: `.invalid` for what a commit's header lines cannot hold. libgit2 refuses angle brackets and empty
    ///   names itself, but lets a line break through, which would let a name add header lines.
    init(_ signature: Signature, _ operation: String) throws(GitError) {
        let subject = "\(signature.name) <\(signature.email)>"
        let hasControls = (signature.name + signature.email).unicodeScalars.contains {
            $0.value < 0x20 || $0.value == 0x7f
        }
        guard !hasControls else {
            throw .refused(operation, subject, "the name or address contains control characters")
        }
        guard signature.seconds >= 0 else { throw .refused(operation, subject, "the time is before 1970") }
        guard abs(Int(signature.offsetMinutes)) < 24 * 60 else {
            throw .refused(operation, subject, "the time zone is not within a day of UTC")
        }
        var created: UnsafeMutablePointer<git_signature>?
        do throws(GitError) {
            try check(operation, subject) {
                git_signature_new(
                    &created, signature.name, signature.email, signature.seconds, signature.offsetMinutes)
            }
        } catch where error.code == .generic {
            throw .refused(operation, subject, error.message)
        }
        guard let created else {
            throw .refused(operation, subject, "libgit2 reported success and gave nothing", code: .generic)
        }
        pointer = created
    }

    deinit { git_signature_free(pointer) }
}

extension Signature {
    /// The signature as a commit would hold it: libgit2 takes away spaces and some punctuation at either end of a name.
    ///
    /// - Throws: `.invalid` for what a commit cannot hold.
    public func asStored() throws(GitError) -> Signature {
        let handle = try SignatureHandle(self, "read the signature")
        return Signature(handle.pointer) ?? self
    }

    /// A copy of a signature that a commit lent.
    init?(_ pointer: UnsafePointer<git_signature>?) {
        guard let signature = pointer?.pointee, let name = signature.name, let email = signature.email else {
            return nil
        }
        self.init(
            name: String(cString: name), email: String(cString: email), seconds: signature.when.time,
            offsetMinutes: signature.when.offset)
    }
}
