import YAMLEdit

/// Places that hold versions in one Flux object.
struct FluxSurvey {
    let path: String
    let branch: String?
    /// Whether the object is its file's only one, so that nothing has to name it.
    let isAlone: Bool
    private(set) var places: [VersionPlace] = []
    private(set) var undecided: [String] = []

    init(path: String, branch: String?, isAlone: Bool) { (self.path, self.branch, self.isAlone) = (path, branch, isAlone) }

    /// False for a kind that never holds a version.
    mutating func look(at document: YAMLNode, _ kind: String) -> Bool {
        let name = document["metadata"]?.resolved["name"]?.resolved.scalarText
        guard let spec = document["spec"]?.resolved else { return false }
        switch kind {
        case "HelmRelease": helmRelease(spec, name)
        case "GitRepository", "OCIRepository":
            guard let tag = spec["ref"]?.resolved["tag"]?.resolved.scalarText, ManifestSurvey.isVersion(tag) else { return false }
            add(.reference(key: "tag"), kind, name, tag)
        case "Kustomization":
            for image in (spec["images"]?.resolved.items ?? []).map(\.resolved) {
                guard let named = image["name"]?.resolved.scalarText,
                    let value = (image["newTag"] ?? image["digest"])?.resolved.scalarText
                else { continue }
                add(.image(named), kind, name, value)
            }
            return !places.isEmpty
        default: return false
        }
        return true
    }

    private mutating func helmRelease(_ spec: YAMLNode, _ name: String?) {
        if let values = spec["values"] {
            for (field, value) in ManifestSurvey.tags(in: values, under: "", depth: 0) {
                add(.value(path: field), "HelmRelease", name, value)
            }
        }
        guard places.isEmpty else { return }
        if let version = spec["chart"]?.resolved["spec"]?.resolved["version"]?.resolved.scalarText {
            add(.chartVersion, "HelmRelease", name, version)
        } else {
            undecided.append("\(path) names neither an image tag nor a chart version")
        }
    }

    private mutating func add(_ field: VersionPlace.FluxField, _ kind: String, _ name: String?, _ value: String) {
        let object = isAlone ? nil : kind + (name.map { "/\($0)" } ?? "")
        places.append(VersionPlace(branch: branch, file: path, kind: .flux(field, object: object), value: value, name: name))
    }
}
