import ArgumentParser
import GitKit
import GitOpsBackend
import PromotionEngine
import WorkflowModel
import YAMLEdit

struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Check workflow files, and that every update finds its file and field",
        discussion: """
            With paths, only those files or folders are read and no repository is needed. Without, the work tree's
            files are checked, or those at the tip of the target branch where there is no work tree.

            Examples:
              gradus validate
              gradus validate workflows/storefront.yaml
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: "Workflow files, or folders with them")
    var paths: [String] = []

    func run() throws {
        let settings = try Settings(global)
        let console = Console(settings)
        let (rules, diagnostics, faults) = try paths.isEmpty ? checkRepository(settings) : checkPaths()
        let isValid = faults.isEmpty && !diagnostics.contains { $0.severity == .error }
        let edges = isValid ? rules.workflows.flatMap(EdgeText.edges) : []
        console.show(document(isValid, diagnostics, faults, edges)) {
            let workflows = rules.workflows.map { workflow in
                "\(workflow.path): workflow '\(workflow.name)', \(Counted.of(workflow.services.count, "service")), \(Counted.of(workflow.stages.count, "stage"))"
            }
            return isValid ? (workflows + edges.map { "  \($0.text)" }).joined(separator: "\n") : ""
        }
        if console.format == .text || isValid {
            for text in diagnostics.map(\.description) + faults { Console.status(text) }
        }
        guard isValid else {
            let count = faults.count + diagnostics.count { $0.severity == .error }
            Console.status("Error: \(Counted.of(count, "fault")) found")
            throw Finished(code: 2)
        }
    }

    private typealias Findings = (rules: Rules, diagnostics: [Diagnostic], faults: [String])

    private func checkPaths() throws -> Findings {
        let files = try paths.flatMap(LocalFile.yamlFiles).map {
            RuleFile(path: $0, bytes: try LocalFile.read($0), blobID: "")
        }
        let (rules, diagnostics) = RulesReader.read(files, isComplete: false)
        return (rules, diagnostics, [])
    }

    private func checkRepository(_ settings: Settings) throws -> Findings {
        let console = Console(settings)
        let location = try RepositoryLocation(
            settings.repo, branch: settings.branch, cache: settings.cache, warn: console.warn)
        if let folder = location.clone?.workTree, LocalFile.exists(folder + "/workflows") {
            return try checkWorkTree(folder)
        }
        let desired = GitDesiredState(location, warn: console.warn)
        return try findings(try desired.ruleFiles(), OverlayCheck(read: desired.file))
    }

    private func checkWorkTree(_ root: String) throws -> Findings {
        let folder = root.hasSuffix("/") ? root : root + "/"
        let files = try LocalFile.yamlFiles(folder + "workflows").map {
            RuleFile(path: String($0.dropFirst(folder.count)), bytes: try LocalFile.read($0), blobID: "")
        }
        return try findings(
            files, OverlayCheck { LocalFile.exists(folder + $0) ? try LocalFile.read(folder + $0) : nil })
    }

    private func findings(_ files: [RuleFile], _ check: OverlayCheck) throws -> Findings {
        let (rules, diagnostics) = RulesReader.read(files)
        // Updates of workflows that are themselves wrong would only repeat the fault.
        let isReadable = !diagnostics.contains { $0.severity == .error }
        return (rules, diagnostics, isReadable ? try check.faults(in: rules) : [])
    }

    private func document(
        _ isValid: Bool, _ diagnostics: [Diagnostic], _ faults: [String], _ edges: [EdgeText]
    ) -> JSONValue {
        [
            "apiVersion": "gradus/v1", "kind": "Validation", "valid": .bool(isValid),
            "diagnostics": .array(
                diagnostics.map { diagnostic in
                    [
                        "severity": .string(diagnostic.severity.rawValue), "message": .string(diagnostic.message),
                        "path": .string(diagnostic.path), "line": diagnostic.position.map { .int($0.line) } ?? .null,
                        "column": diagnostic.position.map { .int($0.column) } ?? .null,
                        "hint": .optional(diagnostic.hint),
                    ]
                }),
            "faults": .array(faults.map(JSONValue.string)), "edges": .array(edges.map(\.json)),
        ]
    }
}

/// One edge of a workflow in words: automatic or manual, approvals, criteria.
struct EdgeText {
    let workflow: String
    let from: [String]
    let stage: Stage
    let criteria: [String]

    static func edges(of workflow: Workflow) -> [EdgeText] {
        workflow.stages.map { stage in
            let upstream = workflow.upstream(of: stage)
            let exits = upstream.flatMap { before in before.exitCriteria.map { "\(before.name).exit.\($0.key) \($0.threshold)" } }
            let entries = stage.entryCriteria.map { "\(stage.name).entry.\($0.key) \($0.threshold)" }
            return EdgeText(workflow: workflow.name, from: upstream.map(\.name), stage: stage, criteria: exits + entries)
        }
    }

    var text: String {
        let start = from.isEmpty ? "(release)" : from.joined(separator: " + ")
        let mode = stage.autoPromote ? "automatic" : "manual"
        let approvals = stage.approvals.isEmpty ? "no approval" : "approval by " + stage.approvals.map(\.summary).joined(separator: " AND ")
        let gates = criteria.isEmpty ? "no criteria" : criteria.joined(separator: ", ")
        return "\(start) -> \(stage.name): \(mode); \(approvals); \(gates)"
    }

    var json: JSONValue {
        [
            "workflow": .string(workflow), "from": .array(from.map(JSONValue.string)), "to": .string(stage.name),
            "automatic": .bool(stage.autoPromote), "approvals": .array(stage.approvals.map { .string($0.summary) }),
            "criteria": .array(criteria.map(JSONValue.string)),
        ]
    }
}
