import ArgumentParser
import GitKit
import GitOpsBackend
import PromotionEngine

/// Which keys the ledger's commits must be signed with.
struct SignatureOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Also verify the signature of every record and deploy commit by the keys in FILE: lines of ssh-keygen's allowed "
                + "signers, armoured OpenPGP public keys, or both (can be repeated)", valueName: "file"))
    var signers: [String] = []

    @Option(help: ArgumentHelp("With --signers: records before this one may be unsigned", valueName: "seq"))
    var signedFrom: Int?

    func validate() throws {
        guard signedFrom == nil || !signers.isEmpty else { throw ValidationError("--signed-from needs --signers FILE") }
    }

    /// Nil when no signatures are asked for.
    func report(_ authority: any Authority) throws -> SignatureReport? {
        guard !signers.isEmpty else { return nil }
        let keyring = try SigningPrograms.keyring()
        for file in signers {
            do {
                try keyring.add(signersFile: String(decoding: try LocalFile.read(file), as: UTF8.self), path: file)
            } catch let error as GitError {
                throw PromotionError(.usage, "\(file) cannot be read", causes: [error.description])
            }
        }
        guard !keyring.isEmpty else {
            throw PromotionError(
                .usage, "\(signers.joined(separator: ", ")) lists no key",
                hint: "write lines such as `olga@example.com ssh-ed25519 AAAA...`")
        }
        return try SignatureAudit(authority, keyring: keyring, from: signedFrom ?? 1).verify()
    }

    static func text(_ report: SignatureReport, _ style: Style) -> String {
        if let fault = report.fault { return "\(style.red("✗")) \(fault)" }
        let by = report.signers.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value))" }.joined(separator: ", ")
        return "\(style.green("✓")) \(Counted.of(report.records, "record")) and \(Counted.of(report.deployCommits, "deploy commit")) "
            + "are signed: \(by.isEmpty ? "none" : by)."
    }
}
