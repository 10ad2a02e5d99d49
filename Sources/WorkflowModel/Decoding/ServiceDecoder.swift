import YAMLEdit

/// A service with the nodes that its validation points at.
struct DeclaredService {
    var service: Service
    var node: YAMLNode
    /// Its own updates, which replace those of the stages; nil when it has none of its own.
    var updates: [DeclaredUpdate]?
}

/// Decodes `services`: names, maps of `name`, `owner`, `labels`, `vars` and `updates`, and discoveries with `from`.
struct ServiceDecoder {
    let faults: FaultCollector
    private(set) var references: [PersonReference] = []
    private(set) var discoveries: [DeclaredDiscovery] = []

    init(faults: FaultCollector) { self.faults = faults }

    mutating func services(_ node: YAMLNode) -> [DeclaredService] {
        guard node.kind == .sequence else {
            if node["from"] != nil {
                discovery(node)
            } else {
                faults.error("`services` must be a list, not \(node.typeInWords)", at: node)
            }
            return []
        }
        if node.items.isEmpty { faults.error("`services` is empty", at: node) }
        var declared: [DeclaredService] = []
        var nodes: [String: YAMLNode] = [:]
        for item in node.items {
            if item.resolved.kind == .mapping, item.resolved["from"] != nil {
                discovery(item.resolved)
                continue
            }
            guard let service = service(item.resolved) else { continue }
            let name = service.service.name
            if let earlier = nodes[name] {
                faults.error("duplicate service `\(name)`, first in line \(faults.line(earlier))", at: service.node)
                continue
            }
            nodes[name] = service.node
            declared.append(service)
        }
        return declared
    }

    /// `{from, owner, labels, vars, updates}`: what is beside `from` holds for every service that is found.
    private mutating func discovery(_ item: YAMLNode) {
        guard var reader = MappingReader(item, WorkflowSchema.discovery, faults) else { return }
        let from = reader.required("from")
        let owner = reader.text("owner")
        let labels = reader.assignments("labels") ?? []
        let vars = reader.assignments("vars") ?? []
        let updates = reader.items("updates").map(UpdateDecoder(faults: faults).updates)
        reader.finish()
        checkVariables(vars)
        guard let from else { return }
        let (pattern, complaint) = DiscoveryPattern.parse(from.text)
        if let complaint { faults.error(complaint, at: from.node) }
        guard let pattern else { return }
        for text in [owner].compactMap(\.self) + labels.map(\.value) {
            for name in PlaceholderTemplate(text.text).placeholders where !pattern.captures.contains(name) {
                faults.error(
                    "`from` captures no `{\(name)}`", at: text.node,
                    hint: FaultCollector.nearest(name, among: pattern.captures).map { "did you mean `{\($0)}`?" })
            }
        }
        // An owner that is made of captures is looked up for nobody: the groups may come with the services.
        if let owner, PlaceholderTemplate(owner.text).placeholders.isEmpty { references.append(PersonReference(owner, .owner)) }
        discoveries.append(
            DeclaredDiscovery(
                node: from.node, pattern: pattern, text: from.text, owner: owner?.text, labels: Self.dictionary(labels),
                vars: Self.dictionary(vars), updates: updates))
    }

    private func checkVariables(_ vars: [(key: LocatedText, value: LocatedText)]) {
        for variable in vars where Placeholder.isBuiltIn(variable.key.text) {
            faults.error("the variable `\(variable.key.text)` would hide a placeholder of that name", at: variable.key.node)
        }
    }

    private mutating func service(_ item: YAMLNode) -> DeclaredService? {
        guard item.kind == .mapping else {
            guard let name = faults.text(item, "a service"), isAllowed(name) else { return nil }
            return DeclaredService(service: Service(name: name.text), node: name.node)
        }
        guard var reader = MappingReader(item, WorkflowSchema.service, faults) else { return nil }
        let name = reader.required("name")
        let owner = reader.text("owner")
        let labels = reader.assignments("labels") ?? []
        let vars = reader.assignments("vars") ?? []
        let updates = reader.items("updates").map(UpdateDecoder(faults: faults).updates)
        reader.finish()
        owner.map { references.append(PersonReference($0, .owner)) }
        checkVariables(vars)
        guard let name, isAllowed(name) else { return nil }
        let service = Service(
            name: name.text, owner: owner?.text, labels: Self.dictionary(labels), vars: Self.dictionary(vars),
            updates: updates.map { $0.map(\.update) })
        return DeclaredService(service: service, node: name.node, updates: updates)
    }

    private func isAllowed(_ name: LocatedText) -> Bool {
        let isAllowed = NameRule.service.allows(name.text)
        if !isAllowed { faults.error(NameRule.service.complaint(about: name.text), at: name.node) }
        return isAllowed
    }

    private static func dictionary(_ entries: [(key: LocatedText, value: LocatedText)]) -> [String: String] {
        Dictionary(entries.map { ($0.key.text, $0.value.text) }, uniquingKeysWith: { first, _ in first })
    }
}
