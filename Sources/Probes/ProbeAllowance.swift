public import Web

/// What the operator of this machine allows probes to do. Never read from a promoted repository (`design.md` section 8).
public struct ProbeAllowance: Sendable {
    /// Programs may be run.
    public var commands: Bool
    /// Where tokens are looked for.
    public var environment: [String: String]
    public var web: WebConfiguration

    public init(commands: Bool = false, environment: [String: String] = [:], web: WebConfiguration = WebConfiguration()) {
        self.commands = commands
        self.environment = environment
        self.web = web
    }

    /// From `GRADUS_ALLOW_COMMANDS=1`, `GRADUS_ALLOW_PRIVATE_ADDRESSES=1` and the variables of proxies and certificates.
    ///
    /// - Parameters:
    ///   - commands: what the user's or the system's own configuration says; the variable adds to it.
    public init(
        environment: [String: String], commands: Bool = false, allowsPrivateAddresses: Bool = false
    ) throws(WebError) {
        self.init(
            commands: commands || environment["GRADUS_ALLOW_COMMANDS"] == "1", environment: environment,
            web: try WebConfiguration(environment: environment, allowsPrivateAddresses: allowsPrivateAddresses))
    }

    /// The token of an environment variable; nil for no name. Throws when the variable is not set.
    func token(_ name: String?) throws -> Credentials? {
        guard let name else { return nil }
        return .bearer(try Secret.environment(name, in: environment))
    }
}
