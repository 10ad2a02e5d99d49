import GitKit
import Manifests
public import PromotionEngine
import WorkflowModel
import YAMLEdit

extension GitDesiredState {
    public func plan(_ intent: EditIntent, at commit: String) throws -> EditPlan {
        let base = try repository.commit(try id(commit)).tree
        let resolution = UpdateResolution(intent: intent, strictness: .writing)
        let copies = try resolution.copies()
        let tree = try copying(copies, onto: base, for: intent)
        var order: [String] = []
        var updates: [String: [ManifestUpdate]] = [:]
        for resolved in try resolution.resolved() where !resolved.updates.isEmpty {
            if updates[resolved.file] == nil { order.append(resolved.file) }
            updates[resolved.file, default: []] += resolved.updates.map(\.update)
        }
        var edits: [FieldEdit] = []
        var files: [String: FileContent] = [:]
        for (path, bytes) in try renderedFiles(intent) {
            let present = try repository.entry(at: path, inTree: tree)
            let made = try repository.writeBlob(bytes)
            edits.append(FieldEdit(file: path, field: FieldEdit.object, old: present?.id.hex, new: made.hex))
            if present?.id != made { files[path] = .bytes(bytes) }
        }
        for path in order {
            let file = try manifest(path, inTree: tree, for: intent)
            try checkOverrides(of: updates[path] ?? [], in: file, tree, intent)
            let (bytes, changes): ([UInt8], [FieldChange])
            do { (bytes, changes) = try file.applying(updates[path] ?? []) } catch { throw invalid(path, intent, error) }
            edits += changes.map { FieldEdit(file: path, field: $0.path, old: $0.old, new: $0.new) }
            guard bytes != file.file.bytes else { continue }
            try checkFollowers(of: file, changedTo: bytes, intent)
            files[path] = .bytes(bytes)
        }
        let plan = EditPlan(base: commit, edits: edits, files: files)
        return copies.isEmpty ? plan : try adding(copies, to: plan, base: base, copied: tree)
    }

    /// Throws when an alias hands a new value on to another service, which would be deployed without having been asked for.
    private func checkFollowers(of file: ManifestFile, changedTo bytes: [UInt8], _ intent: EditIntent) throws {
        guard file.holdsAliases, let workflow = try rules(of: nil).workflows.first(where: { $0.name == intent.workflow }) else { return }
        let path = file.file.path
        let after: ManifestFile
        do { after = try ManifestFile(bytes: bytes, path: path) } catch { throw invalid(path, intent, error) }
        for other in workflow.services where other.name != intent.service.name {
            let release = Release(service: other.name, version: "0", workflow: workflow.name)
            let theirs = EditIntent(workflow: workflow, service: other, stage: intent.stage, release: release)
            for resolved in try UpdateResolution(intent: theirs, strictness: .reading).resolved() where resolved.file == path {
                for (update, _) in resolved.updates {
                    let (old, new): ([FieldChange], [FieldChange])
                    // What cannot be read changes nobody; `validate` tells of it.
                    do { (old, new) = (try file.read(update), try after.read(update)) } catch { continue }
                    guard let follower = zip(old, new).first(where: { $0.old != $1.old })?.0 else { continue }
                    throw PromotionError(
                        .usage,
                        "\(path):\(follower.line): `\(follower.path)` of \(other.name) takes its value from \(intent.service.name) by an alias, and would change with it",
                        hint: "write the value of \(other.name) out there; `gradus validate` shows the place")
                }
            }
        }
    }

    /// Throws for an edit that a file beside the application's manifests makes void.
    private func checkOverrides(
        of updates: [ManifestUpdate], in file: ManifestFile, _ tree: ObjectID, _ intent: EditIntent
    ) throws {
        for update in updates {
            let overrides: SourceOverride?
            do { overrides = try SourceOverride(of: update, in: file) } catch { throw invalid(file.file.path, intent, error) }
            for path in overrides?.paths ?? [] where try repository.entry(at: path, inTree: tree)?.mode.isFile == true {
                if let fault = overrides?.fault(by: try manifest(path, inTree: tree, for: intent)) {
                    throw invalid(file.file.path, intent, fault)
                }
            }
        }
    }

    public func observe(_ intent: EditIntent, known: [Release], at commit: String) throws -> ObservedCell {
        let tree = try repository.commit(try id(commit)).tree
        let resolution = UpdateResolution(intent: intent, strictness: .reading)
        var fields: [FieldEdit] = []
        var versions: [String] = []
        var digest: String?
        for update in intent.updates {
            guard case .template = update.kind else { continue }
            let file = try resolution.file(of: update)
            let present = try repository.entry(at: file, inTree: tree)?.id.hex
            fields.append(FieldEdit(file: file, field: FieldEdit.object, old: present, new: present))
        }
        if let version = try renderedVersion(intent, known: known, inTree: tree) { versions.append(version) }
        for resolved in try resolution.resolved() where !resolved.updates.isEmpty {
            let file = try manifest(resolved.file, inTree: tree, for: intent)
            for (update, template) in resolved.updates {
                let found: [FieldChange]
                do { found = try file.read(update) } catch { throw invalid(resolved.file, intent, error) }
                fields += found.map { FieldEdit(file: resolved.file, field: $0.path, old: $0.old, new: $0.old) }
                let reading = VersionReading(resolution: resolved.resolution, known: known)
                if let version = reading.version(in: found, by: template) { versions.append(version) }
                digest = digest ?? reading.digest(in: found)
            }
        }
        for copy in try resolution.copies() {
            let present = try repository.entry(at: copy.to, inTree: tree)?.id.hex
            fields.append(FieldEdit(file: copy.to, field: FieldEdit.object, old: present, new: present))
        }
        return ObservedCell(
            version: versions.first, mixed: Set(versions).count > 1, digest: digest, fields: fields,
            versions: versions.reduce(into: []) { if !$0.contains($1) { $0.append($1) } })
    }

    public func deployCommit(
        of promotion: String, from base: String, to tip: String, edits: [FieldEdit]
    ) throws -> String? {
        let (start, end) = (try id(base), try id(tip))
        guard start != end, repository.contains(start) else { return nil }
        // Also where history was rewritten since: what the branch has and the base has not is where the commit can be.
        let carrying = try carriers(from: start, to: end)[promotion] ?? []
        guard let found = try carrying.first(where: { try stands(edits, at: $0) }) else { return nil }
        return try mainline(bringing: found, from: start, to: end).hex
    }

    /// All members of a train are looked for in one range, whose messages are read once.
    private func carriers(from start: ObjectID, to end: ObjectID) throws -> [String: [ObjectID]] {
        if let carriers, carriers.from == start, carriers.to == end { return carriers.commits }
        var commits: [String: [ObjectID]] = [:]
        try repository.walk(from: end, excluding: [start]) { commit throws(GitError) in
            for promotion in Set(DeployTrailers.promotions(in: commit.message)) { commits[promotion, default: []].append(commit.id) }
            return .next
        }
        carriers = (start, end, commits)
        return commits
    }

    public func commitBringing(
        _ edits: [FieldEdit], intent: EditIntent, from base: String, to tip: String
    ) throws -> String {
        let (start, end) = (try id(base), try id(tip))
        if start == end { return tip }
        guard repository.contains(start), try repository.isDescendant(end, of: start) else { return tip }
        if try stands(edits, at: start) { return base }
        var commits: [ObjectID] = []
        try repository.walk(from: end, excluding: [start]) { commit throws(GitError) in
            commits.append(commit.id)
            return .next
        }
        return try commits.last { try stands(edits, at: $0) }?.hex ?? tip
    }

    public func changes(of fields: [FieldEdit], since commit: String, to tip: String) throws -> [OutsideCommit] {
        let (start, end) = (try id(commit), try id(tip))
        var commits: [Commit] = []
        if repository.contains(start), try repository.isDescendant(end, of: start) {
            try repository.walk(from: end, excluding: [start]) { commit throws(GitError) in
                commits.append(commit)
                return .next
            }
        } else {
            // The branch was rewritten: only what stands now can be compared.
            commits = [try repository.commit(end)]
        }
        var known = fields
        var outside: [OutsideCommit] = []
        let paths = Set(fields.map(\.file))
        var blobs: [String: ObjectID?] = [:]
        for commit in commits.reversed() {
            // Most commits touch other files: only when one of ours is another blob is it read.
            let seen = try paths.reduce(into: [String: ObjectID?]()) { $0[$1] = try repository.entry(at: $1, inTree: commit.tree)?.id }
            guard seen != blobs else { continue }
            blobs = seen
            let now = try values(of: known, at: commit.id)
            guard now.contains(where: \.changes) else { continue }
            outside.append(
                OutsideCommit(
                    commit: commit.id.hex, author: "\(commit.author.name) <\(commit.author.email)>",
                    promotions: DeployTrailers.promotions(in: commit.message), edits: now))
            known = now
        }
        return outside
    }

    /// The fields with the values known so far in `old` and those on a commit in `new`; nil where there is no such field.
    private func values(of fields: [FieldEdit], at commit: ObjectID) throws -> [FieldEdit] {
        let tree = try repository.commit(commit).tree
        var files: [String: ManifestFile?] = [:]
        return try fields.map { field in
            if field.isObject {
                let present = try repository.entry(at: field.file, inTree: tree)?.id.hex
                return FieldEdit(file: field.file, field: field.field, old: field.new, new: present)
            }
            if files[field.file] == nil { files[field.file] = try readable(field.file, inTree: tree) }
            let file = files[field.file] ?? nil
            return FieldEdit(file: field.file, field: field.field, old: field.new, new: file.flatMap { value(field.field, in: $0) })
        }
    }

    /// Nil for a file that is not there or is no manifest any more: its fields then have no values.
    func readable(_ path: String, inTree tree: ObjectID) throws -> ManifestFile? {
        guard let entry = try repository.entry(at: path, inTree: tree), entry.mode.isFile else { return nil }
        do {
            return try ManifestFile(bytes: try repository.blob(entry.id), path: path)
        } catch is ManifestError {
            return nil
        }
    }

    func value(_ field: String, in file: ManifestFile) -> String? {
        do {
            return try file.value(of: field)
        } catch {
            // The place has become a map or a list: it holds no value.
            return nil
        }
    }

    public func revision(_ revision: String, carries edits: [FieldEdit], of commit: String) throws -> Bool {
        if revision == commit { return true }
        let (seen, deployed) = (try id(revision), try id(commit))
        guard repository.contains(seen), repository.contains(deployed) else { return false }
        guard try repository.isDescendant(seen, of: deployed) else { return false }
        return try stands(edits, at: seen)
    }

    /// True when every field holds its new value on that commit.
    private func stands(_ edits: [FieldEdit], at commit: ObjectID) throws -> Bool {
        try values(of: edits, at: commit).allSatisfy { !$0.changes }
    }

    private func manifest(_ path: String, inTree tree: ObjectID, for intent: EditIntent) throws -> ManifestFile {
        guard let entry = try repository.entry(at: path, inTree: tree) else { throw try missing(path, tree, intent) }
        guard entry.mode == .blob || entry.mode == .executable else {
            throw PromotionError(
                .usage, "\(path) is \(entry.mode == .link ? "a symbolic link" : "no file"), which gradus does not edit",
                hint: "name the file itself under `updates:` of stage '\(intent.stage.name)'")
        }
        do {
            return try ManifestFile(bytes: try repository.blob(entry.id), path: path)
        } catch let error as ManifestError {
            throw invalid(path, intent, error)
        }
    }

    private func invalid(_ path: String, _ intent: EditIntent, _ error: ManifestError) -> PromotionError {
        PromotionError(
            .usage, "\(path) cannot be edited for \(intent.service.name) in \(intent.stage.name): \(error.operation == "read" ? "it cannot be read" : error.operation)",
            hint: "mend the file on \(intent.stage.branch ?? branch), or the update in the workflow", faults: error.diagnostics.map(\.description))
    }

    /// Names the deepest folder that exists and what in it comes nearest.
    func missing(_ path: String, _ tree: ObjectID, _ intent: EditIntent) throws -> PromotionError {
        var parts = path.split(separator: "/").map(String.init)
        var name = parts.popLast() ?? path
        var folder = tree
        while true {
            let entry = parts.isEmpty ? nil : try repository.entry(at: parts.joined(separator: "/"), inTree: tree)
            if parts.isEmpty || entry?.mode == .tree {
                folder = entry?.id ?? tree
                break
            }
            name = parts.removeLast()
        }
        let nearest = NearestName.of(name, among: try repository.tree(folder).map(\.name))
        let place = parts.isEmpty ? "the repository" : parts.joined(separator: "/") + "/"
        return PromotionError(
            .usage, "\(path) does not exist on \(intent.stage.branch ?? branch), but \(intent.service.name) is to be edited there in \(intent.stage.name)",
            causes: ["\(place) has no '\(name)'" + (nearest.map { "; did you mean '\($0)'?" } ?? "")],
            hint: "mend the path under `updates:`, or add the file")
    }
}
