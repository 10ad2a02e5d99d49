import GitKit
import Glibc
import Probes
import PromotionEngine
import Web
import WorkflowModel
import YAMLEdit

/// The options with everything that stands behind them: flag, then environment, then the project's file (output only),
/// then the user's file (`design.md` section 7).
struct Settings {
    let repo: String
    let branch: String?
    let output: OutputFormat
    let color: Bool
    let quiet: Bool
    let verbose: Bool
    /// Every question is answered with yes.
    let yes: Bool
    /// As given; nil: found out from CI or Git.
    let actor: String?
    /// Folder for mirrors.
    let cache: String
    /// What health sources may do on this machine.
    let probes: ProbeAllowance
    /// Kind and address of the forge that the user's file names.
    let forge: (kind: String?, url: String?)
    /// The key and its form that the user's file names.
    private let signing: (key: String?, format: String?)

    init(_ options: GlobalOptions) throws {
        let user = try SettingsFile(at: Self.folder("XDG_CONFIG_HOME", ".config") + "/gradus/config.yaml", ConfigurationSchema.user)
        repo = options.repo ?? Self.variable("GRADUS_REPO") ?? user.values["repo"] ?? "."
        branch = options.branch ?? Self.variable("GRADUS_BRANCH")
        let project = try SettingsFile(at: Self.projectFile(repo), ConfigurationSchema.project)
        let named = Self.variable("GRADUS_OUTPUT") ?? project.values["output"] ?? user.values["output"]
        output = try options.output ?? named.map(Self.format) ?? .text
        let colorChoice = project.values["color"] ?? user.values["color"] ?? "auto"
        color = !options.noColor && Self.variable("NO_COLOR") == nil && Self.variable("TERM") != "dumb"
            && (colorChoice == "always" || Self.variable("FORCE_COLOR") != nil || colorChoice == "auto" && isatty(STDOUT_FILENO) == 1)
        quiet = options.quiet
        verbose = options.verbose
        yes = options.yes
        actor = options.actor ?? Self.variable("GRADUS_ACTOR") ?? user.values["actor"]
        forge = (user.values["forge"], user.values["forge_url"])
        signing = (user.values["signing_key"], user.values["signing_format"])
        cache = Self.folder("XDG_CACHE_HOME", ".cache") + "/gradus"
        do throws(WebError) {
            probes = try ProbeAllowance(
                environment: Self.environment, commands: user.values["allow_commands"] == "true",
                allowsPrivateAddresses: user.values["allow_private_addresses"] == "true")
        } catch {
            throw PromotionError(.usage, "the network settings of the environment: \(error)")
        }
        if let seconds = try Self.networkTimeout() { LibGit2.networkPatience = seconds * 1_000 }
    }

    /// Signs what is written; nil: nothing is signed.
    ///
    /// Found when it is needed: Git's configuration is asked for it, and libgit2's start costs milliseconds that commands without
    /// a repository need not spend.
    func signingKey() throws -> SigningKey? { try Signing.key(configured: signing.key, format: signing.format) }

    /// Seconds that a silent server is waited for; nil: as usual.
    static func networkTimeout() throws -> Int? {
        guard let text = variable("GRADUS_NETWORK_TIMEOUT") else { return nil }
        guard let span = TimeSpan(parsing: text), span.seconds > 0 else {
            throw PromotionError(.usage, "GRADUS_NETWORK_TIMEOUT is no duration: '\(text)'", hint: "write it as 30s or 2m")
        }
        return span.seconds
    }

    /// An environment variable that is set and not empty.
    static func variable(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }

    /// All variables of the process.
    static var environment: [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let pointer = entry.pointee {
            let text = String(cString: pointer)
            if let mark = text.firstIndex(of: "=") { variables[String(text[..<mark])] = String(text[text.index(after: mark)...]) }
            entry += 1
        }
        return variables
    }

    private static func folder(_ name: String, _ fallback: String) -> String {
        variable(name) ?? (variable("HOME") ?? "/") + "/" + fallback
    }

    private static func format(_ name: String) throws -> OutputFormat {
        guard let format = OutputFormat(rawValue: name) else {
            throw PromotionError(.usage, "'\(name)' is no form of output", hint: "use text, json or jsonl")
        }
        return format
    }

    /// Only a work tree has a project file; a URL or a missing folder has none.
    private static func projectFile(_ repo: String) -> String {
        var folder = repo
        for _ in 0..<64 {
            if access(folder + "/.git", F_OK) == 0 { return folder + "/.gradus/config.yaml" }
            folder += "/.."
        }
        return repo + "/.gradus/config.yaml"
    }
}

/// One configuration file.
private struct SettingsFile {
    let values: [String: String]

    /// An absent file is empty. Throws with the place of a key that the file may not set, and of a value that the key cannot have.
    ///
    /// What decides, such as `branch`, is passed over here: it is read from the target branch, never from a work tree.
    init(at path: String, _ schema: MapSchema) throws {
        guard access(path, F_OK) == 0 else {
            values = [:]
            return
        }
        do {
            let file = try YAMLFile(bytes: try LocalFile.read(path), path: path)
            var values: [String: String] = [:]
            for (key, value) in file.documents.first?.entries ?? [] {
                guard let name = key.scalarText, let known = schema.keys.first(where: { $0.name == name }), let text = value.scalarText
                else {
                    let fault = file.diagnostic(
                        .error, "`\(key.scalarText ?? "?")` is no setting of this file", at: key,
                        hint: "it may hold \(schema.keys.filter(\.isSupported).map(\.name).sorted().joined(separator: ", "))")
                    throw PromotionError(.usage, "\(path) is invalid", faults: [fault.description])
                }
                if case .choice(let names) = known.value, !names.contains(text) {
                    let fault = file.diagnostic(.error, "`\(name)` must be \(names.joined(separator: ", ")), not `\(text)`", at: value)
                    throw PromotionError(.usage, "\(path) is invalid", faults: [fault.description])
                }
                values[name] = text
            }
            self.values = values
        } catch let error as YAMLError {
            throw PromotionError(.usage, "\(path) is invalid", faults: error.diagnostics.map(\.description))
        }
    }
}
