import YAMLEdit

/// Where Flux objects keep their versions.
enum FluxObject {
    static let kustomizationGroup = "kustomize.toolkit.fluxcd.io"
    static let helmGroup = "helm.toolkit.fluxcd.io"
    static let sourceGroup = "source.toolkit.fluxcd.io"

    /// The keys of `spec.ref`, the one that Flux prefers first (https://fluxcd.io/flux/components/source/).
    static let referenceKeys = [
        "GitRepository": ["commit", "name", "semver", "tag", "branch"],
        "OCIRepository": ["digest", "semver", "tag"],
    ]

    static func helmRelease(in file: YAMLFile, named name: String?) throws(ManifestError) -> ManifestObject {
        try ManifestObject.one(
            in: file, kinds: ["HelmRelease"], group: helmGroup, what: "HelmRelease of Flux", named: name)
    }

    static func chartVersion(in file: YAMLFile, named name: String?) throws(ManifestError) -> YAMLPath {
        let release = try helmRelease(in: file, named: name)
        if let reference = release.root.child("spec")?.child("chartRef"), release.root.child("spec")?.child("chart") == nil {
            throw .fault(
                .notFound, "set the chart's version", "the HelmRelease takes its chart by `chartRef`", at: reference, in: file,
                hint: "set `ref` of the OCIRepository that it names")
        }
        return release.path.appending(.key("spec"), .key("chart"), .key("spec"), .key("version"))
    }

    static func source(in file: YAMLFile, named name: String?) throws(ManifestError) -> ManifestObject {
        try ManifestObject.one(
            in: file, kinds: Set(referenceKeys.keys), group: sourceGroup, what: "GitRepository or OCIRepository of Flux",
            named: name)
    }

    /// The path of a key of `spec.ref`.
    ///
    /// - Throws: `ineffective` if a key that Flux prefers is there and is not set together with this one.
    static func reference(
        _ key: String, beside: [String], in file: YAMLFile, named name: String?
    ) throws(ManifestError) -> YAMLPath {
        let object = try source(in: file, named: name)
        let keys = referenceKeys[object.kind] ?? []
        let reference = object.root.child("spec")?.child("ref")
        guard let rank = keys.firstIndex(of: key) else {
            throw .fault(
                .notFound, "set `ref`", "`ref` of \(object.kind) has no key `\(key)`", at: reference ?? object.root, in: file,
                hint: "present: " + keys.map { "`\($0)`" }.joined(separator: ", "))
        }
        let stronger = keys[..<rank].first { other in
            !beside.contains(other) && reference?.child(other).map { !$0.isNull } ?? false
        }
        if let stronger, let node = reference?.child(stronger) {
            throw .fault(
                .ineffective, "set `ref`", "`\(stronger)` wins over `\(key)`, so a new value would do nothing", at: node,
                in: file, hint: "set `\(stronger)` too, or remove it by hand")
        }
        return object.path.appending(.key("spec"), .key("ref"), .key(key))
    }

    /// The key of `spec.ref` that decides.
    static func decidingKey(of object: ManifestObject) -> String? {
        let reference = object.root.child("spec")?.child("ref")
        return referenceKeys[object.kind]?.first { reference?.child($0).map { !$0.isNull } ?? false }
    }

    static func images(in file: YAMLFile, named name: String?) throws(ManifestError) -> KustomizationImages {
        let object = try ManifestObject.one(
            in: file, kinds: ["Kustomization"], group: kustomizationGroup, what: "Kustomization of Flux", named: name)
        guard let spec = object.root.child("spec"), spec.kind == .mapping else {
            throw .fault(.notFound, "set image", "the Kustomization has no `spec`", at: object.root, in: file)
        }
        return KustomizationImages(in: file, holder: object.path.appending(.key("spec")), node: spec)
    }
}
