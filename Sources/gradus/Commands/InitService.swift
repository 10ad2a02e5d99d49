import ArgumentParser
import GitKit
import GitOpsBackend
import PromotionEngine
import WorkflowModel

struct InitService: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "service",
        abstract: "Add a service to all environments, from the files of templates/",
        discussion: """
            Example:
              gradus init service payments --owner payments-team --version 0.1.0

            Renders templates/application.yaml, templates/kustomization.yaml and so on for every file that an update of
            the workflow needs and that is not there, and names the service in the workflow. Nothing is committed.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The service", completion: LiveNames.services)
    var service: String

    @Option(help: "The workflow; needed where there are several")
    var workflow: String?

    @Option(help: "The group or person who owns the service")
    var owner: String?

    @Option(help: "The version that stands in the files until the first promotion")
    var version = "0.0.0"

    @Option(help: ArgumentHelp("A variable of the service (can be repeated)", valueName: "name=value"))
    var `var`: [String] = []

    @Option(help: ArgumentHelp("A parameter for the template's list (can be repeated)", valueName: "name=value"))
    var param: [String] = []

    @Option(help: ArgumentHelp("A name that the template uses (can be repeated)", valueName: "name=value"))
    var set: [String] = []

    @Flag(help: "Show the files; write none")
    var dryRun = false

    func run() throws {
        let settings = try Settings(global)
        let console = Console(settings)
        let location = try RepositoryLocation(
            settings.repo, branch: settings.branch, cache: settings.cache, access: try RemoteOptions.access(isQuiet: settings.quiet), warn: console.warn)
        guard let root = location.clone?.workTree else {
            throw PromotionError(.usage, "a service is added in a work tree", hint: "clone the repository and run it there")
        }
        let source = LocalTree(root, others: GitDesiredState(location, warn: console.warn))
        let target = try target(try Validation.rules(ofWorkTree: root, source))
        if let fault = NameRule.fault(inServiceName: service) { throw PromotionError(.usage, fault) }
        let described = Service(name: service, owner: owner, vars: try Assignments.parse(self.var, what: "--var"))
        let request = ServiceAddition.Request(
            service: target.service(service) ?? described, version: version,
            parameters: try Assignments.parse(param, what: "--param"),
            set: try Assignments.parse(set, what: "--set"))
        let addition = try ServiceAddition(request, to: target, in: source)
        if !dryRun {
            let folder = root.hasSuffix("/") ? root : root + "/"
            for (path, bytes) in addition.files.sorted(by: { $0.key < $1.key }) { try LocalFile.write(folder + path, bytes) }
        }
        show(addition, console)
    }

    private func target(_ rules: Rules) throws -> Workflow {
        let names = rules.workflows.map(\.name)
        if let workflow {
            guard let found = rules.workflows.first(where: { $0.name == workflow }) else {
                throw PromotionError(.usage, "there is no workflow '\(workflow)'", hint: "workflows: \(names.joined(separator: ", "))")
            }
            return found
        }
        if let owning = rules.workflows.first(where: { $0.services.contains { $0.name == service } }) { return owning }
        guard rules.workflows.count == 1, let only = rules.workflows.first else {
            throw PromotionError(
                .usage, "there are \(names.count) workflows", hint: "say which with --workflow: \(names.joined(separator: ", "))")
        }
        return only
    }

    private func show(_ addition: ServiceAddition, _ console: Console) {
        let paths = addition.files.keys.sorted()
        console.show(
            [
                "apiVersion": "gradus/v1", "kind": "ServiceAddition", "service": .string(service), "written": .bool(!dryRun),
                "files": .array(
                    paths.map { path in
                        ["path": .string(path), "text": .string(String(decoding: addition.files[path] ?? [], as: UTF8.self))]
                    }),
                "missing": .array(addition.missing.map(JSONValue.string)),
            ]
        ) {
            var lines = paths.isEmpty ? ["\(service) is in all environments already."] : paths.map { (dryRun ? "Would write " : "Wrote ") + $0 }
            if !addition.missing.isEmpty { lines += ["Still to be written by hand:"] + addition.missing.map { "  \($0)" } }
            if !paths.isEmpty { lines += ["Read them, commit and push them, then:", "  gradus validate"] }
            return lines.joined(separator: "\n")
        }
    }
}
