import Manifests
import PromotionEngine
import WorkflowModel
import YAMLEdit

extension UpdateResolution {
    typealias Edit = (update: ManifestUpdate, template: VersionTemplate)

    /// What one update writes, with the values of the release.
    func edits(of update: Update) throws -> [Edit] {
        switch update.kind {
        case .kustomization(let template, let create):
            let name = try expand(template)
            let (tag, digest) = pin(of: name)
            let edit = ManifestUpdate.kustomizationImage(
                name: name, newName: nil, tag: tag, digest: digest, create: create && isWriting)
            return [(edit, .image(name))]
        case .application(let fields):
            return try edits(of: fields, in: .application)
        case .applicationSet(let fields):
            return try edits(of: fields, in: .applicationSet)
        case .applicationSetElement(let matching, let set, let object, let create):
            let conditions = try matching.map { item in
                YAMLPath.Condition(try keys(item.key), equals: try expand(item.value))
            }
            let name = try object.map(expand)
            return try set.map { assignment in
                try value(assignment) { path, text, typing in
                    .applicationSetElement(
                        matching: conditions, path: path, text: text, typing: typing, object: name,
                        create: create && isWriting)
                }
            }
        case .chart(let dependency, let version, let appVersion):
            let field = try dependency.map { ChartField.dependency(try expand($0)) } ?? .version
            let edits = try version.map { [(ManifestUpdate.chart(field, try expand($0)), text($0))] } ?? []
            return try edits + (appVersion.map { [(.chart(.appVersion, try expand($0)), text($0))] } ?? [])
        case .manifest(let object, let container, let image):
            let selector = ContainerSelector(
                object: try object.map(expand), container: try container.map(expand), image: try image.map(expand))
            let name = selector.image ?? selector.container ?? ""
            let (tag, digest) = selector.image == nil ? pin(ofContainer: name) : pin(of: name)
            return [(.containerImage(selector, newName: nil, tag: tag, digest: digest), .image(name))]
        case .flux(let fields):
            return try edits(of: fields)
        case .helmValues(let assignments, let create), .yaml(let assignments, let create):
            return try assignments.map { try edit(of: $0, create: create) }
        case .json(let assignments, let create):
            return try assignments.flatMap { assignment in
                let edit = try edit(of: assignment, create: create)
                return [edit, (.requireJSON, edit.template)]
            }
        case .copy, .template:
            return []
        }
    }

    private var isWriting: Bool { strictness == .writing }

    private func edits(of fields: Update.SourceFields, in holder: SourceSelector.Holder) throws -> [Edit] {
        let source = fields.source
        let selector = SourceSelector(
            repoURL: try source.repoURL.map(expand), chart: try source.chart.map(expand),
            name: try source.name.map(expand), index: source.index, holder: holder, object: try fields.object.map(expand))
        let create = fields.create && isWriting
        var edits: [Edit] = []
        if let revision = fields.targetRevision {
            edits.append((.applicationTargetRevision(try expand(revision), source: selector), text(revision)))
        }
        for parameter in fields.helmParameters {
            let edit = ManifestUpdate.applicationHelmParameter(
                name: try expand(parameter.key), value: try expand(parameter.value), source: selector, create: create)
            edits.append((edit, text(parameter.value)))
        }
        for assignment in fields.helmValues {
            edits.append(
                try value(assignment) { path, text, typing in
                    .applicationHelmValue(path: path, text: text, typing: typing, source: selector, create: create)
                })
        }
        for template in fields.kustomizeImages {
            let text = try expand(template)
            let argument: ImageArgument
            do throws(ManifestError) {
                argument = try ImageArgument(parsing: text)
            } catch {
                throw PromotionError(
                    .usage, "'\(template)' is no image", faults: error.diagnostics.map(\.description))
            }
            edits.append(
                (
                    .applicationKustomizeImage(argument, source: selector, create: create),
                    .reference(PlaceholderTemplate(template), image: argument.name)
                ))
        }
        return edits
    }

    private func edits(of fields: Update.FluxFields) throws -> [Edit] {
        let object = try fields.object.map(expand)
        let create = fields.create && isWriting
        var edits: [Edit] = []
        if let version = fields.chartVersion {
            edits.append((.fluxChartVersion(try expand(version), object: object), text(version)))
        }
        for assignment in fields.values {
            edits.append(
                try value(assignment) { path, text, typing in
                    .fluxValue(path: path, text: text, typing: typing, object: object, create: create)
                })
        }
        let beside = fields.reference.map(\.key)
        for item in fields.reference {
            let edit = ManifestUpdate.fluxReference(
                key: item.key, text: try expand(item.value), beside: beside, object: object)
            edits.append((edit, text(item.value)))
        }
        let image = try fields.image.map(expand)
        if let policy = fields.imagePolicy {
            let (tag, digest) = image.map { pin(of: $0) } ?? pin(ofContainer: "")
            let edit = ManifestUpdate.imagePolicy(try expand(policy), image: image, tag: tag, digest: digest)
            edits.append((edit, .image(image ?? "")))
        } else if let image {
            let (tag, digest) = pin(of: image)
            edits.append(
                (.fluxImage(name: image, tag: tag, digest: digest, object: object, create: create), .image(image)))
        }
        return edits
    }

    private func edit(of assignment: Update.Assignment, create: Bool) throws -> Edit {
        let path = try path(try expand(assignment.key))
        let typing = typing(of: assignment.value)
        if let pattern = assignment.match {
            let edit = ManifestUpdate.match(
                path: path, pattern: pattern, text: try expand(assignment.value), typing: typing)
            return (edit, text(assignment.value))
        }
        let edit = ManifestUpdate.value(
            path: path, text: try expand(assignment.value), typing: typing, create: create && isWriting)
        return (edit, text(assignment.value))
    }

    private func value(
        _ assignment: Update.Assignment, _ make: (YAMLPath, String, ValueTyping) -> ManifestUpdate
    ) throws -> Edit {
        let path = try path(try expand(assignment.key))
        return (make(path, try expand(assignment.value), typing(of: assignment.value)), text(assignment.value))
    }

    private func keys(_ text: String) throws -> [String] {
        try path(try expand(text)).steps.compactMap { if case .key(let key) = $0 { key } else { nil } }
    }

    /// The tag and digest of a release's image; a release without that image is its version's tag.
    private func pin(of name: String) -> (tag: String?, digest: String?) {
        let image = intent.release.image(named: name)
        return (image?.tag ?? (image?.digest == nil ? intent.release.version : nil), image?.digest)
    }

    /// A container's name says nothing about its image: the release's only image is meant.
    private func pin(ofContainer name: String) -> (tag: String?, digest: String?) {
        let image = intent.release.image(named: name) ?? intent.release.image(named: nil)
        return (image?.tag ?? (image?.digest == nil ? intent.release.version : nil), image?.digest)
    }
}
