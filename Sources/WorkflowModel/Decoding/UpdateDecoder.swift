import YAMLEdit

/// Decodes lists of `updates` (`design.md` section 5).
struct UpdateDecoder {
    let faults: FaultCollector

    private static let supported = ["kustomization", "application", "helm_values", "yaml", "template"]
    /// Kinds of the contract that this version cannot edit.
    private static let unsupported = ["application_set", "chart", "manifest", "flux", "json", "copy"]

    func updates(_ nodes: [YAMLNode]) -> [DeclaredUpdate] { nodes.compactMap(update) }

    private func update(_ node: YAMLNode) -> DeclaredUpdate? {
        guard var reader = MappingReader(node, "an update", faults) else { return nil }
        var kinds = (Self.supported + Self.unsupported).filter { reader.key($0) != nil }
        // Beside `application` this key is a field of the Application, not a kind of its own.
        if kinds.contains("application"), let key = reader.key("helm_values") {
            faults.unsupported("`helm_values` of an application", at: key)
            kinds.removeAll { $0 == "helm_values" }
        }
        let stages = reader.texts("stages") ?? []
        let services = reader.texts("for") ?? []
        if let name = Self.unsupported.first(where: { kinds.contains($0) }), let key = reader.key(name) {
            faults.unsupported("the update kind `\(name)`", at: key)
            return nil
        }
        if kinds == ["template"] { return template(&reader, stages, services) }
        guard let kind = kinds.first, kinds.count == 1, let file = reader.text(kind) else {
            if kinds.count > 1, let second = reader.key(kinds[1]) {
                faults.error("an update is of one kind, not both `\(kinds[0])` and `\(kinds[1])`", at: second)
            } else if kinds.isEmpty {
                faults.error("an update needs one of \(Self.supported.map { "`\($0)`" }.joined(separator: ", "))", at: node)
            }
            return nil
        }
        let body: Body? =
            switch kind {
            case "kustomization": kustomization(&reader)
            case "application": application(&reader)
            default: assignments(&reader, isHelm: kind == "helm_values")
            }
        reader.finish()
        checkPath(file)
        guard let body else { return nil }
        let update = Update(
            file: file.text, kind: body.kind, stages: stages.map(\.text), services: services.map(\.text),
            location: faults.located(reader.node))
        return DeclaredUpdate(
            update: update, node: reader.node, file: file, templates: [file] + body.templates, fields: body.fields,
            stages: stages, services: services)
    }

    /// `{template, to, parameters, set}`: the file at `to` becomes what the template renders to.
    private func template(
        _ reader: inout MappingReader, _ stages: [LocatedText], _ services: [LocatedText]
    ) -> DeclaredUpdate? {
        let source = reader.text("template")
        let file = reader.required("to", hint: "the path of the file that the template makes")
        let parameters = reader.assignments("parameters") ?? []
        let set = reader.assignments("set") ?? []
        reader.finish()
        for path in [source, file].compactMap(\.self) { checkPath(path) }
        guard let source, let file else { return nil }
        guard source.text.hasPrefix("templates/"), !source.text.contains("{") else {
            faults.error("`template` must name a file of templates/, without placeholders, not `\(source.text)`", at: source.node)
            return nil
        }
        func assignments(_ list: [(key: LocatedText, value: LocatedText)]) -> [Update.Assignment] {
            list.map { Update.Assignment(key: $0.key.text, value: $0.value.text) }
        }
        let update = Update(
            file: file.text,
            kind: .template(source: source.text, parameters: assignments(parameters), set: assignments(set)),
            stages: stages.map(\.text), services: services.map(\.text), location: faults.located(reader.node))
        return DeclaredUpdate(
            update: update, node: reader.node, file: file,
            templates: [file] + (parameters + set).flatMap { [$0.key, $0.value] }, fields: [LocatedText("#object", file.node)],
            stages: stages, services: services)
    }

    /// What is particular to the kind.
    private struct Body {
        var kind: Update.Kind
        var templates: [LocatedText]
        var fields: [LocatedText]
    }

    private func checkPath(_ file: LocatedText) {
        if let complaint = RepositoryPath.complaint(about: file.text) {
            faults.error("the path `\(file.text)` \(complaint)", at: file.node)
        }
    }

    private func kustomization(_ reader: inout MappingReader) -> Body? {
        let image = reader.required("image", hint: "the `name` of the entry under the kustomization's `images`")
        let create = reader.bool("create") ?? false
        guard let image else { return nil }
        return Body(
            kind: .kustomization(image: image.text, create: create), templates: [image],
            fields: [LocatedText("images[name=\(image.text)]", image.node)])
    }

    private func application(_ reader: inout MappingReader) -> Body? {
        reader.refuse(["kustomize_images"])
        let revision = reader.text("target_revision")
        let parameters = reader.assignments("helm_parameters") ?? []
        let source = source(&reader)
        guard revision != nil || !parameters.isEmpty else {
            let fields = ["target_revision", "helm_parameters", "helm_values", "kustomize_images"]
            if fields.allSatisfy({ reader.key($0) == nil }) {
                faults.error("an `application` update needs `target_revision` or `helm_parameters`", at: reader.node)
            }
            return nil
        }
        let place = Self.place(of: source)
        var fields = revision.map { [LocatedText("\(place).targetRevision", $0.node)] } ?? []
        fields += parameters.map {
            LocatedText("\(place).helm.parameters[name=\($0.key.text)].value", $0.key.node)
        }
        return Body(
            kind: .application(
                targetRevision: revision?.text,
                helmParameters: parameters.map { Update.Assignment(key: $0.key.text, value: $0.value.text) },
                source: source),
            templates: (revision.map { [$0] } ?? []) + parameters.flatMap { [$0.key, $0.value] },
            fields: fields)
    }

    private func source(_ reader: inout MappingReader) -> Update.Source {
        guard let node = reader.value("source"), var source = MappingReader(node, "`source`", faults) else {
            return Update.Source()
        }
        let selected = Update.Source(
            repoURL: source.text("repo_url")?.text, chart: source.text("chart")?.text, name: source.text("name")?.text,
            index: source.text("index").flatMap(index))
        source.finish()
        if node.entries.isEmpty { faults.error("`source` needs one of `repo_url`, `chart`, `name`, `index`", at: node) }
        return selected
    }

    private func index(_ text: LocatedText) -> Int? {
        guard let index = Int(text.text), index >= 0 else {
            faults.error("`index` must be a whole number from 0, not `\(text.text)`", at: text.node)
            return nil
        }
        return index
    }

    /// The path that a `yaml` update of the same field would have.
    private static func place(of source: Update.Source) -> String {
        if let index = source.index { return "spec.sources[\(index)]" }
        let selectors = [("name", source.name), ("repoURL", source.repoURL), ("chart", source.chart)]
            .compactMap { key, value in value.map { "\(key)=\($0)" } }
        return selectors.isEmpty ? "spec.source" : "spec.sources[\(selectors.joined(separator: ","))]"
    }

    private func assignments(_ reader: inout MappingReader, isHelm: Bool) -> Body? {
        guard let node = reader.value("set") else {
            if reader.key("set") == nil {
                faults.error("this update needs `set`, a map of paths and texts", at: reader.node)
            }
            return nil
        }
        guard node.kind == .mapping else {
            faults.error("`set` must be a map of paths and texts, not \(node.typeInWords)", at: node)
            return nil
        }
        if node.entries.isEmpty { faults.error("`set` sets nothing", at: node) }
        let set = node.entriesResolvingMerges().compactMap(assignment)
        let values = set.map { Update.Assignment(key: $0.key.text, value: $0.value.text) }
        return Body(
            kind: isHelm ? .helmValues(set: values) : .yaml(set: values), templates: set.flatMap { [$0.key, $0.value] },
            fields: set.map(\.key))
    }

    private func assignment(_ entry: (key: YAMLNode, value: YAMLNode)) -> (key: LocatedText, value: LocatedText)? {
        guard let path = faults.text(entry.key, "a path of `set`"), isPath(path) else { return nil }
        let value = entry.value.resolved
        if value.kind == .mapping, let match = value.entries.first(where: { $0.key.scalarText == "match" }) {
            faults.unsupported("`match`", at: match.key)
            return nil
        }
        guard let text = faults.text(value, "`\(path.text)`") else { return nil }
        return (LocatedText(path.text, entry.key), text)
    }

    /// Placeholders become part of a key or of a list item's name: any word in their place shows whether the rest is a path.
    private func isPath(_ text: LocatedText) -> Bool {
        do {
            let sample = try PlaceholderTemplate(text.text).expanded { _ in "x" }
            _ = try YAMLPath(parsing: sample)
            return true
        } catch {
            let reason = (error as? YAMLError)?.diagnostics.first.map { ": \($0.message)" } ?? ""
            faults.error("`\(text.text)` is no path\(reason)", at: text.node)
            return false
        }
    }
}
