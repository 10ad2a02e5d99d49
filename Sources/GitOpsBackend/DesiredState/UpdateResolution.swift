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
        /// By which placeholders of this update have values.
        let resolution: UpdateResolution
    }

    /// How the version stands in a field.
    enum VersionTemplate {
        case text(PlaceholderTemplate)
        /// The tag and digest of an image.
        case image(String)
        /// A whole reference written by a template; where that does not fit, the image's tag and digest.
        case reference(PlaceholderTemplate, image: String)
    }

    /// A file or folder that becomes another one.
    struct Copy {
        let from: String
        let to: String
    }

    let intent: EditIntent
    let strictness: Strictness

    /// The updates that edit files, in their order; several updates of one file stay apart.
    func resolved() throws -> [Resolved] {
        try intent.updates.compactMap { update in
            switch update.kind {
            // Put there as a whole, not edited.
            case .copy, .template: return nil
            default:
                let own = aimed(at: update.target)
                return Resolved(file: try own.repositoryPath(update.file), updates: try own.edits(of: update), resolution: own)
            }
        }
    }

    /// The updates that put other objects at a path; they come before all edits.
    func copies() throws -> [Copy] {
        try intent.updates.compactMap { update in
            guard case .copy(let from) = update.kind else { return nil }
            let copy = Copy(from: try aimed(at: update.target).repositoryPath(from), to: try file(of: update))
            guard !copy.from.hasPrefix(copy.to + "/"), !copy.to.hasPrefix(copy.from + "/"), copy.from != copy.to else {
                throw PromotionError(
                    .usage, "'\(copy.from)' cannot be copied to '\(copy.to)': one contains the other",
                    hint: "mend `copy` under `updates:` of stage '\(intent.stage.name)'")
            }
            return copy
        }
    }

    /// The path of the update's file, checked.
    func file(of update: Update) throws -> String { try aimed(at: update.target).repositoryPath(update.file) }

    /// The same for one target of the stage.
    func aimed(at target: RolloutTarget?) -> UpdateResolution {
        target == nil ? self : UpdateResolution(intent: intent.aiming(at: target), strictness: strictness)
    }

    func filled(_ template: String) throws -> String { try expand(template) }

    func filled(_ assignments: [Update.Assignment]) throws -> [Update.Assignment] {
        try assignments.map { Update.Assignment(key: try expand($0.key), value: try expand($0.value)) }
    }

    private func repositoryPath(_ template: String) throws -> String {
        let path = RepositoryPath.normalized(try expand(template))
        // Values of placeholders are only known now, so the path is checked after they are filled in.
        guard path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy({ !["", ".", ".."].contains($0) })
        else {
            throw PromotionError(
                .usage, "'\(path)' is no path inside the repository",
                hint: "mend `\(template)` under `updates:` of stage '\(intent.stage.name)'")
        }
        return path
    }

    func path(_ text: String) throws -> YAMLPath {
        do throws(YAMLError) {
            return try YAMLPath(parsing: text)
        } catch {
            throw PromotionError(.usage, "'\(text)' is no path", faults: error.diagnostics.map(\.description))
        }
    }

    func text(_ template: String) -> VersionTemplate { .text(PlaceholderTemplate(template)) }

    /// Tags and versions are always strings; other values keep the type of the old one (`design.md` section 5, typing).
    func typing(of template: String) -> ValueTyping {
        let versions: Set<String> = ["version", "tag", "digest", "image", "commit"]
        let isVersion = PlaceholderTemplate(template).placeholders.contains {
            versions.contains($0) || Placeholder.image(in: $0) != nil
        }
        return isVersion ? .string : .keepType
    }

    func expand(_ template: String) throws -> String {
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
