import Forges
import PromotionEngine
import Web

/// The forge of a remote, by the environment and the user's configuration; nothing of it comes from the promoted repository.
enum ForgeOptions {
    /// Nil when no forge is known for the remote, or none is wanted.
    ///
    /// - Parameters:
    ///   - remote: the URL or path that the ledger or an environment is kept at.
    ///   - named: the remote that the operator named, where rules named this one.
    ///
    /// Throws for settings that make no sense, and for a file of a token that cannot be read.
    static func forge(for remote: String, named: String? = nil, _ settings: Settings) throws -> (any ForgePort)? {
        do {
            var configuration = try ForgeConfiguration(
                environment: Settings.environment, kind: settings.forge.kind, url: settings.forge.url)
            // The same server as Git's, so the same trust.
            configuration.web.certificateFile = try RemoteOptions.certificateFile()
            if let seconds = try Settings.networkTimeout() { configuration.timeout = Double(seconds) }
            return try Forges.forge(for: remote, named: named, configuration)
        } catch let error as WebError {
            throw PromotionError(.usage, "the settings of the forge: \(error)")
        }
    }
}
