import ArgumentParser
import PromotionEngine
import WorkflowModel
import YAMLEdit

struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Check workflow files, and that every update finds its file and field",
        discussion: """
            Examples:
              gradus validate
              gradus validate workflows/storefront.yaml
              gradus validate --resolved
              gradus validate --tests
              gradus validate --format sarif > gradus.sarif

            With paths, only those files or folders are read and no repository is needed. Without, the work tree's
            files are checked, or those at the tip of the target branch where there is no work tree.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: "Workflow files, or folders with them")
    var paths: [String] = []

    @Flag(help: "Show for every service and stage which files and values a promotion edits")
    var resolved = false

    @Option(help: "Print findings for a CI instead: sarif or junit")
    var format: ReportFormat?

    @Flag(help: "Run the tests of workflows/tests/ too; with paths, the files named are rules and tests beside each other")
    var tests = false

    func run() throws {
        let settings = try Settings(global)
        let console = Console(settings)
        let validation = try paths.isEmpty ? Validation.ofRepository(settings, console) : ofPaths()
        switch format {
        case .sarif: Console.write(SARIFReport(diagnostics: validation.diagnostics).json.prettyText + "\n", to: 1)
        case .junit: Console.write(JUnitReport(validation).text, to: 1)
        case nil: show(validation, console)
        }
        guard validation.isValid else {
            Console.status("Error: \(Counted.of(validation.errors.count, "fault")) found")
            throw Finished(code: 2)
        }
        if tests { try PolicyTests(validation.rules, try testFiles(settings, console)).run(console) }
    }

    /// Those of the repository's work tree or target branch; those in `tests/` beside rule files that were named.
    private func testFiles(_ settings: Settings, _ console: Console) throws -> [RuleFile] {
        if paths.isEmpty { return try Validation.testFiles(settings, console) }
        return try paths.flatMap { try LocalFile.yamlFiles(PolicyTests.folder(beside: $0)) }.reduce(into: [RuleFile]()) { files, path in
            if !files.contains(where: { $0.path == path }) {
                files.append(RuleFile(path: path, bytes: try LocalFile.read(path), blobID: ""))
            }
        }
    }

    private func ofPaths() throws -> Validation {
        Validation(
            files: try paths.flatMap(LocalFile.yamlFiles).map {
                RuleFile(path: $0, bytes: try LocalFile.read($0), blobID: "")
            })
    }

    private func show(_ validation: Validation, _ console: Console) {
        let edges = validation.isValid ? validation.rules.workflows.flatMap(EdgeText.edges) : []
        let skipped = validation.rules.workflows.flatMap(\.skipped)
        // With tests their results are the document.
        if !tests || !validation.isValid || console.format == .text { show(validation, edges, skipped, console) }
        guard console.format == .text || validation.isValid else { return }
        for diagnostic in validation.diagnostics { Console.status(diagnostic.description) }
    }

    private func show(_ validation: Validation, _ edges: [EdgeText], _ skipped: [SkippedMatch], _ console: Console) {
        console.show(document(validation, edges, skipped)) {
            guard validation.isValid else { return "" }
            let view = resolved ? ResolvedText(validation).text : summary(validation, edges)
            let left = skipped.map { "Skipped \($0.path): \($0.reason)" }
            return ([view] + left).joined(separator: "\n")
        }
    }

    private func summary(_ validation: Validation, _ edges: [EdgeText]) -> String {
        let workflows = validation.rules.workflows.map { workflow in
            "\(workflow.path): workflow '\(workflow.name)', \(Counted.of(workflow.services.count, "service")), \(Counted.of(workflow.stages.count, "stage"))"
        }
        return (workflows + edges.map { "  \($0.text)" }).joined(separator: "\n")
    }

    private func document(_ validation: Validation, _ edges: [EdgeText], _ skipped: [SkippedMatch]) -> JSONValue {
        var members: [String: JSONValue] = [
            "apiVersion": "gradus/v1", "kind": "Validation", "valid": .bool(validation.isValid),
            "diagnostics": .array(validation.diagnostics.map(Self.json)),
            "edges": .array(edges.map(\.json)),
            "skipped": .array(skipped.map { ["path": .string($0.path), "reason": .string($0.reason)] }),
        ]
        if resolved, validation.isValid { members["resolved"] = ResolvedText(validation).json }
        return .object(members)
    }

    private static func json(_ diagnostic: Diagnostic) -> JSONValue {
        [
            "severity": .string(diagnostic.severity.rawValue), "message": .string(diagnostic.message),
            "path": .string(diagnostic.path), "line": diagnostic.position.map { .int($0.line) } ?? .null,
            "column": diagnostic.position.map { .int($0.column) } ?? .null, "hint": .optional(diagnostic.hint),
            "text": .string(diagnostic.description),
        ]
    }
}

/// Forms of findings that a CI reads.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
    case sarif, junit
}
