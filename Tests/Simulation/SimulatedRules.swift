import PromotionEngine
import WorkflowModel

/// What is the same in every variant of the simulated world's rules.
enum SimulatedRules {
    static let services = ["alpha", "beta", "gamma"]
    static let stages = ["dev", "qa", "prod"]
    static let evidence = ["test_pass_rate", "security_scan"]
    static let workflow = "shop"
    static let path = "workflows/shop.yaml"
    static let soak = TimeSpan.minutes(4)
    static let verify = TimeSpan.minutes(1)
    /// The steps of prod.
    static let weights = ["10", "50", "100"]
    static let groups = ["platform": ["olga", "pavel", "rita"]]
    static let author = "ann"
    /// In no group that any approval is asked of.
    static let outsider = "otto"
    /// What author and outsider may not do; everybody else may do everything.
    static let forbidden: Set<Permission.Action> = [.rollback, .freeze, .yank, .adopt, .breakGlass]
    static let people = People(
        groups: groups,
        permissions: [
            Permission(actions: Set(Permission.Action.allCases), groups: ["platform", "robot", "ci", "agent"]),
            Permission(actions: Set(Permission.Action.allCases).subtracting(forbidden), groups: [author, outsider]),
        ])

    static func mayNot(_ person: String, _ action: Permission.Action) -> Bool {
        [author, outsider].contains(person) && forbidden.contains(action)
    }

    /// Every even version says that it contains the odd ones before it.
    static func release(_ service: String, _ version: String) -> Release {
        var contains: [String] = []
        if let patch = version.split(separator: ".").last.flatMap({ Int($0) }), patch.isMultiple(of: 2), patch > 0 {
            contains = stride(from: 1, to: patch, by: 2).map { "1.0.\($0)" }
        }
        return Release(service: service, version: version, workflow: workflow, authors: [author], contains: contains)
    }

    /// Two services share one file in every stage, one has its own.
    static func file(_ service: String, _ stage: String) -> String {
        "environments/\(stage)/\(service == "gamma" ? "gamma" : "shared")"
    }

    /// The field of the value that grows in prod.
    static func weight(_ service: String) -> String { "\(service).weight" }

    static let files: [String: String] = {
        var files: [String: [String]] = [:]
        for stage in stages { for service in services { files[file(service, stage), default: []].append("\(service)=0.0.1") } }
        for service in services { files[file(service, "prod"), default: []].append("\(weight(service))=100") }
        return files.mapValues { $0.joined(separator: "\n") }
    }()
}

/// A file of the simulated world: a line `service=version` for each service in it.
enum SimulatedFile {
    static func value(of service: String, in text: String?) -> String? {
        text?.split(separator: "\n").first { $0.hasPrefix(service + "=") }.map { String($0.dropFirst(service.count + 1)) }
    }

    static func setting(_ service: String, to version: String, in text: String) -> String {
        text.split(separator: "\n").map { $0.hasPrefix(service + "=") ? "\(service)=\(version)" : String($0) }
            .joined(separator: "\n")
    }
}
