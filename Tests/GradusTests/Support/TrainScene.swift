import PromotionEngine
import TestSupport
import Testing

/// Services with a workflow each and two stages, of which the first holds a release of each.
struct TrainScene {
    let site: Site
    let services: [String]

    /// - Parameters:
    ///   - rules: lines that the stage prod of a service has besides its updates.
    ///   - isShared: all services have their versions in one file of each stage.
    ///   - staged: the services that a release has been promoted to staging of; nil: all.
    init(
        _ place: Place = .bare, services: [String] = ["api", "db", "web"], rules: [String: [String]] = [:], isShared: Bool = false,
        staged: [String]? = nil, more: [String: String] = [:]
    ) throws {
        self.services = services
        var files = more
        for service in services { files["workflows/\(service).yaml"] = Self.workflow(service, rules[service] ?? [], isShared) }
        // The standard workflow gives way to those.
        files["workflows/storefront.yaml"] = files.removeValue(forKey: "workflows/\(services[0]).yaml")
        if isShared {
            for stage in ["staging", "prod"] {
                files[Self.sharedPath(stage)] = "# versions of \(stage)\n" + services.map { "\($0): {tag: \"1.0.0\"}  # \($0)\n" }.joined()
            }
        }
        site = try Site(place, Storefront(services: services, more: files))
        for service in staged ?? services { try stage("2.0.0", of: service) }
    }

    static func sharedPath(_ stage: String) -> String { "environments/\(stage)/versions.yaml" }

    private static func workflow(_ service: String, _ rules: [String], _ isShared: Bool) -> String {
        func update(_ stage: String) -> [String] {
            isShared
                ? ["- yaml: \(sharedPath(stage))", "  set: {\"{service}.tag\": \"{version}\"}"]
                : ["- kustomization: environments/\(stage)/{service}/kustomization.yaml", "  image: registry.example/{service}"]
        }
        let lines =
            ["apiVersion: gradus/v1", "workflow: \(service)", "services: [\(service)]", "stages:"]
            + ["  - name: staging", "    auto_promote: false", "    updates:"] + update("staging").map { "      " + $0 }
            + ["    next_stage: prod", "  - name: prod", "    auto_promote: false", "    updates:"] + update("prod").map { "      " + $0 }
            + rules.map { "    " + $0 }
        return lines.joined(separator: "\n") + "\n"
    }

    static func dependsOn(_ service: String, _ range: String = ">=2.0.0") -> String {
        "entry_criteria: [{depends_on: [{service: \(service), version: \"\(range)\"}]}]"
    }

    static let approval = ["approval_required: true", "approvers: [platform-team]"]

    func stage(_ version: String, of service: String) throws {
        try site("release create \(service) \(version)")
        try site("promote \(service) --to staging --version \(version)")
    }

    static let edge = "--from staging --to prod"

    @discardableResult
    func run(_ more: String = "", exits code: Int32 = 0, as actor: String = "rita") throws -> JSONValue {
        try site.json("train run \(Self.edge)\(more.isEmpty ? "" : " " + more)", exits: code, as: actor)
    }

    /// The commits on the target branch that came after `count` others.
    func commits(after count: Int) throws -> [String] { Array(try site.deployments().dropFirst(count)) }

    func trailers(_ name: String, of commit: String) throws -> [String] {
        try site.git.message(of: commit, in: site.authority).split(separator: "\n")
            .filter { $0.hasPrefix(name + ": ") }.map { String($0.dropFirst(name.count + 2)) }
    }

    /// The tags in prod, in the order of the services.
    func tags() throws -> [String] { try services.map { try site.tag($0, "prod") } }
}

extension JSONValue {
    /// The member of a train's document.
    func member(_ service: String) -> JSONValue? { self["members"]?.items.first { $0.text("service") == service } }

    func skip(_ service: String) -> String? { member(service)?.text("skip_reason") }
}
