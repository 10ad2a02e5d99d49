import CLibgit2

/// The signature of a commit, and the bytes that it was made of.
public struct CommitSignature: Hashable, Sendable {
    /// Armoured, as the header `gpgsig` holds it.
    public let text: String
    /// The commit without that header.
    public let payload: [UInt8]

    public init(text: String, payload: [UInt8]) {
        self.text = text
        self.payload = payload
    }
}

extension Repository {
    /// The signature that a commit carries; nil if it carries none. Says nothing about whether it is good.
    ///
    /// - Throws: `.generic` if there is no such commit.
    public func signature(ofCommit id: ObjectID) throws(GitError) -> CommitSignature? {
        var signature = git_buf()
        var payload = git_buf()
        defer {
            git_buf_dispose(&signature)
            git_buf_dispose(&payload)
        }
        var oid = id.oid
        let found = try checkFound("read the signature of the commit", id.hex) {
            git_commit_extract_signature(&signature, &payload, pointer, &oid, nil)
        }
        guard found else { return nil }
        return CommitSignature(
            text: String(decoding: UnsafeRawBufferPointer(start: signature.ptr, count: signature.size), as: UTF8.self),
            payload: [UInt8](UnsafeRawBufferPointer(start: payload.ptr, count: payload.size)))
    }

    func storeSigned(
        _ content: [UInt8], _ signature: String, _ operation: String, _ subject: String
    ) throws(GitError) -> ObjectID {
        var created = git_oid()
        try check(operation, subject) {
            (content + [0]).withUnsafeBufferPointer { bytes in
                bytes.withMemoryRebound(to: CChar.self) {
                    git_commit_create_with_signature(&created, pointer, $0.baseAddress, signature, "gpgsig")
                }
            }
        }
        return try kept(ObjectID(created), operation)
    }
}
