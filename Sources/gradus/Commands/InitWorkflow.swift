import ArgumentParser
import GitKit
import GitOpsBackend
import PromotionEngine
import WorkflowModel

struct InitWorkflow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workflow",
        abstract: "Look at the repository and write a workflow that fits it",
        discussion: """
            Example:
              gradus init workflow --dry-run

            Finds kustomizations, Argo CD Applications, Helm values and Flux HelmReleases that hold versions, in a folder
            or a branch for each environment. What cannot be told stands in a comment of the file. Nothing is committed.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(help: "The workflow's name; default: the repository's")
    var name: String?

    @Flag(help: "Print the workflow; write no file")
    var dryRun = false

    func run() throws {
        let settings = try Settings(global)
        let console = Console(settings)
        let location = try RepositoryLocation(
            settings.repo, branch: settings.branch, cache: settings.cache, access: try RemoteOptions.access(isQuiet: settings.quiet), warn: console.warn)
        let desired = GitDesiredState(location, warn: console.warn)
        let root = location.clone?.workTree
        let source: any OverlaySource = root.map { LocalTree($0, others: desired) } ?? desired
        try refuseExisting(source)
        let title = try name ?? Self.name(of: root ?? location.authority.name)
        let (proposal, undecided) = try Onboarding(source, branches: try desired.branches()).proposal(named: title)
        guard let proposal else {
            throw PromotionError(
                .usage, "no file of the repository holds a version that an environment's path or branch leads to",
                causes: Array(undecided.prefix(8)), hint: "write workflows/NAME.yaml by hand; see docs/onboarding.md")
        }
        guard let root, !dryRun else {
            console.show(document(proposal, written: false)) { proposal.text }
            return
        }
        let folder = root.hasSuffix("/") ? root : root + "/"
        try LocalFile.create(folder + proposal.path, Array(proposal.text.utf8))
        let schema = JSONSchema(root: WorkflowSchema.workflow, title: "Gradus workflow").json.prettyText + "\n"
        try LocalFile.write(folder + ".gradus/workflow.schema.json", Array(schema.utf8))
        console.show(document(proposal, written: true)) { text(proposal) }
    }

    private func refuseExisting(_ source: any OverlaySource) throws {
        let names = try source.tree(ofBranch: nil)?.entries(of: "workflows")?.map(\.name) ?? []
        let others: Set<String> = ["groups.yaml", "groups.yml", "calendar.yaml", "calendar.yml"]
        let present = names.filter { ($0.hasSuffix(".yaml") || $0.hasSuffix(".yml")) && !others.contains($0) }.sorted()
        guard let first = present.first, !dryRun else { return }
        throw PromotionError(
            .usage, "workflows/\(first) is there already",
            hint: "look at what `gradus init --dry-run` would write, and check yours with `gradus validate`")
    }

    /// The repository's own name, as far as a workflow's may be so.
    private static func name(of place: String) throws -> String {
        var last = place.split(separator: "/").last.map(String.init) ?? "workflow"
        if last.hasSuffix(".git") { last = String(last.dropLast(4)) }
        let kept = last.filter { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }
        guard let first = kept.first, first.isLetter || first.isNumber else { return "workflow" }
        return kept
    }

    private var next: [String] {
        [
            "git add workflows .gradus && git commit -m 'Add a Gradus workflow' && git push",
            "gradus validate", "gradus adopt --reason 'moving to Gradus'",
        ]
    }

    private func text(_ proposal: OnboardingProposal) -> String {
        let open = proposal.undecided.isEmpty ? [] : ["Not decided:"] + proposal.undecided.map { "  - \($0)" }
        return (["Wrote \(proposal.path): \(proposal.findings.joined(separator: "; "))."] + open
            + ["Read it, then:"] + next.map { "  \($0)" }).joined(separator: "\n")
    }

    private func document(_ proposal: OnboardingProposal, written: Bool) -> JSONValue {
        [
            "apiVersion": "gradus/v1", "kind": "Onboarding", "path": .string(proposal.path), "written": .bool(written),
            "text": .string(proposal.text), "services": .array(proposal.services.map(JSONValue.string)),
            "stages": .array(proposal.stages.map(JSONValue.string)),
            "findings": .array(proposal.findings.map(JSONValue.string)),
            "undecided": .array(proposal.undecided.map(JSONValue.string)),
            "next": .array(next.map(JSONValue.string)),
        ]
    }
}
