import YAMLEdit

extension UpdatePlanner {
    /// Sets the fields of an entry of `images`.
    ///
    /// - Parameter alone: what is not wanted is removed, also earlier entries of the same name, as kustomize does.
    mutating func setImage(
        _ name: String, _ wanted: KustomizationImages.Values, in images: KustomizationImages, create: Bool,
        alone: Bool = false
    ) throws(ManifestError) {
        let all = alone ? try images.entries(named: name) : try images.entry(named: name).map { [$0] } ?? []
        for earlier in all.dropLast() {
            record(earlier.path, old: "an entry for \(name)", new: nil, at: earlier.node, meaning: .text)
            append(.delete(earlier.path))
        }
        guard let entry = all.last else {
            guard create else { throw images.missing(name) }
            for field in wanted.given {
                guard let text = field.text else { continue }
                let path = images.canonicalPath(of: name).appending(.key(field.key))
                record(path, old: nil, new: text, at: images.listNode, meaning: Self.meaning(of: field.key))
                append(.create(path, to: text, typing: .string))
            }
            return
        }
        let fields = alone ? wanted.fieldsAlone(replacing: entry) : wanted.fields(replacing: entry)
        for field in fields {
            let path = entry.path.appending(.key(field.key))
            let canonical = entry.canonical.appending(.key(field.key))
            let meaning = Self.meaning(of: field.key)
            switch (field.text, entry.node.child(field.key)) {
            case (let text?, _?):
                try set(path, text, .string, meaning: meaning)
            case (let text?, nil):
                record(canonical, old: nil, new: text, at: entry.node, meaning: meaning)
                append(.insert(key: field.key, value: .string(text), into: entry.path))
            case (nil, let value?):
                record(canonical, old: value.scalarText, new: nil, at: value, meaning: meaning)
                append(.delete(path))
            case (nil, nil):
                break
            }
        }
    }

    private static func meaning(of key: String) -> FieldChange.Meaning {
        switch key {
        case "newTag": .tag
        case "digest": .digest
        case "newName": .imageName
        default: .text
        }
    }

    /// Sets the images of all containers that the selector means.
    mutating func setContainers(
        _ selector: ContainerSelector, newName: String?, tag: String?, digest: String?
    ) throws(ManifestError) {
        for container in try WorkloadContainers(in: file).matching(selector) {
            var image = container.image
            if let newName, newName != ImageArgument.keep { image.name = newName }
            if tag != ImageArgument.keep { image.tag = tag }
            if digest != ImageArgument.keep { image.digest = digest }
            try set(container.path.appending(.key("image")), image.description, .string, meaning: .imageReference)
        }
    }

    /// Sets every value with the marker of an image policy.
    mutating func setPolicy(
        _ policy: String, image: String?, tag: String?, digest: String?
    ) throws(ManifestError) {
        for marker in try PolicyMarkers(in: file).all(of: policy) {
            switch marker.field {
            case .tag:
                guard let tag else { continue }
                try set(marker.path, tag, .string, meaning: .tag)
            case .digest:
                guard let digest else {
                    throw .fault(
                        .notFound, "set the images of \(policy)", "the marker wants a digest, and the release has none",
                        at: marker.node, in: file, hint: "register the release with --image NAME:TAG@DIGEST")
                }
                try set(marker.path, digest, .string, meaning: .digest)
            case .name:
                try set(marker.path, image ?? marker.text, .string, meaning: .imageName)
            case .reference:
                let name = image ?? ImageReference(marker.text)?.name ?? marker.text
                let reference = ImageReference(name: name, tag: tag, digest: digest)
                try set(marker.path, reference.description, .string, meaning: .imageReference)
            }
        }
    }
}
