import YAMLEdit

extension UpdateDecoder {
    // MARK: Argo CD

    func application(_ reader: inout MappingReader) -> Body? {
        guard let (fields, templates, declared) = sourceFields(&reader, "application", prefix: "") else { return nil }
        return Body(kind: .application(fields), templates: templates, fields: declared)
    }

    /// The template of an ApplicationSet.
    func applicationSet(_ reader: inout MappingReader) -> Body? {
        let found = sourceFields(&reader, "application_set", prefix: "spec.template.")
        guard let (fields, templates, declared) = found else { return nil }
        return Body(kind: .applicationSet(fields), templates: templates, fields: declared)
    }

    /// An element of a list generator.
    func applicationSetElement(_ reader: inout MappingReader) -> Body? {
        let matching = reader.assignments("element") ?? []
        for item in matching { _ = isPath(item.key) }
        if matching.isEmpty { faults.error("`element` needs a key and its text, as in `{stage: prod}`", at: reader.node) }
        let object = reader.text("object")
        let create = reader.bool("create") ?? false
        guard let set = pathAssignments(&reader, "set", isRequired: true), !matching.isEmpty else { return nil }
        let selector = matching.map { "\($0.key.text)=\($0.value.text)" }.joined(separator: ",")
        return Body(
            kind: .applicationSetElement(
                matching: matching.map { Update.Assignment(key: $0.key.text, value: $0.value.text) },
                set: set.map(\.assignment), object: object?.text, create: create),
            templates: matching.map(\.value) + set.flatMap(\.templates) + [object].compactMap(\.self),
            fields: set.map { LocatedText("elements[\(selector)].\($0.key.text)", $0.key.node) })
    }

    private func sourceFields(
        _ reader: inout MappingReader, _ kind: String, prefix: String
    ) -> (Update.SourceFields, templates: [LocatedText], declared: [LocatedText])? {
        let revision = reader.text("target_revision")
        let parameters = reader.assignments("helm_parameters") ?? []
        let values = pathAssignments(&reader, "helm_values") ?? []
        let images = reader.texts("kustomize_images") ?? []
        let source = source(&reader)
        let object = reader.text("object")
        let create = reader.bool("create") ?? false
        let keys = ["target_revision", "helm_parameters", "helm_values", "kustomize_images"]
        guard revision != nil || !parameters.isEmpty || !values.isEmpty || !images.isEmpty else {
            // A key with a fault of its own is reported already.
            if keys.allSatisfy({ reader.key($0) == nil }) {
                let list = keys.dropLast().map { "`\($0)`" }.joined(separator: ", ")
                faults.error("an `\(kind)` update needs \(list) or `\(keys[3])`", at: reader.node)
            }
            return nil
        }
        let place = (object.map { "\($0.text)#" } ?? "") + prefix + Self.place(of: source)
        var declared = revision.map { [LocatedText("\(place).targetRevision", $0.node)] } ?? []
        declared += parameters.map { LocatedText("\(place).helm.parameters[name=\($0.key.text)].value", $0.key.node) }
        declared += values.map { LocatedText("\(place).helm.values|\($0.key.text)", $0.key.node) }
        declared += images.map { LocatedText("\(place).kustomize.images \(Self.imageName($0.text))", $0.node) }
        let fields = Update.SourceFields(
            targetRevision: revision?.text,
            helmParameters: parameters.map { Update.Assignment(key: $0.key.text, value: $0.value.text) },
            helmValues: values.map(\.assignment), kustomizeImages: images.map(\.text), source: source, object: object?.text,
            create: create)
        let templates = [revision, object].compactMap(\.self) + parameters.flatMap { [$0.key, $0.value] }
            + values.flatMap(\.templates) + images
        return (fields, templates, declared)
    }

    /// What an image argument begins with: two arguments for one image contradict each other.
    private static func imageName(_ argument: String) -> String {
        if let equals = argument.firstIndex(of: "=") { return String(argument[..<equals]) }
        let slash = argument.lastIndex(of: "/") ?? argument.startIndex
        let end = argument[slash...].firstIndex { $0 == ":" || $0 == "@" } ?? argument.endIndex
        return String(argument[..<end])
    }

    // MARK: Charts, workloads, Flux

    func chart(_ reader: inout MappingReader) -> Body? {
        let dependency = reader.text("dependency")
        let version = reader.text("version")
        let appVersion = reader.text("app_version")
        if let dependency, version == nil || appVersion != nil {
            faults.error("with `dependency` a `chart` update needs `version`, and nothing else", at: dependency.node)
            return nil
        }
        guard version != nil || appVersion != nil else {
            faults.error("a `chart` update needs `version` or `app_version`", at: reader.node)
            return nil
        }
        let place = dependency.map { "dependencies[name=\($0.text)].version" } ?? "version"
        let declared = [version.map { LocatedText(place, $0.node) }, appVersion.map { LocatedText("appVersion", $0.node) }]
        return Body(
            kind: .chart(dependency: dependency?.text, version: version?.text, appVersion: appVersion?.text),
            templates: [dependency, version, appVersion].compactMap(\.self), fields: declared.compactMap(\.self))
    }

    func manifest(_ reader: inout MappingReader) -> Body? {
        let object = reader.text("object")
        let container = reader.text("container")
        let image = reader.text("image")
        guard let named = container ?? image else {
            faults.error("a `manifest` update needs `container` or `image`, to find the container by", at: reader.node)
            return nil
        }
        let parts = [object, container, image].compactMap(\.self).map(\.text)
        return Body(
            kind: .manifest(object: object?.text, container: container?.text, image: image?.text),
            templates: [object, container, image].compactMap(\.self),
            fields: [LocatedText("containers \(parts.joined(separator: " "))", named.node)])
    }

    func flux(_ reader: inout MappingReader) -> Body? {
        let object = reader.text("object")
        let chartVersion = reader.text("chart_version")
        let values = pathAssignments(&reader, "values") ?? []
        let reference = reader.assignments("ref") ?? []
        let image = reader.text("image")
        let policy = reader.text("image_policy")
        let create = reader.bool("create") ?? false
        let keys = ["chart_version", "values", "ref", "image", "image_policy"]
        guard chartVersion != nil || !values.isEmpty || !reference.isEmpty || image != nil || policy != nil else {
            if keys.allSatisfy({ reader.key($0) == nil }) {
                faults.error("a `flux` update needs one of \(keys.map { "`\($0)`" }.joined(separator: ", "))", at: reader.node)
            }
            return nil
        }
        let known = UpdateSchema.reference.keys.map(\.name)
        for item in reference where !known.contains(item.key.text) {
            faults.unknown("key of `ref`", item.key.text, among: known, at: item.key.node)
        }
        let place = object.map { "\($0.text)#" } ?? ""
        var declared = chartVersion.map { [LocatedText("\(place)spec.chart.spec.version", $0.node)] } ?? []
        declared += values.map { LocatedText("\(place)spec.values.\($0.key.text)", $0.key.node) }
        declared += reference.map { LocatedText("\(place)spec.ref.\($0.key.text)", $0.key.node) }
        if let policy {
            declared.append(LocatedText("policy \(policy.text)", policy.node))
        } else if let image {
            declared.append(LocatedText("\(place)spec.images[name=\(image.text)]", image.node))
        }
        let fields = Update.FluxFields(
            object: object?.text, chartVersion: chartVersion?.text, values: values.map(\.assignment),
            reference: reference.map { Update.Assignment(key: $0.key.text, value: $0.value.text) }, image: image?.text,
            imagePolicy: policy?.text, create: create)
        let templates = [object, chartVersion, image, policy].compactMap(\.self) + values.flatMap(\.templates)
            + reference.map(\.value)
        return Body(kind: .flux(fields), templates: templates, fields: declared)
    }

    // MARK: Copies

    /// `copy: {from, to}`; the update's file is the one that is written.
    func copy(_ reader: inout MappingReader) -> (LocatedText, Body?)? {
        guard let node = reader.value("copy"), var paths = MappingReader(node, UpdateSchema.copy, faults) else { return nil }
        let from = paths.required("from")
        let to = paths.required("to")
        paths.finish()
        guard let from, let to else { return nil }
        checkPath(from)
        if Self.contains(from.text, to.text) || Self.contains(to.text, from.text) {
            faults.error("`\(from.text)` and `\(to.text)` contain each other", at: to.node)
        }
        return (to, Body(kind: .copy(from: from.text), templates: [from], fields: [LocatedText("all of it", to.node)]))
    }

    private static func contains(_ folder: String, _ path: String) -> Bool {
        path == folder || path.hasPrefix(folder + "/")
    }
}
