import YAMLEdit

/// Turns updates into edits of the file and the list of fields they declare.
struct UpdatePlanner {
    let file: YAMLFile
    private(set) var changes: [FieldChange] = []
    private var known: Set<FieldChange> = []
    private(set) var edits: [PointEdit] = []
    private var knownEdits: Set<PointEdit> = []

    init(file: YAMLFile) {
        self.file = file
    }

    mutating func add(_ update: ManifestUpdate) throws(ManifestError) {
        switch update {
        case .kustomizationImage(let name, let newName, let tag, let digest, let create):
            let wanted = KustomizationImages.Values(newName: newName, tag: tag, digest: digest)
            try setImage(name, wanted, in: try KustomizationImages(in: file), create: create)
        case .kustomizationEntry(let name, let newName, let tag, let digest, let create):
            let wanted = KustomizationImages.Values(newName: newName, tag: tag, digest: digest)
            try setImage(name, wanted, in: try KustomizationImages(in: file), create: create, alone: true)
        case .applicationTargetRevision(let revision, let selector):
            let source = try ApplicationSource(in: file, selector: selector)
            try setInSource(source.path.appending(.key("targetRevision")), revision, .string, selector)
        case .applicationHelmParameter(let name, let value, let selector, let create):
            try setHelmParameter(name, value, selector, create: create)
        case .applicationHelmValue(let path, let text, let typing, let selector, let create):
            try setHelmValue(path, text, typing, selector, create: create)
        case .applicationKustomizeImage(let argument, let selector, let create):
            try setKustomizeImage(argument, selector, create: create)
        case .applicationSetElement(let conditions, let path, let text, let typing, let object, let create):
            let element = try ApplicationSetElements(in: file, object: object).path(of: conditions)
            let isInText = element.steps.last == .inside
            let field = isInText
                ? YAMLPath(document: element.document, steps: element.steps + path.steps) : element.extended(by: path)
            try set(field, text, typing, create: create)
        case .chart(let field, let text):
            try set(try ChartFile(in: file).path(of: field), text, .string)
        case .containerImage(let selector, let newName, let tag, let digest):
            try setContainers(selector, newName: newName, tag: tag, digest: digest)
        case .fluxChartVersion(let version, let object):
            try set(try FluxObject.chartVersion(in: file, named: object), version, .string)
        case .fluxValue(let path, let text, let typing, let object, let create):
            let release = try FluxObject.helmRelease(in: file, named: object)
            try set(release.path.appending(.key("spec"), .key("values")).extended(by: path), text, typing, create: create)
        case .fluxReference(let key, let text, let beside, let object):
            let path = try FluxObject.reference(key, beside: beside, in: file, named: object)
            try set(path, text, .string, meaning: key == "digest" ? .digest : .text)
        case .fluxImage(let name, let tag, let digest, let object, let create):
            let wanted = KustomizationImages.Values(newName: nil, tag: tag, digest: digest)
            try setImage(name, wanted, in: try FluxObject.images(in: file, named: object), create: create)
        case .imagePolicy(let policy, let image, let tag, let digest):
            try setPolicy(policy, image: image, tag: tag, digest: digest)
        case .value(let path, let text, let typing, let create):
            try set(path, text, typing, create: create)
        case .match(let path, let pattern, let text, let typing):
            try setMatch(path, pattern, text, typing)
        case .requireJSON:
            try requireJSON()
        }
    }

    // MARK: What all kinds are made of

    /// Gives a scalar a text; `create` adds what the path lacks.
    mutating func set(
        _ path: YAMLPath, _ text: String, _ typing: ValueTyping, create: Bool = false,
        meaning: FieldChange.Meaning = .text, part: String? = nil
    ) throws(ManifestError) {
        do throws(YAMLError) {
            let place = try file.place(of: path)
            let old = try file.get(path)
            record(
                FieldChange(
                    path: place.path.description, old: old, new: text, line: place.line, meaning: meaning, part: part))
            append(.set(path, to: text, typing: typing))
        } catch {
            guard create, error.code == .notFound else { throw .yaml(error, operation: "set \(path)") }
            let line = error.diagnostics.first?.position?.line ?? 1
            record(FieldChange(path: path.description, old: nil, new: text, line: line, meaning: meaning))
            append(.create(path, to: text, typing: typing))
        }
    }

    /// Two updates may declare the same field; it is edited and listed once.
    mutating func append(_ edit: PointEdit) {
        if knownEdits.insert(edit).inserted { edits.append(edit) }
    }

    mutating func record(_ change: FieldChange) {
        if known.insert(change).inserted { changes.append(change) }
    }

    mutating func record(
        _ path: YAMLPath, old: String?, new: String?, at node: YAMLNode, meaning: FieldChange.Meaning
    ) {
        let line = file.position(ofByte: node.range.lowerBound).line
        record(FieldChange(path: path.description, old: old, new: new, line: line, meaning: meaning))
    }

    private func requireJSON() throws(ManifestError) {
        guard !file.isJSON else { return }
        let message = "the file is not JSON"
        let diagnostic = file.documents.first.map {
            file.diagnostic(.error, message, at: $0, hint: "use a `yaml` update for YAML")
        }
        throw ManifestError(
            code: .notThisKind, operation: "read JSON", subject: file.path,
            diagnostics: [diagnostic ?? Diagnostic(message: message, path: file.path)])
    }
}

extension YAMLPath {
    /// This path and behind it the steps of another.
    func extended(by other: YAMLPath) -> YAMLPath {
        YAMLPath(document: document, steps: steps + other.steps)
    }
}
