import GitKit
import Manifests
import PromotionEngine
public import WorkflowModel
public import YAMLEdit

/// Where the checks of updates read the files that are to be edited.
public protocol OverlaySource: TreeSource {
    /// The bytes of a file on a branch, on the target branch for nil; nil when there is none.
    func bytes(of path: String, onBranch branch: String?) throws -> [UInt8]?
}

/// One value that an update writes, as it stands now.
public struct ResolvedField: Sendable, Hashable {
    public let service: String
    public let stage: String
    /// Nil: the target branch.
    public let branch: String?
    public let file: String
    /// The canonical path inside the file.
    public let field: String
    public let value: String?
}

/// Checks that every declared update finds its file and field, and that no two write one value, before any promotion does.
public struct OverlayCheck {
    private let source: any OverlaySource
    private let lines: SourceLines

    /// - Parameter files: the workflow files that the rules were read from, to show the places of faults.
    public init(_ source: any OverlaySource, files: [RuleFile]) {
        self.source = source
        lines = SourceLines(files)
    }

    /// The faults, each at its update in the workflow file, and every value that updates write.
    ///
    /// Throws only when the repository itself cannot be read.
    public func run(_ rules: Rules) throws -> (diagnostics: [Diagnostic], fields: [ResolvedField]) {
        var pass = OverlayPass(source: source, lines: lines)
        try pass.checkMessageTemplate()
        for workflow in rules.workflows {
            for stage in workflow.stages { try pass.checkBranch(of: stage, workflow) }
            for service in workflow.services {
                for stage in workflow.stages where !pass.isMissing(stage.branch) { try pass.check(workflow, service, stage) }
            }
        }
        return (pass.finished(), pass.fields)
    }
}

/// One walk over all cells.
private struct OverlayPass {
    let source: any OverlaySource
    let lines: SourceLines
    var diagnostics: [Diagnostic] = []
    var fields: [ResolvedField] = []
    private var files: [Place: Result<ManifestFile, ManifestError>?] = [:]
    private var missingBranches: Set<String> = []
    private var writers: [Value: Writer] = [:]
    /// One fault of one update is told once, however many services and stages show it.
    private var told: Set<String> = []
    /// The cells that show a fault of an update, and where its diagnostic stands.
    private var repeated: [String: [String]] = [:]
    private var positions: [String: Int] = [:]

    init(source: any OverlaySource, lines: SourceLines) {
        self.source = source
        self.lines = lines
    }

    private struct Place: Hashable {
        var branch: String?
        var file: String
    }

    private struct Value: Hashable {
        var place: Place
        var field: String
    }

    private struct Writer {
        var service: String
        var stage: String
        var update: Update
        var path: String
    }

    mutating func checkMessageTemplate() throws {
        let path = DeployMessage.templatePath
        guard let bytes = try source.bytes(of: path, onBranch: nil) else { return }
        do {
            _ = try DeployMessage(template: String(decoding: bytes, as: UTF8.self))
        } catch let error as PromotionError {
            diagnostics.append(Diagnostic(message: error.message, hint: error.faults.first ?? error.hint, path: path))
        }
    }

    func isMissing(_ branch: String?) -> Bool { branch.map(missingBranches.contains) ?? false }

    mutating func checkBranch(of stage: Stage, _ workflow: Workflow) throws {
        guard let branch = stage.branch, try source.tree(ofBranch: branch) == nil else { return }
        missingBranches.insert(branch)
        tell(
            workflow.path, stage.location, "the environment of stage `\(stage.name)` is on branch `\(branch)`, which does not exist",
            hint: "make the branch, or mend `environment:`")
    }

    mutating func check(_ workflow: Workflow, _ service: Service, _ stage: Stage) throws {
        let release = Release(service: service.name, version: "0", workflow: workflow.name)
        let intent = EditIntent(workflow: workflow, service: service, stage: stage, release: release)
        for case (let update, .template(let template, _, _)) in intent.updates.map({ ($0, $0.kind) }) {
            try checkTemplate(template, Writer(service: service.name, stage: stage.name, update: update, path: workflow.path))
        }
        for case (let update, .copy(let from)) in intent.updates.map({ ($0, $0.kind) }) where !update.copiesByRelease {
            let path = try UpdateResolution(intent: intent, strictness: .reading).filled(from)
            let isThere = try source.tree(ofBranch: stage.branch)?.holds(RepositoryPath.normalized(path), orFolder: true) ?? false
            guard !isThere else { continue }
            let cell = Writer(service: service.name, stage: stage.name, update: update, path: workflow.path)
            try tellMissing(Place(branch: stage.branch, file: path), cell)
        }
        for update in intent.updates where !update.namesFileByRelease && !update.makesFile {
            let resolution = UpdateResolution(intent: intent.keeping(update), strictness: .reading)
            for resolved in try resolution.resolved() {
                let place = Place(branch: stage.branch, file: resolved.file)
                let cell = Writer(service: service.name, stage: stage.name, update: update, path: workflow.path)
                guard let loaded = try load(place) else {
                    try tellMissing(place, cell)
                    continue
                }
                do {
                    let file = try loaded.get()
                    for (edit, _) in resolved.updates {
                        for change in try file.read(edit) { add(change, at: place, cell) }
                        try file.checkWritable(edit)
                    }
                } catch {
                    tell(error, place, cell)
                    continue
                }
                for (edit, _) in resolved.updates { try checkOverrides(of: edit, in: loaded, place, cell) }
            }
        }
    }

    /// An edit that a file beside the application's manifests makes void is a fault of the update.
    private mutating func checkOverrides(
        of edit: ManifestUpdate, in file: Result<ManifestFile, ManifestError>, _ place: Place, _ cell: Writer
    ) throws {
        let found = file.flatMap { file in
            Result { () throws(ManifestError) in try SourceOverride(of: edit, in: file) }
        }
        guard case .success(let overrides?) = found else { return }
        for path in overrides.paths {
            let beside = Place(branch: place.branch, file: path)
            switch try load(beside) {
            case .success(let override)?:
                if let fault = overrides.fault(by: override) { tell(fault, beside, cell) }
            case .failure(let error)?: tell(error, beside, cell)
            case nil: continue
            }
        }
    }

    private mutating func checkTemplate(_ path: String, _ cell: Writer) throws {
        let place = Place(branch: nil, file: path)
        guard let bytes = try source.bytes(of: path, onBranch: nil) else { return try tellMissing(place, cell) }
        do {
            _ = try ManifestTemplate(String(decoding: bytes, as: UTF8.self), path: path)
        } catch let error as PromotionError {
            tell(cell.path, cell.update.location, error.message, hint: error.faults.first)
        }
    }

    private mutating func load(_ place: Place) throws -> Result<ManifestFile, ManifestError>? {
        if let known = files[place] { return known }
        let bytes = try source.bytes(of: place.file, onBranch: place.branch)
        let loaded = bytes.map { bytes in
            Result { () throws(ManifestError) in try ManifestFile(bytes: bytes, path: place.file) }
        }
        files[place] = .some(loaded)
        return loaded
    }

    // MARK: Telling

    private mutating func tellMissing(_ place: Place, _ cell: Writer) throws {
        guard isFirst(cell, "missing") else { return }
        let nearest = try source.tree(ofBranch: place.branch)?.nearest(to: place.file)
        tell(
            cell.path, cell.update.location, "`\(place.file)` does not exist\(onBranch(place))",
            hint: nearest.map { "did you mean `\($0)`?" })
        positions[fault(cell, "missing")] = diagnostics.count - 1
    }

    private mutating func tell(_ error: ManifestError, _ place: Place, _ cell: Writer) {
        guard let first = error.diagnostics.first, isFirst(cell, error.code.description) else { return }
        let line = first.position.map { ":\($0.line)" } ?? ""
        let isNew = tell(
            cell.path, cell.update.location, "`\(place.file)\(line)`\(onBranch(place)): \(first.message)", hint: first.hint)
        guard isNew else { return }
        positions[fault(cell, error.code.description)] = diagnostics.count - 1
        diagnostics += error.diagnostics.map { diagnostic in
            var note = diagnostic
            note.severity = .note
            note.hint = nil
            return note
        }
    }

    /// One slip in an update shows in every service and stage: the first is told in full, the others are counted.
    private mutating func isFirst(_ cell: Writer, _ kind: String) -> Bool {
        repeated[fault(cell, kind), default: []].append("\(cell.service) in \(cell.stage)")
        return repeated[fault(cell, kind)]?.count == 1
    }

    private func fault(_ cell: Writer, _ kind: String) -> String {
        "\(cell.path):\(cell.update.location.line):\(cell.update.location.column):\(kind)"
    }

    /// The diagnostics with what was counted.
    func finished() -> [Diagnostic] {
        var finished = diagnostics
        for (fault, position) in positions {
            let others = (repeated[fault] ?? []).dropFirst()
            guard !others.isEmpty else { continue }
            let more = others.count > 3 ? ", …" : ""
            finished[position].message += " (and \(others.count) more like it: \(others.prefix(3).joined(separator: ", "))\(more))"
        }
        return finished
    }

    private func onBranch(_ place: Place) -> String { place.branch.map { " on branch `\($0)`" } ?? "" }

    private mutating func add(_ change: FieldChange, at place: Place, _ writer: Writer) {
        fields.append(
            ResolvedField(
                service: writer.service, stage: writer.stage, branch: place.branch, file: place.file, field: change.path,
                value: change.old))
        let value = Value(place: place, field: change.path)
        guard let earlier = writers[value] else {
            writers[value] = writer
            return
        }
        guard earlier.stage == writer.stage else { return }
        let where1 = "`\(change.path)` of `\(place.file)`"
        let other = earlier.update.location.line
        if earlier.service != writer.service {
            tell(
                writer.path, writer.update.location,
                "\(where1) is written for service `\(earlier.service)` and for service `\(writer.service)` in stage `\(writer.stage)`")
        } else {
            tell(
                writer.path, writer.update.location,
                "\(where1) is written twice in stage `\(writer.stage)`, first by the update in line \(other)")
        }
    }

    @discardableResult
    private mutating func tell(_ path: String, _ location: Located, _ message: String, hint: String? = nil) -> Bool {
        guard told.insert("\(path):\(location.line):\(location.column):\(message)").inserted else { return false }
        diagnostics.append(lines.diagnostic(path, location, message, hint: hint))
        return true
    }
}

extension Update {
    /// A path that a release is part of cannot be looked up before there is one.
    var namesFileByRelease: Bool {
        PlaceholderTemplate(file).placeholders.contains { name in
            ["version", "tag", "digest", "image", "commit"].contains(name) || Placeholder.image(in: name) != nil
        }
    }

    /// The file need not be there: the update makes it.
    var makesFile: Bool {
        switch kind {
        case .template, .copy: true
        default: false
        }
    }

    /// As ``namesFileByRelease``, of what is copied.
    var copiesByRelease: Bool {
        guard case .copy(let from) = kind else { return false }
        return Update(file: from, kind: .yaml(set: [])).namesFileByRelease
    }
}

/// The lines of the workflow files, for diagnostics made after they were decoded.
struct SourceLines {
    private let lines: [String: [Substring]]

    init(_ files: [RuleFile]) {
        lines = Dictionary(
            files.map { file in
                (file.path, String(decoding: file.bytes, as: UTF8.self).split(omittingEmptySubsequences: false) { $0.isNewline })
            }, uniquingKeysWith: { first, _ in first })
    }

    func diagnostic(_ path: String, _ location: Located, _ message: String, hint: String? = nil) -> Diagnostic {
        guard location.line > 0, let line = lines[path]?.dropFirst(location.line - 1).first else {
            return Diagnostic(message: message, hint: hint, path: path)
        }
        var end = line.unicodeScalars.count
        for scalar in line.unicodeScalars.reversed() {
            guard scalar == " " else { break }
            end -= 1
        }
        return Diagnostic(
            message: message, hint: hint, path: path,
            position: SourcePosition(line: location.line, column: location.column, offset: 0),
            length: max(1, end - location.column + 1), sourceLine: String(line))
    }
}

extension GitDesiredState: OverlaySource {
    public func bytes(of path: String, onBranch branch: String?) throws -> [UInt8]? {
        guard let entry = try commitTree(ofBranch: branch)?.entry(path), entry.mode == .blob || entry.mode == .executable
        else { return nil }
        return try repository.blob(entry.id)
    }

    /// The files of `workflows/` at the tip, for checking them without stopping at the first fault.
    public func ruleFiles() throws -> [RuleFile] {
        try RulesLoader(repository: repository).files(at: try currentTip(), branch: branch)
    }
}
