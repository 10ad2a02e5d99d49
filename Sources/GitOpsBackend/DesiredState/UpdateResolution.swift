import Manifests
import PromotionEngine
import WorkflowModel
import YAMLEdit

/// Turns the declared updates of an intent into edits of files, with all placeholders filled in.
struct UpdateResolution {
    /// What a missing value of a placeholder means.
    enum Strictness {
        /// An error: the value would be written.
        case writing
        /// Nothing: only the places are read.
        case reading
    }

    /// One update of one file, with the template that tells the version back from a text.
    struct Resolved {
        let file: String
        let updates: [(update: ManifestUpdate, template: VersionTemplate)]
    }

    /// How the version stands in a field.
    enum VersionTemplate {
        case text(PlaceholderTemplate)
        /// The tag and digest of a kustomization's image.
        case image(String)
    }

    let intent: EditIntent
    let strictness: Strictness

    /// In the order of the updates; several updates of one file stay apart.
    func resolved() throws -> [Resolved] {
        try intent.updates.map { update in
            Resolved(file: try file(of: update), updates: try edits(of: update))
        }
    }

    /// The path of the update's file, checked.
    func file(of update: Update) throws -> String {
        let file = RepositoryPath.normalized(try expand(update.file))
        // Values of placeholders are only known now, so the path is checked after they are filled in.
        guard file.split(separator: "/", omittingEmptySubsequences: false).allSatisfy({ !["", ".", ".."].contains($0) })
        else {
            throw PromotionError(
                .usage, "'\(file)' is no path inside the repository",
                hint: "mend `\(update.file)` under `updates:` of stage '\(intent.stage.name)'")
        }
        return file
    }

    func filled(_ template: String) throws -> String { try expand(template) }

    func filled(_ assignments: [Update.Assignment]) throws -> [Update.Assignment] {
        try assignments.map { Update.Assignment(key: try expand($0.key), value: try expand($0.value)) }
    }

    private func edits(of update: Update) throws -> [(ManifestUpdate, VersionTemplate)] {
        switch update.kind {
        case .kustomization(let template, let create):
            let name = try expand(template)
            let image = intent.release.image(named: name)
            let edit = ManifestUpdate.kustomizationImage(
                name: name, newName: nil, tag: image?.tag ?? (image?.digest == nil ? intent.release.version : nil),
                digest: image?.digest, create: create && strictness == .writing)
            return [(edit, .image(name))]
        case .application(let revision, let parameters, let source):
            let selector = SourceSelector(
                repoURL: try source.repoURL.map(expand), chart: try source.chart.map(expand),
                name: try source.name.map(expand), index: source.index)
            var edits: [(ManifestUpdate, VersionTemplate)] = []
            if let revision {
                edits.append((.applicationTargetRevision(try expand(revision), source: selector), text(revision)))
            }
            for parameter in parameters {
                let edit = ManifestUpdate.applicationHelmParameter(
                    name: try expand(parameter.key), value: try expand(parameter.value), source: selector)
                edits.append((edit, text(parameter.value)))
            }
            return edits
        // Rendered as a whole, not edited.
        case .template: return []
        case .helmValues(let assignments), .yaml(let assignments):
            return try assignments.map { assignment in
                let edit = ManifestUpdate.value(
                    path: try path(try expand(assignment.key)), text: try expand(assignment.value),
                    typing: typing(of: assignment.value))
                return (edit, text(assignment.value))
            }
        }
    }

    private func path(_ text: String) throws -> YAMLPath {
        do throws(YAMLError) {
            return try YAMLPath(parsing: text)
        } catch {
            throw PromotionError(.usage, "'\(text)' is no path", faults: error.diagnostics.map(\.description))
        }
    }

    private func text(_ template: String) -> VersionTemplate { .text(PlaceholderTemplate(template)) }

    /// Tags and versions are always strings; other values keep the type of the old one (`design.md` section 5, typing).
    private func typing(of template: String) -> ValueTyping {
        let versions: Set<String> = ["version", "tag", "digest", "image", "commit"]
        let isVersion = PlaceholderTemplate(template).placeholders.contains {
            versions.contains($0) || Placeholder.image(in: $0) != nil
        }
        return isVersion ? .string : .keepType
    }

    private func expand(_ template: String) throws -> String {
        let missing: String? = strictness == .reading ? "" : nil
        do throws(UnknownPlaceholder) {
            return try PlaceholderTemplate(template).expanded { value(of: $0) ?? missing }
        } catch {
            throw PromotionError(
                .usage, "{\(error.name)} has no value for \(intent.service.name) \(intent.release.version)",
                causes: ["it stands in '\(template)' of stage '\(intent.stage.name)'"],
                hint: error.name.contains("digest") || error.name.contains("image")
                    ? "register the release with --image NAME:TAG@DIGEST" : "register the release with it, or declare it under `vars:`")
        }
    }

    func value(of placeholder: String) -> String? {
        let release = intent.release
        if let (name, part) = Placeholder.image(in: placeholder) {
            let image = release.image(named: name)
            return part == "tag" ? image?.tag ?? release.version : image?.digest
        }
        return switch placeholder {
        case "service": intent.service.name
        case "version": release.version
        case "tag": release.image(named: nil)?.tag ?? release.version
        case "digest": release.digest
        case "image": release.image(named: nil)?.name
        case "commit": release.commit
        case "stage": intent.stage.name
        case "environment": intent.stage.environment
        case "from": intent.from
        default: intent.service.vars[placeholder]
        }
    }
}
