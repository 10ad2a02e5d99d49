import YAMLEdit

/// The elements of an ApplicationSet's list generators, also of those inside matrix and merge generators.
struct ApplicationSetElements {
    private struct Element {
        var node: YAMLNode
        var path: YAMLPath
    }

    private let file: YAMLFile
    private let root: YAMLNode
    private var elements: [Element] = []

    /// - Throws: `notThisKind` for a file without an ApplicationSet, `ambiguous` for several, `notFound` without list generator.
    init(in file: YAMLFile, object: String?) throws(ManifestError) {
        let set = try ManifestObject.one(
            in: file, kinds: ["ApplicationSet"], group: "argoproj.io", what: "ApplicationSet of argoproj.io", named: object)
        self.file = file
        root = set.root
        let generators = set.root.child("spec")?.child("generators")
        try collect(generators, set.path.appending(.key("spec"), .key("generators")))
        guard !elements.isEmpty else {
            throw .fault(
                .notFound, "find the element", "the ApplicationSet has no list generator with elements",
                at: generators ?? root, in: file)
        }
    }

    private mutating func collect(_ generators: YAMLNode?, _ path: YAMLPath) throws(ManifestError) {
        for (index, generator) in (generators?.items ?? []).map(\.resolved).enumerated() {
            let place = path.appending(.index(index))
            if let list = generator.child("list") {
                let elementsPath = place.appending(.key("list"), .key("elements"))
                for (number, item) in (list.child("elements")?.items ?? []).map(\.resolved).enumerated() {
                    elements.append(Element(node: item, path: elementsPath.appending(.index(number))))
                }
                try collectText(list.text("elementsYaml"), place.appending(.key("list"), .key("elementsYaml")))
            }
            for kind in ["matrix", "merge"] {
                try collect(
                    generator.child(kind)?.child("generators"), place.appending(.key(kind), .key("generators")))
            }
        }
    }

    /// `elementsYaml` is YAML in a text, unless another generator fills it.
    private mutating func collectText(_ text: String?, _ path: YAMLPath) throws(ManifestError) {
        guard let text, !text.contains("{{") else { return }
        do throws(YAMLError) {
            let inner = try YAMLFile(bytes: Array(text.utf8), path: "\(file.path)#\(path)|")
            for (number, item) in (inner.documents.first?.items ?? []).map(\.resolved).enumerated() {
                elements.append(Element(node: item, path: path.inside(YAMLPath(steps: [.index(number)]))))
            }
        } catch {
            throw .yaml(error, operation: "read elementsYaml")
        }
    }

    /// The path of the one element that has all these texts.
    func path(of conditions: [YAMLPath.Condition]) throws(ManifestError) -> YAMLPath {
        let found = elements.filter { element in
            conditions.allSatisfy { condition in
                var node: YAMLNode? = element.node
                for key in condition.keys { node = node?.child(key) }
                return node?.scalarText == condition.value
            }
        }
        if let element = found.first, found.count == 1 { return element.path }
        let wanted = YAMLPath(steps: [.item(conditions)]).description
        if found.isEmpty {
            let values = conditions.first.map { condition in elements.compactMap { $0.node.text(condition.keys[0]) } } ?? []
            let near = conditions.first.flatMap { Suggestion.nearest($0.value, among: values) }
            throw .fault(
                .notFound, "find the element", "no element of a list generator has \(wanted)",
                at: root.child("spec")?.entry(forKey: "generators")?.key ?? root, in: file,
                hint: near.map { "did you mean `\($0)`?" }
                    ?? (values.isEmpty ? nil : "present: " + values.prefix(8).map { "`\($0)`" }.joined(separator: ", ")))
        }
        throw .fault(
            .ambiguous, "find the element", "\(found.count) elements of list generators have \(wanted)",
            at: root.child("spec")?.entry(forKey: "generators")?.key ?? root, in: file,
            hint: "add another field to `element`")
    }
}
