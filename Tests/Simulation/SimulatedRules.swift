import PromotionEngine
import WorkflowModel

/// The workflow of the simulated world, in three variants of its rules.
enum SimulatedRules {
    static let services = ["alpha", "beta", "gamma"]
    static let stages = ["dev", "qa", "prod"]
    static let evidence = ["test_pass_rate", "security_scan"]
    static let workflow = "shop"
    static let soak = TimeSpan.minutes(4)
    static let verify = TimeSpan.minutes(1)
    /// The steps of prod.
    static let weights = ["10", "50", "100"]
    static let groups = ["platform": ["olga", "pavel", "rita"]]
    static let author = "ann"
    /// What the author may not do; everybody else may do everything.
    static let forbiddenToAuthors: Set<Permission.Action> = [.rollback, .freeze, .yank, .adopt]
    static let people = People(
        groups: groups,
        permissions: [
            Permission(actions: Set(Permission.Action.allCases), groups: ["platform", "robot", "ci", "agent"]),
            Permission(actions: Set(Permission.Action.allCases).subtracting(forbiddenToAuthors), groups: [author]),
        ])

    static func threshold(_ variant: Int) -> Int { variant == 1 ? 99 : 90 }
    static func approvals(_ variant: Int) -> Int { variant == 2 ? 2 : 1 }

    static func rules(_ variant: Int) -> Rules {
        let update = Update(file: "f", kind: .yaml(set: [.init(key: "version", value: "{version}")]))
        let dev = Stage(
            name: "dev", autoPromote: true,
            exitCriteria: [
                Criterion(key: "test_pass_rate", kind: .number(.atLeast, threshold: String(threshold(variant))))
            ], updates: [update])
        let qa = Stage(
            name: "qa", stageClass: .test, autoPromote: true, after: ["dev"],
            exitCriteria: [Criterion(key: "soak_duration", kind: .soak(soak))], updates: [update],
            health: HealthPolicy(verifyFor: verify))
        let prod = Stage(
            name: "prod", stageClass: .production, after: ["qa"],
            entryCriteria: [Criterion(key: "security_scan", kind: .text("pass"))],
            approvals: [ApprovalRule(minimum: approvals(variant), from: ["platform"])], updates: [update],
            health: HealthPolicy(verifyFor: verify),
            rollout: RolloutPlan(steps: .values(file: "f", path: "weight", weights), pause: .minutes(1)))
        let workflow = Workflow(
            name: workflow, path: "workflows/shop.yaml",
            services: services.map { Service(name: $0, owner: "platform") }, stages: [dev, qa, prod])
        return Rules(
            workflows: [workflow], people: people, sources: ["workflows/shop.yaml": "blob-\(variant)"])
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
