import WorkflowModel
import YAMLEdit

/// Looks through the files of one tree for places that hold versions.
struct ManifestSurvey {
    /// In order of path.
    private(set) var places: [VersionPlace] = []
    /// What was found and cannot be written to by itself, with the reason, in words.
    private(set) var undecided: [String] = []
    /// What was found and needs nothing, with the reason, in words.
    private(set) var notes: [String] = []
    /// How many manifests of each kind were seen.
    private(set) var counts: [String: Int] = [:]

    private let branch: String?
    private static let largestFile = 1 << 20
    private static let mostFiles = 50_000
    /// Folders that hold no desired state.
    private static let ignoredFolders: Set<String> = [".git", ".github", ".gitlab", "node_modules", "vendor", "workflows", ".gradus"]

    init(branch: String?) { self.branch = branch }

    /// Reads every YAML file of the tree.
    mutating func look(through tree: any PathLister, read: (String) throws -> [UInt8]?) throws {
        var folders = [""]
        var seen = 0
        while let folder = folders.popLast() {
            let entries = (try tree.entries(of: folder) ?? []).sorted { $0.name < $1.name }
            // A chart's own values are defaults; environments override them elsewhere.
            let isChart = entries.contains { $0.name == "Chart.yaml" }
            for entry in entries {
                let path = folder.isEmpty ? entry.name : folder + "/" + entry.name
                if entry.isFolder {
                    if !Self.ignoredFolders.contains(entry.name), !(isChart && entry.name == "templates") { folders.append(path) }
                    continue
                }
                guard entry.name.hasSuffix(".yaml") || entry.name.hasSuffix(".yml") else { continue }
                if isChart, entry.name == "values.yaml", PlacePath(path).environment == nil { continue }
                seen += 1
                guard seen <= Self.mostFiles, let bytes = try read(path), bytes.count <= Self.largestFile else { continue }
                look(at: path, bytes)
            }
        }
        places = withoutOverlaid(places).sorted { $0.file < $1.file }
        undecided.sort()
    }

    /// A file that cannot be parsed, such as a template of a chart, holds no place to write to.
    private mutating func look(at path: String, _ bytes: [UInt8]) {
        let file: YAMLFile
        do { file = try YAMLFile(bytes: bytes, path: path) } catch { return }
        for document in file.documents where document.kind == .mapping {
            let kind = document["kind"]?.resolved.scalarText
            let group = document["apiVersion"]?.resolved.scalarText ?? ""
            let base = path.split(separator: "/").last.map(String.init) ?? path
            if base.hasPrefix("kustomization.") || (kind == "Kustomization" && group.hasPrefix("kustomize.config")) {
                kustomization(document, path)
            } else if kind == "Application", group.hasPrefix("argoproj.io/") {
                application(document, path)
            } else if kind == "ApplicationSet", group.hasPrefix("argoproj.io/") {
                var set = ApplicationSetSurvey(path: path, branch: branch)
                set.look(at: document)
                note("ApplicationSet", set.places, set.undecided, set.notes)
            } else if let kind, group.contains(".toolkit.fluxcd.io/") {
                var flux = FluxSurvey(path: path, branch: branch, isAlone: file.documents.count == 1)
                if flux.look(at: document, kind) { note(kind == "Kustomization" ? "Flux Kustomization" : kind, flux.places, flux.undecided) }
            } else if let kind, WorkloadSurvey.kinds.contains(kind) {
                note("workload", WorkloadSurvey.places(in: document, path: path, branch: branch), [])
            } else if base == "Chart.yaml", kind == nil {
                chart(document, path)
            } else if kind == nil, Self.isValues(path) || base == "values.yaml" {
                values(document, path)
            }
        }
    }

    private mutating func note(_ kind: String, _ found: [VersionPlace], _ open: [String], _ told: [String] = []) {
        counts[kind, default: 0] += 1
        places += found
        undecided += open
        notes += told
    }

    /// What a kustomization sets is not written where it is set for: the image of a Deployment gives way to `images`.
    private func withoutOverlaid(_ places: [VersionPlace]) -> [VersionPlace] {
        let overlaid = Set(places.compactMap { if case .kustomization(let image) = $0.kind { image } else { nil } })
        return places.filter { if case .workload(let image) = $0.kind { !overlaid.contains(image) } else { true } }
    }

    /// The charts that a chart of an environment puts together.
    private mutating func chart(_ document: YAMLNode, _ path: String) {
        let place = PlacePath(path)
        guard place.environment != nil else { return }
        counts["chart", default: 0] += 1
        let all = (document["dependencies"]?.resolved.items ?? []).map(\.resolved)
        for item in all {
            guard let name = item["name"]?.resolved.scalarText, let version = item["version"]?.resolved.scalarText,
                all.count == 1 || name == place.service
            else { continue }
            add(path, .dependency(name: name), version, name)
        }
    }

    private static func isValues(_ path: String) -> Bool {
        let parts = path.lowercased().split(separator: "/")
        return parts.last?.contains("values") == true || parts.dropLast().contains { $0 == "values" }
    }

    private mutating func add(_ path: String, _ kind: VersionPlace.Kind, _ value: String, _ name: String? = nil) {
        places.append(VersionPlace(branch: branch, file: path, kind: kind, value: value, name: name))
    }

    private mutating func kustomization(_ document: YAMLNode, _ path: String) {
        counts["kustomization", default: 0] += 1
        for item in document["images"]?.resolved.items ?? [] {
            let image = item.resolved
            guard let name = image["name"]?.resolved.scalarText else { continue }
            guard let value = (image["newTag"] ?? image["digest"])?.resolved.scalarText else { continue }
            add(path, .kustomization(image: name), value)
        }
    }

    private mutating func application(_ document: YAMLNode, _ path: String) {
        counts["Application", default: 0] += 1
        let name = document["metadata"]?.resolved["name"]?.resolved.scalarText
        let spec = document["spec"]?.resolved
        let several = spec?["sources"]?.resolved.items ?? []
        let sources = several.isEmpty ? [spec?["source"]?.resolved].compactMap(\.self) : several.map(\.resolved)
        let before = places.count
        for (index, source) in sources.enumerated() {
            let selector = several.isEmpty ? nil : Self.selector(of: source, index)
            let parameters = source["helm"]?.resolved["parameters"]?.resolved.items ?? []
            var values: [String] = []
            for parameter in parameters.map(\.resolved) {
                guard let key = parameter["name"]?.resolved.scalarText, let value = parameter["value"]?.resolved.scalarText,
                    Self.namesVersion(key)
                else { continue }
                add(path, .parameter(name: key, source: selector), value, name)
                values.append(value)
            }
            let revision = source["targetRevision"]?.resolved.scalarText
            // A chart that is versioned for itself stays; one that is released with the image carries its version.
            guard let revision, Self.isVersion(revision) else { continue }
            let plain = revision.hasPrefix("v") ? String(revision.dropFirst()) : revision
            if values.isEmpty || values.contains(revision) || values.contains(plain) { add(path, .revision(source: selector), revision, name) }
        }
        if places.count == before {
            undecided.append("\(path) names no version: its sources follow a branch, so a release changes nothing in it")
        }
    }

    private static func selector(of source: YAMLNode, _ index: Int) -> String {
        for key in ["name", "chart"] {
            if let text = source[key]?.resolved.scalarText { return "\(key): \(YAMLText.scalar(text))" }
        }
        return "index: \(index)"
    }

    /// `image.tag`, `global.imageTag`, `version`.
    static func namesVersion(_ key: String) -> Bool {
        let last = key.split(separator: ".").last?.lowercased() ?? ""
        return last == "tag" || last == "version" || last.hasSuffix("imagetag") || last.hasSuffix("image_tag")
    }

    /// A version, not a branch.
    static func isVersion(_ text: String) -> Bool {
        let digits = text.hasPrefix("v") ? text.dropFirst() : text[...]
        guard let first = digits.first, first.isASCII, first.isNumber else { return false }
        return digits.contains(".")
    }

    private mutating func values(_ document: YAMLNode, _ path: String) {
        let tags = Self.tags(in: document, under: "", depth: 0)
        if !tags.isEmpty { counts["Helm values file", default: 0] += 1 }
        for (field, value) in tags { add(path, .helmValue(path: field), value) }
    }

    /// Every `image.tag` and its like, with its path.
    static func tags(in node: YAMLNode, under prefix: String, depth: Int) -> [(String, String)] {
        guard depth < 8 else { return [] }
        return node.resolved.entriesResolvingMerges().flatMap { entry -> [(String, String)] in
            guard let key = entry.key.resolved.scalarText else { return [] }
            let step = YAMLText.pathKey(key)
            let path = prefix.isEmpty ? step : prefix + "." + step
            let value = entry.value.resolved
            if value.kind == .mapping { return tags(in: value, under: path, depth: depth + 1) }
            guard let text = value.scalarText, !text.isEmpty else { return [] }
            let parent = prefix.split(separator: ".").last?.lowercased() ?? ""
            let isTag = (key == "tag" && parent.hasSuffix("image")) || key.lowercased() == "imagetag"
            return isTag ? [(path, text)] : []
        }
    }
}

/// Texts as YAML and as paths, quoted only where they must be.
enum YAMLText {
    static func scalar(_ text: String) -> String {
        let isPlain = !text.isEmpty && text.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "._-/@".unicodeScalars.contains(scalar))
        }
        let reserved: Set<String> = ["true", "false", "null", "yes", "no", "on", "off", "~", "y", "n"]
        let first = text.unicodeScalars.first
        let startsPlain = first.map { $0.properties.isAlphabetic } ?? false
        if isPlain, startsPlain, !reserved.contains(text.lowercased()) { return text }
        var quoted = ""
        for scalar in text.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { quoted += "\\" }
            if scalar.value < 0x20 || scalar.value == 0x7F { continue }
            quoted.unicodeScalars.append(scalar)
        }
        return "\"\(quoted)\""
    }

    static func pathKey(_ key: String) -> String {
        let isPlain = !key.isEmpty && key.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
        return isPlain ? key : "\"\(key)\""
    }
}
