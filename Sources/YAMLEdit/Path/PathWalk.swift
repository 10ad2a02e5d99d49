/// Follows a path through one document.
struct PathWalk {
    /// Whether aliases and merge keys may be followed: a reader sees through them, an edit must not.
    enum Access {
        case reading, writing
        /// For an edit that was asked to change the value where the alias or merge key takes it from.
        case writingAtAnchors
    }

    /// Why the walk stopped.
    struct Stop: Error {
        var error: YAMLError
        /// How many steps were found: the document that leads farthest explains best.
        var depth: Int
    }

    let file: YAMLFile
    let path: YAMLPath
    let access: Access
    private(set) var node: YAMLNode
    private(set) var key: YAMLNode?
    private(set) var ancestors: [YAMLNode] = []
    private(set) var canonical: [YAMLPath.Step] = []

    init(file: YAMLFile, path: YAMLPath, access: Access, root: YAMLNode) throws(Stop) {
        self.file = file
        self.path = path
        self.access = access
        node = root
        for step in path.steps {
            try enterAlias()
            switch step {
            case .key(let name): try take(key: name)
            case .index(let index): try take(index: index)
            case .item(let conditions): try take(conditions)
            case .inside:
                // Callers split such paths, see `YAMLPath.embedded`.
                throw stop(fault(.wrongKind, "\(placeName) would have to be entered as a text", at: nameNode))
            }
        }
    }

    private mutating func enterAlias() throws(Stop) {
        guard let target = node.aliasTarget else { return }
        guard access != .writing else { throw stop(aliasError(node, target: target)) }
        node = target
    }

    private mutating func take(key name: String) throws(Stop) {
        guard node.kind == .mapping else { throw stop(noMapping(name)) }
        if let entry = node.entry(forKey: name) {
            descend(to: entry.value, key: entry.key, step: .key(name))
            return
        }
        guard let merged = node.entriesResolvingMerges().first(where: { $0.key.resolved.scalarText == name })
        else {
            let near = Suggestion.nearest(name, among: node.keys)
            throw stop(
                fault(
                    .notFound, "\(placeName) has no key `\(name)`", at: nameNode,
                    hint: near.map { "did you mean `\($0)`?" }))
        }
        guard access != .writing else { throw stop(mergeError(name, merged)) }
        descend(to: merged.value, key: merged.key, step: .key(name))
    }

    private mutating func take(index: Int) throws(Stop) {
        guard node.kind == .sequence else { throw stop(noSequence()) }
        guard index < node.items.count else {
            let count = node.items.count
            throw stop(
                fault(
                    .notFound, "\(placeName) has no item \(index)", at: nameNode,
                    hint: "the list has \(count) item\(count == 1 ? "" : "s"), counted from 0"))
        }
        let step = name(ofItem: index) ?? .index(index)
        descend(to: node.items[index], key: nil, step: step)
    }

    private mutating func take(_ conditions: [YAMLPath.Condition]) throws(Stop) {
        guard node.kind == .sequence else { throw stop(noSequence()) }
        let found = node.items.indices.filter { Self.meets(node.items[$0], conditions) }
        guard let index = found.first else { throw stop(noItem(conditions)) }
        guard found.count == 1 else {
            let places = found.map { file.source.diagnostic(.note, "one is here", range: node.items[$0].range) }
            var error = fault(
                .ambiguous,
                "\(found.count) items of \(placeName) have \(YAMLPath(steps: [.item(conditions)]))",
                at: nameNode)
            error.diagnostics += places
            throw stop(error)
        }
        descend(to: node.items[index], key: nil, step: name(ofItem: index) ?? .item(conditions))
    }

    private mutating func descend(to next: YAMLNode, key: YAMLNode?, step: YAMLPath.Step) {
        ancestors.append(node)
        canonical.append(step)
        node = next
        self.key = key
    }

    // MARK: Conditions

    /// Whether the texts at the conditions' keys are the ones asked for; aliases and merges count.
    static func meets(_ node: YAMLNode, _ conditions: [YAMLPath.Condition]) -> Bool {
        conditions.allSatisfy { text(of: node, at: $0.keys) == $0.value }
    }

    static func text(of node: YAMLNode, at keys: [String]) -> String? {
        var current = node.resolved
        if current.kind == .scalar, keys == [ListedImage.key] { return current.scalarText.flatMap(ListedImage.name) }
        for key in keys {
            let entry = current.entriesResolvingMerges().first { $0.key.resolved.scalarText == key }
            guard let value = entry?.value else { return nil }
            current = value.resolved
        }
        return current.scalarText
    }

    /// `[name=…]`, in a list of image texts `[image=…]`, for an item whose name no other item has.
    private func name(ofItem index: Int) -> YAMLPath.Step? {
        let key = node.items[index].resolved.kind == .scalar && canonical.suffix(2) == ListedImage.list ? ListedImage.key : "name"
        guard let name = Self.text(of: node.items[index], at: [key]) else { return nil }
        let condition = YAMLPath.Condition([key], equals: name)
        return node.items.count { Self.meets($0, [condition]) } == 1 ? .item([condition]) : nil
    }

    // MARK: Faults

    private var placeName: String {
        canonical.isEmpty ? "the document" : "`\(YAMLPath(steps: canonical))`"
    }

    /// What to point at for the node: its key if it has one, because a collection spans many lines.
    private var nameNode: YAMLNode { key ?? node }

    private func stop(_ error: YAMLError) -> Stop { Stop(error: error, depth: canonical.count) }

    private func fault(
        _ code: YAMLError.Code, _ message: String, at place: YAMLNode, hint: String? = nil
    ) -> YAMLError {
        YAMLError(
            code: code, operation: "find \(path)", subject: file.path,
            diagnostics: [file.diagnostic(.error, message, at: place, hint: hint)])
    }

    private func noMapping(_ name: String) -> YAMLError {
        var hint: String?
        if node.kind == .sequence {
            hint = Int(name) != nil ? "write `[\(name)]`" : "choose an item: `[0]` or `[name=…]`"
        }
        let what = node.isMissing ? "empty" : node.kindPhrase
        return fault(.notFound, "\(placeName) is \(what), so it has no key `\(name)`", at: nameNode, hint: hint)
    }

    private func noSequence() -> YAMLError {
        let what = node.isMissing ? "empty" : "\(node.kindPhrase), not a list"
        return fault(.notFound, "\(placeName) is \(what)", at: nameNode)
    }

    private func noItem(_ conditions: [YAMLPath.Condition]) -> YAMLError {
        var hint: String?
        if let condition = conditions.first {
            let present = node.items.compactMap { Self.text(of: $0, at: condition.keys) }
            if let near = Suggestion.nearest(condition.value, among: present) {
                hint = "did you mean `\(near)`?"
            } else if !present.isEmpty {
                hint = "present: " + present.prefix(8).map { "`\($0)`" }.joined(separator: ", ")
            }
        }
        return fault(
            .notFound, "\(placeName) has no item \(YAMLPath(steps: [.item(conditions)]))", at: nameNode,
            hint: hint)
    }

    private func aliasError(_ alias: YAMLNode, target: YAMLNode) -> YAMLError {
        let name = alias.anchor ?? ""
        var error = fault(
            .throughAlias, "\(placeName) is the alias `*\(name)`; an edit here would change other places too",
            at: alias, hint: "edit the value at the anchor, or write the value out here")
        error.diagnostics.append(file.diagnostic(.note, "the anchor `&\(name)` is here", at: target))
        return error
    }

    private func mergeError(_ name: String, _ merged: YAMLNode.Entry) -> YAMLError {
        let merge = node.entries.first { node.isMerge($0) }?.value ?? node
        var error = fault(
            .throughAlias, "\(placeName) has `\(name)` only through the merge key `<<`", at: merge,
            hint: "edit the value where it stands, or write the key out here")
        error.diagnostics.append(
            file.diagnostic(.note, "`\(name)` stands here", at: merged.key))
        return error
    }

    /// The error for a node that is an alias where a value must be written.
    func refusalToWriteThroughAlias() -> YAMLError? {
        node.aliasTarget.map { aliasError(node, target: $0) }
    }
}
