import GitKit
import GitOpsBackend
import PromotionEngine

/// The key that signs records and deploy commits: of the environment or the user, never of a repository.
enum Signing {
    /// Nil where nothing asks for signatures.
    ///
    /// `GRADUS_SIGNING_KEY`, else `signing_key` of the user's file, else what `git commit` would sign with:
    /// `user.signingkey` where `commit.gpgsign` is on. `none` switches it off.
    static func key(configured: String?, format: String?) throws -> SigningKey? {
        let own = Settings.variable("GRADUS_SIGNING_KEY") ?? configured
        if own == "none" { return nil }
        guard let key = try own ?? gitKey() else { return nil }
        let named = try Settings.variable("GRADUS_SIGNING_FORMAT") ?? (own == nil ? nil : format) ?? gitFormat(of: key)
        guard let format = SigningKey.Format(rawValue: named) else {
            throw PromotionError(
                .usage, "'\(named)' is no form of signature",
                hint: "GRADUS_SIGNING_FORMAT, `signing_format` and git's gpg.format may be ssh or openpgp")
        }
        let program = try format == .ssh ? SigningPrograms.ssh() : SigningPrograms.gpg()
        return SigningKey(format: format, key: expanded(key), program: program)
    }

    private static func gitKey() throws -> String? {
        guard try UserConfiguration.bool("commit.gpgsign") == true else { return nil }
        guard let key = try UserConfiguration.string("user.signingkey") else {
            throw PromotionError(
                .usage, "git's commit.gpgsign is on, but user.signingkey names no key",
                hint: "`git config --global user.signingkey KEY`, or GRADUS_SIGNING_KEY=none to sign nothing")
        }
        return key
    }

    /// What the key looks like decides, then git's configuration.
    private static func gitFormat(of key: String) throws -> String {
        let isSSH = ["key::", "ssh-", "ecdsa-", "sk-"].contains { key.hasPrefix($0) } || key.contains("/")
            || LocalFile.exists(key)
        if isSSH { return SigningKey.Format.ssh.rawValue }
        return try UserConfiguration.string("gpg.format") ?? SigningKey.Format.openpgp.rawValue
    }

    private static func expanded(_ key: String) -> String {
        guard key.hasPrefix("~/"), let home = Settings.variable("HOME") else { return key }
        return home + key.dropFirst()
    }
}
