/// What `init` makes of a repository: services, stages, and the updates that reach every version that was found.
struct RepositoryLayout {
    /// One update, with the services and stages in which its file exists.
    struct Family {
        var template: String
        var kind: VersionPlace.Kind
        /// With the text's placeholder: `{version}` or `v{version}`.
        var version: String
        var cells: [String: Set<String>]
    }

    private(set) var stages: [EnvironmentName] = []
    /// In order of name.
    private(set) var services: [String] = []
    /// Variables by service.
    private(set) var vars: [String: [String: String]] = [:]
    private(set) var families: [Family] = []
    /// The branch of each stage, where environments are branches.
    private(set) var branches: [String: String] = [:]
    private(set) var undecided: [String]

    /// One place with what its path and branch say.
    private struct Found {
        var place: VersionPlace
        var path: PlacePath
        var stage: EnvironmentName
        var service: String

        var isImage: Bool { imageName != nil }

        /// The last part of the image's name; nil for another kind of place.
        var imageName: String? {
            place.kind.image?.split(separator: "/").last.map(String.init)
        }
    }

    /// - Parameters:
    ///   - branchStages: the environment that each surveyed branch is; empty where environments are folders.
    ///   - fallback: the name of a service that nothing names.
    init(_ places: [VersionPlace], branchStages: [String: EnvironmentName], fallback: String, undecided: [String]) {
        self.undecided = undecided
        var found: [Found] = []
        for place in places {
            let path = PlacePath(place.file)
            guard let stage = place.stage ?? place.branch.flatMap({ branchStages[$0] }) ?? path.environment else {
                self.undecided.append("\(place.file) holds \(place.value), but neither its path nor its branch names an environment")
                continue
            }
            if let branch = place.branch { branches[stage.name] = branch }
            let service = place.service ?? path.service ?? Self.service(of: place, stage) ?? fallback
            found.append(Found(place: place, path: path, stage: stage, service: service))
        }
        found = withoutSidecars(found)
        stages = Set(found.map(\.stage)).sorted()
        services = Set(found.map(\.service)).sorted()
        let captured = groupVariables(&found)
        build(found, captured)
    }

    /// The service that an image or a manifest's own name means, where the path names none.
    private static func service(of place: VersionPlace, _ stage: EnvironmentName) -> String? {
        if let image = place.kind.image { return image.split(separator: "/").last.map(String.init) }
        guard let name = place.name else { return nil }
        if let part = EnvironmentName.part(of: name), part.environment.name == stage.name { return part.rest }
        return name
    }

    /// Of several images in one service's kustomization only that of the service follows its releases.
    private mutating func withoutSidecars(_ found: [Found]) -> [Found] {
        let byFile = Dictionary(grouping: found.filter(\.isImage)) { "\($0.place.branch ?? ""):\($0.place.file)" }
        var dropped = Set<VersionPlace>()
        for images in byFile.values where images.count > 1 && images[0].path.service != nil {
            let own = images.filter { $0.imageName == $0.service }
            for image in images where own.count == 1 && image.place != own[0].place {
                dropped.insert(image.place)
                if let name = image.place.kind.image {
                    undecided.append("\(image.place.file) also sets \(name), which is not named like the service; add an update if releases change it")
                }
            }
        }
        return found.filter { !dropped.contains($0.place) }
    }

    /// Whether `{group}` varies between services; if not it is written out.
    private mutating func groupVariables(_ found: inout [Found]) -> Bool {
        var captured = false
        for (_, members) in Dictionary(grouping: found, by: \.path.template) {
            let groups = Set(members.compactMap(\.path.group))
            // A group that changes within one service is no property of the service.
            let byService = Dictionary(grouping: members, by: \.service).mapValues { Set($0.compactMap(\.path.group)) }
            if groups.count > 1, byService.values.allSatisfy({ $0.count == 1 }) {
                captured = true
                for (service, names) in byService { vars[service, default: [:]]["group"] = names.first }
            }
        }
        return captured
    }

    private mutating func build(_ found: [Found], _ captured: Bool) {
        var built: [String: Family] = [:]
        for item in found {
            let template = template(of: item, captured)
            let kind = generalized(item)
            let key = "\(template)\n\(kind)"
            var family = built[key] ?? Family(template: template, kind: kind, version: "{version}", cells: [:])
            family.cells[item.service, default: []].insert(item.stage.name)
            built[key] = family
        }
        families = built.values.sorted { ($0.template, "\($0.kind)") < ($1.template, "\($1.kind)") }
        settleVersions(found, captured)
    }

    /// The file with placeholders; a file that says inside whose its places are is named as it is.
    private func template(of item: Found, _ captured: Bool) -> String {
        if item.place.stage != nil { return item.place.file }
        let usesGroup = captured && item.path.group != nil && vars[item.service]?["group"] == item.path.group
        return usesGroup ? item.path.template : item.path.withoutGroup
    }

    /// An image whose name ends in the service's is written with a placeholder; another becomes a variable.
    private mutating func generalized(_ item: Found) -> VersionPlace.Kind {
        let kind = item.place.kind.naming(item.service)
        guard let image = kind.image else { return kind }
        if item.imageName == item.service { return kind.with(image: image.dropLast(item.service.count) + "{service}") }
        if let known = vars[item.service]?["image_name"], known != image { return kind }
        vars[item.service, default: [:]]["image_name"] = image
        return kind.with(image: "{image_name}")
    }

    /// Where some values are `v1.2.3` and others of the same services `1.2.3`, releases are named without the `v`.
    private mutating func settleVersions(_ found: [Found], _ captured: Bool) {
        func isPrefixed(_ text: String) -> Bool { text.first == "v" && text.dropFirst().first?.isNumber == true }
        let plain = found.contains { $0.place.value.first?.isNumber == true }
        guard plain else { return }
        for index in families.indices {
            let values = found.filter { item in
                template(of: item, captured) == families[index].template
            }.filter { item in
                item.place.kind.image != nil && families[index].kind.image != nil || item.place.kind.naming(item.service) == families[index].kind
            }.map(\.place.value).filter { $0.contains { $0.isNumber } }
            if !values.isEmpty, values.allSatisfy(isPrefixed) { families[index].version = "v{version}" }
        }
    }
}

extension RepositoryLayout.Family {
    /// The cells as updates: services with the same stages together.
    func parts(services: [String], stages: [String]) -> [(services: [String], stages: [String])] {
        let byStages = Dictionary(grouping: cells.keys.sorted()) { service in
            stages.filter { cells[service]?.contains($0) ?? false }
        }
        return byStages.map { (services: $0.value, stages: $0.key) }.sorted { $0.services[0] < $1.services[0] }
    }
}
