import GitKit
import GitOpsBackend
import PromotionEngine
import WorkflowModel
import YAMLEdit

/// What `validate` found out about a set of rule files.
struct Validation {
    let rules: Rules
    let files: [RuleFile]
    let diagnostics: [Diagnostic]
    /// Every value that updates write; empty where no repository was looked at or the files are invalid.
    let fields: [ResolvedField]

    var errors: [Diagnostic] { diagnostics.filter { $0.severity == .error } }
    var isValid: Bool { errors.isEmpty }

    /// Files alone, without their repository.
    init(files: [RuleFile]) {
        let (rules, diagnostics) = RulesReader.read(files, isComplete: false, zones: ZoneFolder().names)
        self.init(rules: rules, files: files, diagnostics: diagnostics, fields: [])
    }

    /// Files with the repository whose files they edit.
    init(files: [RuleFile], in source: any OverlaySource) throws {
        let (rules, diagnostics) = RulesReader.read(files, trees: source, zones: ZoneFolder().names)
        // Updates of workflows that are themselves wrong would only repeat the fault.
        guard !diagnostics.contains(where: { $0.severity == .error }) else {
            self.init(rules: rules, files: files, diagnostics: diagnostics, fields: [])
            return
        }
        let found = try OverlayCheck(source, files: files).run(rules)
        self.init(rules: rules, files: files, diagnostics: diagnostics + found.diagnostics, fields: found.fields)
    }

    private init(rules: Rules, files: [RuleFile], diagnostics: [Diagnostic], fields: [ResolvedField]) {
        self.rules = rules
        self.files = files
        self.diagnostics = diagnostics
        self.fields = fields
    }

    /// The files and findings of the repository that the settings name: the work tree's where there is one.
    static func ofRepository(_ settings: Settings, _ console: Console) throws -> Validation {
        let location = try RepositoryLocation(
            settings.repo, branch: settings.branch, cache: settings.cache, access: try RemoteOptions.access(isQuiet: settings.quiet), warn: console.warn)
        let desired = GitDesiredState(location, warn: console.warn)
        guard let root = location.clone?.workTree, LocalFile.exists(root + "/workflows") else {
            return try Validation(files: try desired.ruleFiles(), in: desired)
        }
        return try Validation(files: try ruleFiles(inWorkTree: root), in: LocalTree(root, others: desired))
    }

    private static func ruleFiles(inWorkTree root: String) throws -> [RuleFile] {
        let folder = root.hasSuffix("/") ? root : root + "/"
        return try LocalFile.yamlFiles(folder + "workflows").map {
            RuleFile(path: String($0.dropFirst(folder.count)), bytes: try LocalFile.read($0), blobID: "")
        }
    }

    /// The files of `workflows/tests/`, from where the rules come from. Empty without that folder.
    static func testFiles(_ settings: Settings, _ console: Console) throws -> [RuleFile] {
        let location = try RepositoryLocation(
            settings.repo, branch: settings.branch, cache: settings.cache, warn: console.warn)
        let desired = GitDesiredState(location, warn: console.warn)
        let folder = "workflows/\(PolicyTests.folder)"
        let root = location.clone?.workTree
        if let root, LocalFile.exists(root + "/workflows") {
            let place = (root.hasSuffix("/") ? root : root + "/") + folder
            guard LocalFile.exists(place) else { return [] }
            return try LocalFile.yamlFiles(place).map {
                RuleFile(path: folder + $0.dropFirst(place.count), bytes: try LocalFile.read($0), blobID: "")
            }
        }
        let entries = try desired.tree(ofBranch: nil)?.entries(of: folder) ?? []
        return try entries.filter { !$0.isFolder && ($0.name.hasSuffix(".yaml") || $0.name.hasSuffix(".yml")) }.compactMap { entry in
            try desired.bytes(of: "\(folder)/\(entry.name)", onBranch: nil).map {
                RuleFile(path: "\(folder)/\(entry.name)", bytes: $0, blobID: "")
            }
        }
    }

    /// The rules as they stand on disk. Throws a usage error with the faults when they are invalid.
    static func rules(ofWorkTree root: String, _ source: any OverlaySource) throws -> Rules {
        let (rules, diagnostics) = RulesReader.read(try ruleFiles(inWorkTree: root), trees: source)
        let errors = diagnostics.filter { $0.severity == .error }
        guard errors.isEmpty else {
            throw PromotionError(
                .usage, "the workflow files hold \(Counted.of(errors.count, "error"))", hint: "mend them and run `gradus validate`",
                faults: errors.map(\.description))
        }
        return rules
    }
}
