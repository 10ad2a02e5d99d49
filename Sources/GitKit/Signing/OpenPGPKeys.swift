/// OpenPGP public keys by whose they are, and `gpg` to verify with them.
struct OpenPGPKeys {
    static let begin = "-----BEGIN PGP PUBLIC KEY BLOCK-----"
    static let end = "-----END PGP PUBLIC KEY BLOCK-----"

    var program = "gpg"
    /// Keys in the user's own keyring.
    private var fingerprints: [(digits: String, principal: String)] = []
    /// Keys given whole; the principal is nil where the key's own user ids name it.
    private var blocks: [(text: String, principal: String?)] = []

    private static let operation = "verify a signature with"
    private static let patience = 30_000

    var isEmpty: Bool { fingerprints.isEmpty && blocks.isEmpty }

    mutating func add(armoured text: String, principal: String?) { blocks.append((text, principal)) }

    mutating func add(fingerprint digits: String, principal: String) { fingerprints.append((digits, principal)) }

    /// Asks with the keys that were given whole first, then with the user's keyring.
    func verdict(on signature: CommitSignature) throws(GitError) -> SignatureVerdict {
        var verdict = SignatureVerdict.unknownKey("an OpenPGP key")
        if !blocks.isEmpty {
            let folder = try ScratchFolder(Self.operation)
            var known: [(digits: String, principal: String)] = []
            for block in blocks {
                let imported = try gpg(["--homedir", folder.path, "--batch", "--quiet", "--import"], block.text)
                guard imported.status == 0 else {
                    throw .refused("read the GPG key of", block.principal ?? "the signers", "gpg does not take it", code: .generic)
                }
                known += try holders(of: block.text, block.principal, folder.path)
            }
            verdict = try ask(signature, known, ["--homedir", folder.path])
        }
        if case .unknownKey = verdict, !fingerprints.isEmpty { verdict = try ask(signature, fingerprints, []) }
        return verdict
    }

    /// The fingerprints in a block with whose they are.
    private func holders(
        of block: String, _ principal: String?, _ home: String
    ) throws(GitError) -> [(digits: String, principal: String)] {
        let shown = try gpg(["--homedir", home, "--batch", "--with-colons", "--show-keys"], block)
        let fields = shown.text.split(separator: "\n").map { $0.split(separator: ":", omittingEmptySubsequences: false) }
        let digits = fields.filter { $0.first == "fpr" && $0.count > 9 }.map { String($0[9]) }
        let names = fields.filter { $0.first == "uid" && $0.count > 9 }.map { Self.mail(in: String($0[9])) }
        return digits.flatMap { digit in (principal.map { [$0] } ?? names).map { (digit, $0) } }
    }

    private static func mail(in name: String) -> String {
        guard let open = name.lastIndex(of: "<"), name.last == ">" else { return name }
        return String(name[name.index(after: open)...].dropLast())
    }

    private func ask(
        _ signature: CommitSignature, _ known: [(digits: String, principal: String)], _ home: [String]
    ) throws(GitError) -> SignatureVerdict {
        let folder = try ScratchFolder(Self.operation)
        let file = try folder.write("signature.asc", (signature.text + "\n").utf8, Self.operation)
        let result = try Program.run(
            [program] + home + ["--batch", "--no-autostart", "--status-fd=1", "--verify", file, "-"], input: signature.payload,
            timeoutMilliseconds: Self.patience, Self.operation)
        let said = result.text.split(separator: "\n").filter { $0.hasPrefix("[GNUPG:] ") }.map { $0.split(separator: " ") }
        func line(_ word: String) -> [Substring]? { said.first { $0.count > 2 && $0[1] == word } }
        if let unknown = line("NO_PUBKEY") ?? line("ERRSIG") { return .unknownKey(String(unknown[2])) }
        if line("BADSIG") != nil { return .bad("it was not made of this commit's content") }
        guard result.status == 0, line("GOODSIG") != nil, let valid = line("VALIDSIG") else {
            let why = ["EXPKEYSIG": "its key has expired", "REVKEYSIG": "its key was revoked", "EXPSIG": "it has expired"]
            return .bad(why.first { line($0.key) != nil }?.value ?? "gpg refuses it")
        }
        // The signing subkey, and at the end its primary key.
        let keys = [String(valid[2]), String(valid[valid.count - 1])]
        let holders = known.filter { entry in keys.contains { $0.hasSuffix(entry.digits) } }.map(\.principal)
        return holders.isEmpty ? .unknownKey(keys[0]) : .good(principals: holders, key: keys[0])
    }

    private func gpg(_ arguments: [String], _ input: String) throws(GitError) -> Program.Result {
        try Program.run(
            [program] + arguments, input: Array(input.utf8), timeoutMilliseconds: Self.patience, Self.operation)
    }
}
