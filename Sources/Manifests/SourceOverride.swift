import YAMLEdit

/// Files beside an application's manifests by which Argo CD overrides its source (`semantics.md` section 1.4).
///
/// `.argocd-source.yaml` and then `.argocd-source-NAME.yaml` are merged over the source as a JSON merge patch: lists take the
/// place of lists, keys count in any case of letters, and `targetRevision`, `repoURL`, `path` and `chart` are ignored. A field
/// that such a file sets is not changed by an edit of the Application.
public struct SourceOverride: Sendable {
    /// What the update writes to a source.
    private enum Target {
        case parameter
        case value(YAMLPath)
        case image
    }

    /// The paths at which an override file may stand, from the top of the repository, in the order in which they are merged.
    public let paths: [String]
    private let target: Target
    /// Whether the Application's own values stand in `valuesObject`.
    private let hasValuesObject: Bool

    /// Nil for an update that writes nothing that can be overridden, and for a source without a path.
    ///
    /// - Throws: ``ManifestError`` as for applying the update.
    public init?(of update: ManifestUpdate, in file: ManifestFile) throws(ManifestError) {
        let selector: SourceSelector
        switch update {
        case .applicationHelmParameter(_, _, let source, _): (selector, target) = (source, .parameter)
        case .applicationHelmValue(let path, _, _, let source, _): (selector, target) = (source, .value(path))
        case .applicationKustomizeImage(_, let source, _): (selector, target) = (source, .image)
        default: return nil
        }
        let source = try ApplicationSource(in: file.file, selector: selector)
        guard let path = source.node.text("path") else { return nil }
        hasValuesObject = source.node.child("helm")?.child("valuesObject").map { !$0.isNull } ?? false
        let parts = path.split(separator: "/").filter { $0 != "." }
        let folder = parts.joined(separator: "/") + (parts.isEmpty ? "" : "/")
        var names = [""]
        if let application = source.application {
            names.append("-" + application.name)
            if let namespace = application.namespace { names.append("-\(namespace)_\(application.name)") }
        }
        paths = names.map { "\(folder).argocd-source\($0).yaml" }
    }

    /// Why the update would do nothing, with the place in the override file; nil when it would do what it says.
    public func fault(by override: ManifestFile) -> ManifestError? {
        guard let root = override.file.documents.first?.resolved, root.kind == .mapping else { return nil }
        let (holder, key) = if case .image = target { ("kustomize", "images") } else { ("helm", "parameters") }
        guard let section = Self.value(holder, of: root) else { return nil }
        if section.isNull { return fault("`\(holder)` is removed here", at: section, override) }
        let list = Self.value(key, of: section)
        guard case .value(let path) = target else {
            return list.map { fault("`\(holder).\(key)` here takes the place of the Application's list", at: $0, override) }
        }
        if let parameter = list?.items.first(where: { Self.value("name", of: $0.resolved)?.scalarText == path.description }) {
            return fault("the parameter `\(path)` here wins over Helm values", at: parameter, override)
        }
        if let object = Self.value("valuesObject", of: section), !object.isNull {
            guard hasValuesObject else { return fault("`helm.valuesObject` here takes the place of `helm.values`", at: object, override) }
            return Self.reaches(path, in: object).map { fault("`\(path)` is set here", at: $0, override) }
        }
        guard !hasValuesObject, let values = Self.value("values", of: section) else { return nil }
        return fault("`helm.values` here takes the place of the Application's", at: values, override)
    }

    private func fault(_ message: String, at node: YAMLNode, _ override: ManifestFile) -> ManifestError {
        .fault(
            .ineffective, "set a field of the Application", message + ", so a new value there would do nothing", at: node,
            in: override.file, hint: "promote this file instead, with a `yaml` update, or remove the override")
    }

    /// Argo CD reads the file with Go's JSON decoder, for which `forcestring` is `forceString`.
    private static func value(_ key: String, of node: YAMLNode) -> YAMLNode? {
        node.entriesResolvingMerges().first { $0.key.resolved.scalarText?.lowercased() == key.lowercased() }?.value.resolved
    }

    /// What the patch has at the path or above it, where it replaces; values' keys count as they are written.
    private static func reaches(_ path: YAMLPath, in patch: YAMLNode) -> YAMLNode? {
        var node = patch
        for step in path.steps {
            guard node.kind == .mapping else { return node }
            guard case .key(let key) = step, let next = node.child(key) else { return nil }
            node = next
        }
        return node
    }
}
