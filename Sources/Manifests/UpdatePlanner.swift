import YAMLEdit

/// Turns updates into edits of the file and the list of fields they declare.
struct UpdatePlanner {
    let file: YAMLFile
    private(set) var changes: [FieldChange] = []
    private var plainEdits: [PointEdit] = []
    /// New entries of `images`, kept together because the list itself may have to be created once.
    private var createdImages: [YAMLContent] = []
    private var createdNames: Set<String> = []

    init(file: YAMLFile) {
        self.file = file
    }

    mutating func add(_ update: ManifestUpdate) throws(ManifestError) {
        switch update {
        case .kustomizationImage(let name, let newName, let tag, let digest, let create):
            let wanted = KustomizationImages.Values(newName: newName, tag: tag, digest: digest)
            try addImage(name, wanted, create: create)
        case .applicationTargetRevision(let revision, let selector):
            let source = try ApplicationSource(in: file, selector: selector)
            try set(source.path.appending(.key("targetRevision")), revision, .string)
        case .applicationHelmParameter(let name, let value, let selector):
            let source = try ApplicationSource(in: file, selector: selector)
            let item = YAMLPath.Step.item([YAMLPath.Condition(["name"], equals: name)])
            let path = source.path.appending(.key("helm"), .key("parameters"), item, .key("value"))
            try set(path, value, .string)
        case .value(let path, let text, let typing):
            try set(path, text, typing)
        }
    }

    func edits() throws(YAMLError) -> [PointEdit] {
        guard !createdImages.isEmpty else { return plainEdits }
        let path = try KustomizationImages.documentPath(in: file)
        let images = try file.location(of: path).node.resolved.value(forKey: "images")
        guard images == nil else {
            let list = path.appending(.key("images"))
            return plainEdits + createdImages.map { .append($0, to: list) }
        }
        return plainEdits + [.insert(key: "images", value: .sequence(createdImages), into: path)]
    }

    private mutating func set(
        _ path: YAMLPath, _ text: String, _ typing: ValueTyping
    ) throws(ManifestError) {
        do throws(YAMLError) {
            let location = try file.location(of: path)
            let old = try file.get(path)
            record(location.path, old: old, new: text, at: location.node)
            append(.set(path, to: text, typing: typing))
        } catch {
            throw .yaml(error, operation: "set \(path)")
        }
    }

    private mutating func addImage(
        _ name: String, _ wanted: KustomizationImages.Values, create: Bool
    ) throws(ManifestError) {
        let images = try KustomizationImages(in: file)
        guard let entry = try images.entry(named: name) else {
            guard create else { throw images.missing(name) }
            createImage(name, wanted, images)
            return
        }
        for field in wanted.fields(replacing: entry) {
            let path = entry.path.appending(.key(field.key))
            let present = entry.node.entriesResolvingMerges().first { $0.key.scalarText == field.key }
            let canonical = entry.canonical.appending(.key(field.key))
            switch (field.text, present?.value) {
            case (let text?, _?):
                try set(path, text, .string)
            case (let text?, nil):
                record(canonical, old: nil, new: text, at: entry.node)
                append(.insert(key: field.key, value: .string(text), into: entry.path))
            case (nil, let value?):
                record(canonical, old: value.resolved.scalarText, new: nil, at: value)
                append(.delete(path))
            case (nil, nil):
                break
            }
        }
    }

    private mutating func createImage(
        _ name: String, _ wanted: KustomizationImages.Values, _ images: KustomizationImages
    ) {
        let fields = wanted.given
        for field in fields {
            let path = images.canonicalPath(of: name).appending(.key(field.key))
            record(path, old: nil, new: field.text, at: images.listNode)
        }
        guard createdNames.insert(name).inserted else { return }
        let content = [YAMLContent.Field("name", .string(name))]
            + fields.compactMap { field in field.text.map { YAMLContent.Field(field.key, .string($0)) } }
        createdImages.append(.mapping(content))
    }

    /// Two updates may declare the same field; it is edited and listed once.
    private mutating func append(_ edit: PointEdit) {
        if !plainEdits.contains(edit) { plainEdits.append(edit) }
    }

    private mutating func record(_ path: YAMLPath, old: String?, new: String?, at node: YAMLNode) {
        let line = file.position(ofByte: node.range.lowerBound).line
        let change = FieldChange(path: path.description, old: old, new: new, line: line)
        if !changes.contains(change) { changes.append(change) }
    }
}
