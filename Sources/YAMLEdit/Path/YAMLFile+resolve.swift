extension YAMLFile {
    /// Finds what a path leads to, following aliases and merge keys on the way.
    ///
    /// - Throws: ``YAMLError`` with code `notFound` (the deepest node that exists, the nearest name), `ambiguous` (several
    ///   documents or items fit).
    public func location(of path: YAMLPath) throws(YAMLError) -> YAMLLocation {
        try resolve(path, access: .reading)
    }

    /// The node at a path; see ``location(of:)`` for what is thrown.
    public func node(at path: YAMLPath) throws(YAMLError) -> YAMLNode {
        try location(of: path).node
    }

    /// The decoded text of the scalar at a path, through aliases.
    ///
    /// - Throws: as ``location(of:)``, and `wrongKind` if a list or map stands there.
    public func get(_ path: YAMLPath) throws(YAMLError) -> String {
        if let (outer, inner) = path.embedded { return try embeddedText(at: outer, access: .reading).file.get(inner) }
        let location = try location(of: path)
        guard let text = location.node.resolved.scalarText else {
            throw wrongKind(location, operation: "read \(path)")
        }
        return text
    }

    func wrongKind(_ location: YAMLLocation, operation: String) -> YAMLError {
        let node = location.node.resolved
        return YAMLError(
            code: .wrongKind, operation: operation, subject: self.path,
            diagnostics: [
                diagnostic(
                    .error, "`\(location.path)` is \(node.kindPhrase), not a single value",
                    at: location.key ?? location.node,
                    hint: node.keys.first.map {
                        "name a key below it, as in `\(location.path.appending(.key($0)))`"
                    })
            ])
    }

    func resolve(_ path: YAMLPath, access: PathWalk.Access) throws(YAMLError) -> YAMLLocation {
        var candidates = Array(documents.indices)
        if !path.document.isEmpty {
            candidates = candidates.filter { PathWalk.meets(documents[$0], path.document) }
            guard candidates.count == 1 else { throw selectorError(path, matches: candidates) }
        }
        var found: [YAMLLocation] = []
        var deepest: PathWalk.Stop?
        for index in candidates {
            do throws(PathWalk.Stop) {
                let walk = try PathWalk(
                    file: self, path: path, access: access, root: documents[index])
                if access == .writing, let refusal = walk.refusalToWriteThroughAlias() {
                    throw PathWalk.Stop(error: refusal, depth: .max)
                }
                let canonical = YAMLPath(document: selector(of: index), steps: walk.canonical)
                found.append(
                    YAMLLocation(
                        documentIndex: index, node: walk.node, path: canonical,
                        ancestors: walk.ancestors, key: walk.key
                    ).moved(toAnchorIn: documents[index], access))
            } catch {
                // A refusal is no miss: the path exists there, so it must not fall to another document.
                let depth = error.error.code == .notFound ? error.depth : .max
                if deepest.map({ $0.depth < depth }) ?? true {
                    deepest = PathWalk.Stop(error: error.error, depth: depth)
                }
            }
        }
        if let deepest, deepest.depth == .max { throw deepest.error }
        if found.count == 1 { return found[0] }
        if !found.isEmpty { throw severalDocuments(path, found) }
        if let deepest { throw deepest.error }
        throw YAMLError(
            code: .notFound, operation: "find \(path)", subject: self.path,
            diagnostics: [Diagnostic(message: "the file holds no document", path: self.path)])
    }

    /// What names a document among several: kind and name, where they do not suffice also namespace and apiVersion.
    ///
    /// Empty for the only document, and for one that none of them tells from the others.
    public func selector(of index: Int) -> [YAMLPath.Condition] {
        guard documents.count > 1, documents.indices.contains(index) else { return [] }
        var conditions: [YAMLPath.Condition] = []
        for group in [[["kind"], ["metadata", "name"]], [["metadata", "namespace"]], [["apiVersion"]]] {
            conditions += group.compactMap { keys in
                PathWalk.text(of: documents[index], at: keys).map { YAMLPath.Condition(keys, equals: $0) }
            }
            if documents.count(where: { PathWalk.meets($0, conditions) }) == 1 { return conditions }
        }
        return []
    }

    private func selectorError(_ path: YAMLPath, matches: [Int]) -> YAMLError {
        let text = String(YAMLPath(document: path.document, steps: []).description.dropLast())
        let isMissing = matches.isEmpty
        let shown = isMissing ? Array(documents.indices) : matches
        var diagnostics = [
            Diagnostic(
                message: isMissing
                    ? "no document has \(text)" : "\(matches.count) documents have \(text)",
                path: self.path)
        ]
        diagnostics += shown.prefix(8).map { documentNote($0) }
        return YAMLError(
            code: isMissing ? .notFound : .ambiguous, operation: "find \(path)", subject: self.path,
            diagnostics: diagnostics)
    }

    private func severalDocuments(_ path: YAMLPath, _ found: [YAMLLocation]) -> YAMLError {
        let example = found.lazy.map { selector(of: $0.documentIndex) }.first { !$0.isEmpty }
        let hint = example.map { "choose one: `\(YAMLPath(document: $0, steps: path.steps))`" }
        var diagnostics = [
            Diagnostic(
                message: "`\(path)` exists in \(found.count) documents", hint: hint, path: self.path)
        ]
        diagnostics += found.prefix(8).map { location in
            diagnostic(.note, "one is here", at: location.key ?? location.node)
        }
        return YAMLError(
            code: .ambiguous, operation: "find \(path)", subject: self.path, diagnostics: diagnostics)
    }

    private func documentNote(_ index: Int) -> Diagnostic {
        let selector = selector(of: index)
        let name = selector.isEmpty
            ? "" : ": " + YAMLPath(document: selector, steps: []).description.dropLast()
        return diagnostic(.note, "document \(index + 1) is here\(name)", at: documents[index])
    }
}
