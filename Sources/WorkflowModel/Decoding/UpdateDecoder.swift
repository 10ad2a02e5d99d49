import Patterns
import YAMLEdit

/// Decodes lists of `updates` (`design.md` section 5).
struct UpdateDecoder {
    let faults: FaultCollector

    func updates(_ nodes: [YAMLNode]) -> [DeclaredUpdate] { nodes.compactMap(update) }

    private func update(_ node: YAMLNode) -> DeclaredUpdate? {
        guard var probe = MappingReader(node, "an update", faults) else { return nil }
        var kinds = UpdateSchema.names.filter { probe.key($0) != nil }
        // Beside these two the key is a field of the Application, not a kind of its own.
        if kinds.contains("application") || kinds.contains("application_set") { kinds.removeAll { $0 == "helm_values" } }
        guard let kind = kinds.first, kinds.count == 1 else {
            if kinds.count > 1, let second = probe.key(kinds[1]) {
                faults.error("an update is of one kind, not both `\(kinds[0])` and `\(kinds[1])`", at: second)
            } else {
                faults.error("an update needs one of \(UpdateSchema.names.map { "`\($0)`" }.joined(separator: ", "))", at: node)
            }
            return nil
        }
        let isElement = kind == "application_set" && probe.key("element") != nil
        guard let schema = UpdateSchema.map(of: kind, isElement: isElement), var reader = MappingReader(node, schema, faults)
        else { return nil }
        let stages = reader.texts("stages") ?? []
        let services = reader.texts("for") ?? []
        guard let (file, body) = content(of: kind, isElement: isElement, &reader) else { return nil }
        reader.finish()
        checkPath(file)
        guard let body else { return nil }
        var update = Update(
            file: file.text, kind: body.kind, stages: stages.map(\.text), services: services.map(\.text),
            location: faults.located(reader.node))
        let templates = [file] + body.templates
        update.isPerTarget = templates.contains { PlaceholderTemplate($0.text).placeholders.contains(RolloutTarget.placeholder) }
        return DeclaredUpdate(
            update: update, node: reader.node, file: file, templates: templates, fields: body.fields,
            stages: stages, services: services)
    }

    /// `{template, to, parameters, set}`: the file at `to` becomes what the template renders to.
    private func template(_ reader: inout MappingReader) -> (LocatedText, Body?)? {
        let source = reader.text("template")
        let file = reader.required("to", hint: "the path of the file that the template makes")
        let parameters = reader.assignments("parameters") ?? []
        let set = reader.assignments("set") ?? []
        guard let source, let file else {
            reader.finish()
            return nil
        }
        checkPath(source)
        guard source.text.hasPrefix("templates/"), !source.text.contains("{") else {
            faults.error("`template` must name a file of templates/, without placeholders, not `\(source.text)`", at: source.node)
            return (file, nil)
        }
        func assignments(_ list: [(key: LocatedText, value: LocatedText)]) -> [Update.Assignment] {
            list.map { Update.Assignment(key: $0.key.text, value: $0.value.text) }
        }
        return (
            file,
            Body(
                kind: .template(source: source.text, parameters: assignments(parameters), set: assignments(set)),
                templates: (parameters + set).flatMap { [$0.key, $0.value] }, fields: [LocatedText("#object", file.node)])
        )
    }

    /// The file and what is particular to the kind; the outer nil means that there is not even a file.
    private func content(of kind: String, isElement: Bool, _ reader: inout MappingReader) -> (LocatedText, Body?)? {
        if kind == "copy" { return copy(&reader) }
        if kind == "template" { return template(&reader) }
        guard let file = reader.text(kind) else { return nil }
        let body: Body? =
            switch kind {
            case "kustomization": kustomization(&reader)
            case "application": application(&reader)
            case "application_set": isElement ? applicationSetElement(&reader) : applicationSet(&reader)
            case "chart": chart(&reader)
            case "manifest": manifest(&reader)
            case "flux": flux(&reader)
            default: assignments(&reader, kind)
            }
        return (file, body)
    }

    /// What is particular to the kind.
    struct Body {
        var kind: Update.Kind
        var templates: [LocatedText]
        var fields: [LocatedText]
    }

    func checkPath(_ file: LocatedText) {
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

    func source(_ reader: inout MappingReader) -> Update.Source {
        guard let node = reader.value("source"), var source = MappingReader(node, UpdateSchema.source, faults) else {
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
    static func place(of source: Update.Source) -> String {
        if let index = source.index { return "spec.sources[\(index)]" }
        let selectors = [("name", source.name), ("repoURL", source.repoURL), ("chart", source.chart)]
            .compactMap { key, value in value.map { "\(key)=\($0)" } }
        return selectors.isEmpty ? "spec.source" : "spec.sources[\(selectors.joined(separator: ","))]"
    }

    private func assignments(_ reader: inout MappingReader, _ kind: String) -> Body? {
        guard let set = pathAssignments(&reader, "set", isRequired: true) else { return nil }
        let create = reader.bool("create") ?? false
        let values = set.map(\.assignment)
        let update: Update.Kind =
            switch kind {
            case "helm_values": .helmValues(set: values, create: create)
            case "json": .json(set: values, create: create)
            default: .yaml(set: values, create: create)
            }
        return Body(kind: update, templates: set.flatMap(\.templates), fields: set.map(\.key))
    }

    /// A path and what it is set to.
    struct PathAssignment {
        var key: LocatedText
        var assignment: Update.Assignment
        var templates: [LocatedText]
    }

    /// A map of paths and texts, or of paths and `{match, value}`; nil if it is missing or no map.
    func pathAssignments(_ reader: inout MappingReader, _ key: String, isRequired: Bool = false) -> [PathAssignment]? {
        guard let node = reader.value(key) else {
            if isRequired, reader.key(key) == nil {
                faults.error("this update needs `\(key)`, a map of paths and texts", at: reader.node)
            }
            return nil
        }
        guard node.kind == .mapping else {
            faults.error("`\(key)` must be a map of paths and texts, not \(node.typeInWords)", at: node)
            return nil
        }
        if node.entries.isEmpty { faults.error("`\(key)` sets nothing", at: node) }
        return node.entriesResolvingMerges().compactMap { pathAssignment($0, of: key) }
    }

    private func pathAssignment(_ entry: (key: YAMLNode, value: YAMLNode), of key: String) -> PathAssignment? {
        guard let path = faults.text(entry.key, "a path of `\(key)`"), isPath(path) else { return nil }
        let name = LocatedText(path.text, entry.key)
        let value = entry.value.resolved
        guard value.kind == .mapping else {
            guard let text = faults.text(value, "`\(path.text)`") else { return nil }
            return PathAssignment(
                key: name, assignment: Update.Assignment(key: path.text, value: text.text), templates: [name, text])
        }
        guard var reader = MappingReader(value, UpdateSchema.match, faults, as: "`\(path.text)`") else { return nil }
        let pattern = reader.required("match")
        let text = reader.required("value")
        reader.finish()
        guard let pattern, let text, isPattern(pattern) else { return nil }
        return PathAssignment(
            key: name, assignment: Update.Assignment(key: path.text, value: text.text, match: pattern.text),
            templates: [name, text])
    }

    private func isPattern(_ text: LocatedText) -> Bool {
        do throws(PatternError) {
            _ = try Pattern(text.text)
            return true
        } catch {
            faults.error("`\(text.text)` is no regular expression", at: text.node, hint: "\(error)")
            return false
        }
    }

    /// Placeholders become part of a key or of a list item's name: any word in their place shows whether the rest is a path.
    func isPath(_ text: LocatedText) -> Bool {
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
