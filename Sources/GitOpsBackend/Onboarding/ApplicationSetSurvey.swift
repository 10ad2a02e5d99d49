import YAMLEdit

/// Places that hold versions in one ApplicationSet: the elements of its list generators.
struct ApplicationSetSurvey {
    let path: String
    let branch: String?
    private(set) var places: [VersionPlace] = []
    private(set) var undecided: [String] = []
    private(set) var notes: [String] = []

    /// Keys by which an element says whose it is.
    private static let serviceKeys = ["service", "app", "application", "component", "name", "chart"]

    init(path: String, branch: String?) { (self.path, self.branch) = (path, branch) }

    mutating func look(at document: YAMLNode) {
        let name = document["metadata"]?.resolved["name"]?.resolved.scalarText
        let spec = document["spec"]?.resolved
        for generator in spec?["generators"]?.resolved.items ?? [] { look(at: generator.resolved, named: name, depth: 0) }
        let revision = spec?["template"]?.resolved["spec"]?.resolved["source"]?.resolved["targetRevision"]?.resolved.scalarText
        if let revision, ManifestSurvey.isVersion(revision) {
            undecided.append(
                "the template of \(path) names \(revision) for all its applications: an update of it moves every environment at once")
        }
        if places.isEmpty, undecided.isEmpty, notes.isEmpty {
            undecided.append("\(path) is an ApplicationSet none of whose elements names a version")
        }
    }

    private mutating func look(at generator: YAMLNode, named name: String?, depth: Int) {
        for kind in ["matrix", "merge"] where depth < 2 {
            for child in generator[kind]?.resolved["generators"]?.resolved.items ?? [] {
                look(at: child.resolved, named: name, depth: depth + 1)
            }
        }
        for element in generator["list"]?.resolved["elements"]?.resolved.items ?? [] { look(at: element.resolved, named: name) }
        guard let git = generator["git"]?.resolved else { return }
        if let folders = paths(git["directories"]) {
            notes.append("\(path) makes Applications of the folders \(folders): a release changes files there, and nothing in it")
        }
        if let files = paths(git["files"]) {
            undecided.append("\(path) takes values from the files \(files): add `yaml` or `json` updates for those that hold versions")
        }
    }

    private func paths(_ list: YAMLNode?) -> String? {
        let texts = (list?.resolved.items ?? []).compactMap { $0.resolved["path"]?.resolved.scalarText }
        return texts.isEmpty ? nil : texts.joined(separator: ", ")
    }

    private mutating func look(at element: YAMLNode, named name: String?) {
        let fields = element.entriesResolvingMerges().compactMap { entry -> (key: String, value: String)? in
            guard let key = entry.key.resolved.scalarText, let value = entry.value.resolved.scalarText else { return nil }
            return (key, value)
        }
        let versions = fields.filter { ManifestSurvey.namesVersion($0.key) || $0.key.lowercased().hasSuffix("revision") && ManifestSurvey.isVersion($0.value) }
        guard !versions.isEmpty else { return }
        let shown = fields.prefix(3).map { "\($0.key): \($0.value)" }.joined(separator: ", ")
        guard let place = fields.first(where: { EnvironmentName(whole: $0.value) != nil }), let stage = EnvironmentName(whole: place.value)
        else {
            undecided.append("the element {\(shown)} of \(path) names no environment")
            return
        }
        var conditions = ["\(place.key): \"{stage}\""]
        var service = name
        if let named = fields.first(where: { Self.serviceKeys.contains($0.key.lowercased()) && $0.key != place.key }) {
            let part = EnvironmentName.part(of: named.value)
            let isBoth = part?.environment == stage
            service = isBoth ? part?.rest : named.value
            let template = isBoth ? (part?.template.hasPrefix("{") == true ? "{stage}-{service}" : "{service}-{stage}") : "{service}"
            conditions.append("\(named.key): \"\(template)\"")
        }
        for version in versions {
            places.append(
                VersionPlace(
                    branch: branch, file: path, kind: .element(conditions: conditions, field: version.key), value: version.value,
                    name: name, stage: stage, service: service))
        }
    }
}
