/// What a look at one signature found.
public enum SignatureVerdict: Hashable, Sendable {
    /// Made of exactly these bytes by a key of these principals; `key` is its fingerprint or its public half.
    case good(principals: [String], key: String)
    /// By a key that the keyring does not hold: nothing is known of it.
    case unknownKey(String)
    /// Not made of these bytes, or by a key that did not count at that time.
    case bad(String)
}

/// Public keys with the names of those whose signatures they make, and what verifies with them.
///
/// SSH signatures by ed25519 and P-256 keys are computed here; for RSA, security keys, certificates and entries that hold
/// for a time only `ssh-keygen` is asked, and for OpenPGP `gpg`. Nothing needs a network.
public final class SignatureKeyring {
    private var lines: [AllowedSigner] = []
    private var openPGP = OpenPGPKeys()
    private let sshProgram: String

    public init(sshProgram: String? = nil, gpgProgram: String? = nil) {
        self.sshProgram = sshProgram ?? "ssh-keygen"
        openPGP.program = gpgProgram ?? "gpg"
    }

    /// Whether there is no key at all.
    public var isEmpty: Bool { lines.isEmpty && openPGP.isEmpty }

    /// Adds a file in the form of `ssh-keygen`'s allowed signers, in which armoured OpenPGP public keys may stand too.
    ///
    /// - Throws: `.invalid` naming the line that is neither.
    public func add(signersFile text: String, path: String) throws(GitError) {
        var armour: [Substring]?
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let trimmed = line.drop { $0 == " " || $0 == "\t" }
            if trimmed.hasPrefix(OpenPGPKeys.begin) { armour = [] }
            if armour != nil {
                armour?.append(line)
                if trimmed.hasPrefix(OpenPGPKeys.end), let block = armour {
                    openPGP.add(armoured: block.joined(separator: "\n") + "\n", principal: nil)
                    armour = nil
                }
                continue
            }
            if trimmed.isEmpty || trimmed.hasPrefix("#") { continue }
            guard let signer = AllowedSigner(String(trimmed)) else {
                throw .refused(
                    "read the signers of", "\(path):\(number + 1)",
                    "it is no line of allowed signers (see ssh-keygen(1)): PRINCIPALS [OPTIONS] KEYTYPE KEY")
            }
            lines.append(signer)
        }
    }

    /// Adds an SSH public key as `.pub` files hold it.
    ///
    /// - Throws: `.invalid` for a text that is none.
    public func add(sshKey key: String, of principal: String) throws(GitError) {
        guard let signer = AllowedSigner("\(principal.replacing(" ", with: "_")) \(key)"), signer.options == nil else {
            throw .refused("read the SSH key of", principal, "it is not written as `ssh-ed25519 AAAA...`")
        }
        lines.append(signer)
    }

    /// Adds an OpenPGP key: an armoured public key, or the fingerprint of one in the user's own keyring.
    ///
    /// - Throws: `.invalid` for a text that is neither; a key id of 8 digits is too short to tell keys apart.
    public func add(gpgKey key: String, of principal: String) throws(GitError) {
        if key.contains(OpenPGPKeys.begin) {
            openPGP.add(armoured: key, principal: principal)
            return
        }
        let digits = key.filter { $0 != " " }.uppercased()
        guard digits.count >= 16, digits.allSatisfy(\.isHexDigit) else {
            throw .refused(
                "read the GPG key of", principal, "it is neither an armoured public key nor a fingerprint of 16 to 40 digits")
        }
        openPGP.add(fingerprint: digits, principal: principal)
    }

    /// Looks at one signature.
    ///
    /// - Parameter seconds: when it was made, since 1970: entries that hold for a time are asked about then.
    /// - Throws: when a program that is needed cannot be run.
    public func verdict(on signature: CommitSignature, at seconds: Int64) throws(GitError) -> SignatureVerdict {
        guard signature.text.hasPrefix(SSHSignature.begin) else { return try openPGP.verdict(on: signature) }
        guard let parsed = SSHSignature(armoured: signature.text) else { return .bad("it is damaged") }
        if parsed.keyType.contains("-cert-") { return try asked(lines.filter(\.isAuthority), parsed, signature, seconds) }
        let own = lines.filter { $0.key == parsed.publicKey && !$0.isAuthority }
        guard !own.isEmpty else { return .unknownKey(parsed.name) }
        let plain = own.filter { $0.options == nil }
        guard !plain.isEmpty, let isGood = parsed.isGood(for: signature.payload) else {
            return try asked(own, parsed, signature, seconds)
        }
        guard isGood else { return .bad("it was not made of this commit's content") }
        return .good(principals: plain.flatMap(\.principals), key: parsed.name)
    }

    private static let operation = "verify a signature with"
    private static let patience = 30_000

    /// Has `ssh-keygen` verify, which knows every kind of key and every option.
    private func asked(
        _ lines: [AllowedSigner], _ parsed: SSHSignature, _ signature: CommitSignature, _ seconds: Int64
    ) throws(GitError) -> SignatureVerdict {
        guard !lines.isEmpty else { return .unknownKey(parsed.name) }
        let folder = try ScratchFolder(Self.operation)
        let file = try folder.write("signers", lines.map { $0.text + "\n" }.joined().utf8, Self.operation)
        let armour = try folder.write("signature", (signature.text + "\n").utf8, Self.operation)
        let time = "-Overify-time=" + Self.timestamp(seconds)
        let found = try Program.run(
            [sshProgram, "-Y", "find-principals", "-s", armour, "-f", file, time], timeoutMilliseconds: Self.patience, Self.operation)
        guard found.status == 0, let principal = found.text.split(whereSeparator: \.isNewline).first.map(String.init) else {
            return .bad("its key did not count then: \(parsed.name)")
        }
        let verified = try Program.run(
            [
                sshProgram, "-Y", "verify", "-n", SSHSignature.namespace, "-I", Self.first(of: principal), "-s", armour, "-f",
                file, time,
            ], input: signature.payload, timeoutMilliseconds: Self.patience, Self.operation)
        guard verified.status == 0 else { return .bad("ssh-keygen refuses it") }
        return .good(principals: principal.split(separator: ",").map(String.init), key: parsed.name)
    }

    private static func first(of principals: String) -> String {
        String(principals.prefix { $0 != "," })
    }

    /// `YYYYMMDDHHMMSSZ`, by the calendar algorithm of civil days.
    private static func timestamp(_ seconds: Int64) -> String {
        let days = Int(seconds / 86_400)
        let rest = Int(seconds % 86_400)
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let parts = [month, day, rest / 3_600, rest / 60 % 60, rest % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
        return "\(year)" + parts.joined() + "Z"
    }
}

extension SSHSignature {
    /// The key as its fingerprint is printed everywhere: `SHA256:...`.
    var name: String { SSHFingerprint.of(publicKey) }
}
