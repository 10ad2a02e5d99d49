import YAMLEdit

extension UpdatePlanner {
    /// Sets a field of a source, unless the generator of an ApplicationSet fills it.
    mutating func setInSource(
        _ path: YAMLPath, _ text: String, _ typing: ValueTyping, _ selector: SourceSelector, create: Bool = false,
        meaning: FieldChange.Meaning = .text
    ) throws(ManifestError) {
        if selector.holder == .applicationSet {
            let old: String?
            do throws(YAMLError) {
                old = try file.get(path)
            } catch {
                // What is missing or no text is told below, with all its places.
                old = nil
            }
            if let old, old.contains("{{") {
                throw ManifestError(
                    code: .ineffective, operation: "set \(path)", subject: file.path,
                    diagnostics: [
                        Diagnostic(
                            message: "`\(path)` is `\(old)`, which the generator fills",
                            hint: "set the generator's value: `element: {…}` with `set: {…}`", path: file.path)
                    ])
            }
        }
        try set(path, text, typing, create: create, meaning: meaning)
    }

    mutating func setHelmParameter(
        _ name: String, _ value: String, _ selector: SourceSelector, create: Bool
    ) throws(ManifestError) {
        let source = try ApplicationSource(in: file, selector: selector)
        let item = YAMLPath.Step.item([YAMLPath.Condition(["name"], equals: name)])
        let list = source.path.appending(.key("helm"), .key("parameters"))
        let isThere = source.node.child("helm")?.child("parameters")?.items.contains { $0.text("name") == name } ?? false
        let path = list.appending(item, .key("value"))
        guard create, !isThere else { return try setInSource(path, value, .string, selector) }
        try setInSource(path, value, .string, selector, create: true)
        // Helm reads `--set` values by their look: 20240101 would be a number (strvals), so Image Updater forces a string too.
        if readsAsNonString(value) { append(.create(list.appending(item, .key("forceString")), to: "true", typing: .keepType)) }
    }

    /// `valuesObject` replaces `values` wholly, and parameters win over both.
    mutating func setHelmValue(
        _ path: YAMLPath, _ text: String, _ typing: ValueTyping, _ selector: SourceSelector, create: Bool
    ) throws(ManifestError) {
        let source = try ApplicationSource(in: file, selector: selector)
        let helm = source.node.child("helm")
        let place = source.path.appending(.key("helm"))
        if let parameter = helm?.child("parameters")?.items.first(where: { $0.text("name") == path.description }) {
            throw .fault(
                .ineffective, "set \(path)", "the parameter `\(path)` wins over Helm values, so a new value would do nothing",
                at: parameter, in: file, hint: "use `helm_parameters`")
        }
        if let object = helm?.child("valuesObject"), !object.isNull {
            try setInSource(place.appending(.key("valuesObject")).extended(by: path), text, typing, selector, create: create)
        } else if let values = helm?.child("values"), !values.isNull {
            try setInSource(place.appending(.key("values")).inside(path), text, typing, selector, create: create)
        } else if create {
            try setInSource(place.appending(.key("valuesObject")).extended(by: path), text, typing, selector, create: true)
        } else {
            throw .fault(
                .notFound, "set \(path)", "the source has neither `helm.valuesObject` nor `helm.values`",
                at: helm ?? source.node, in: file, hint: "set `create: true` to add it")
        }
    }

    /// Sets the string of `kustomize.images` that names the image.
    mutating func setKustomizeImage(
        _ argument: ImageArgument, _ selector: SourceSelector, create: Bool
    ) throws(ManifestError) {
        let source = try ApplicationSource(in: file, selector: selector)
        let list = source.path.appending(.key("kustomize"), .key("images"))
        let items = source.node.child("kustomize")?.child("images")?.items ?? []
        let present = items.map { ImageArgument(entry: $0.scalarText ?? "") }
        let found = items.indices.filter { present[$0]?.name == argument.name }
        guard found.count < 2 else {
            throw .fault(
                .ambiguous, "set image \(argument.name)", "`images` has \(found.count) entries for `\(argument.name)`",
                at: items[found[1]], in: file, hint: "keep one of them")
        }
        if let index = found.first {
            let text = argument.replacing(present[index]).description
            try setInSource(list.appending(.index(index)), text, .string, selector, meaning: .imageReference)
            return
        }
        guard create else {
            let near = Suggestion.nearest(argument.name, among: present.compactMap { $0?.name })
            throw .fault(
                .notFound, "set image \(argument.name)", "`kustomize.images` has no entry for `\(argument.name)`",
                at: source.node.child("kustomize") ?? source.node, in: file,
                hint: near.map { "did you mean `\($0)`?" } ?? "set `create: true` to add it")
        }
        let text = argument.replacing(nil).description
        record(
            list.appending(.item([YAMLPath.Condition(["image"], equals: argument.name)])), old: nil, new: text, at: source.node, meaning: .imageReference)
        appendItem(.string(text), to: list, of: source)
    }

    /// Appends to a list, or adds the list where it is missing.
    private mutating func appendItem(_ item: YAMLContent, to list: YAMLPath, of source: ApplicationSource) {
        let kustomize = source.node.child("kustomize")
        if kustomize?.child("images") != nil {
            append(.append(item, to: list))
        } else if kustomize != nil {
            append(.insert(key: "images", value: .sequence([item]), into: source.path.appending(.key("kustomize"))))
        } else {
            let images = YAMLContent.Field("images", .sequence([item]))
            append(.insert(key: "kustomize", value: .mapping([images]), into: source.path))
        }
    }
}
