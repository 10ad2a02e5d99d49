/// Signs commits.
public protocol CommitSigner: Sendable {
    /// The armoured signature of a commit's bytes, as it goes into the header `gpgsig`.
    ///
    /// - Throws: when no signature could be made; nothing may be committed then.
    func signature(of content: [UInt8]) throws(GitError) -> String
}

/// A key that signs commits, and the program that holds it: `ssh-keygen` or `gpg`, as with `git commit -S`.
public struct SigningKey: CommitSigner, Hashable {
    /// git's `gpg.format`.
    public enum Format: String, Sendable, Hashable, CaseIterable {
        case ssh, openpgp
    }

    public let format: Format
    /// For ssh: the path of a private key, or of a public key whose private half an agent holds, or `key::` and the public
    /// key itself. For openpgp: what `gpg --local-user` takes.
    public let key: String
    public let program: String

    /// How long a signer may take: it may ask the person at the terminal for a passphrase or a touch.
    private static let patience = 120_000

    public init(format: Format, key: String, program: String? = nil) {
        self.format = format
        self.key = key
        self.program = program ?? (format == .ssh ? "ssh-keygen" : "gpg")
    }

    public func signature(of content: [UInt8]) throws(GitError) -> String {
        let made =
            switch format {
            case .ssh: try sshSignature(of: content)
            case .openpgp: try openPGPSignature(of: content)
            }
        // Line breaks at the end would become an empty line of the commit's header.
        return String(made.reversed().drop { $0.isNewline }.reversed())
    }

    private static let operation = "sign with the key"

    private func sshSignature(of content: [UInt8]) throws(GitError) -> String {
        guard let literal = literalKey else { return try sshSignature(of: content, ["-f", key]) }
        let folder = try ScratchFolder(Self.operation)
        let file = try folder.write("key.pub", literal.utf8, Self.operation)
        // -U: the private half is in the agent.
        return try sshSignature(of: content, ["-U", "-f", file])
    }

    private var literalKey: String? {
        if key.hasPrefix("key::") { return String(key.dropFirst("key::".count)) + "\n" }
        return key.hasPrefix("ssh-") || key.hasPrefix("ecdsa-") || key.hasPrefix("sk-") ? key + "\n" : nil
    }

    private func sshSignature(of content: [UInt8], _ keyArguments: [String]) throws(GitError) -> String {
        let result = try Program.run(
            [program, "-Y", "sign", "-n", SSHSignature.namespace] + keyArguments, input: content,
            timeoutMilliseconds: Self.patience, Self.operation)
        guard result.status == 0, result.text.hasPrefix(SSHSignature.begin) else { throw failed(result) }
        return result.text
    }

    private func openPGPSignature(of content: [UInt8]) throws(GitError) -> String {
        let result = try Program.run(
            [program, "--status-fd=2", "-bsau", key], input: content, timeoutMilliseconds: Self.patience, Self.operation)
        // gpg may exit with 0 and have made nothing: its status line is what git believes, too.
        guard result.status == 0, result.errors.contains("[GNUPG:] SIG_CREATED ") else { throw failed(result) }
        return result.text
    }

    private func failed(_ result: Program.Result) -> GitError {
        let said = result.errors.split(separator: "\n").filter { !$0.hasPrefix("[GNUPG:]") }.joined(separator: "; ")
        return GitError(
            code: .generic, operation: Self.operation, subject: key,
            message: "\(program) ended with \(result.status)\(said.isEmpty ? "" : ": \(said)")")
    }
}
