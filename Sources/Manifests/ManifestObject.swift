import YAMLEdit

/// A Kubernetes object of a file.
struct ManifestObject {
    let root: YAMLNode
    let kind: String
    let name: String?
    /// The path of its document.
    let path: YAMLPath

    /// The objects of these kinds whose `apiVersion` is of the group (`argoproj.io`), in file order.
    static func all(in file: YAMLFile, kinds: Set<String>, group: String?) -> [ManifestObject] {
        file.documents.enumerated().compactMap { index, document in
            let root = document.resolved
            guard let kind = root.text("kind"), kinds.contains(kind) else { return nil }
            if let group, root.text("apiVersion")?.hasPrefix(group + "/") != true { return nil }
            return ManifestObject(
                root: root, kind: kind, name: root.child("metadata")?.text("name"),
                path: YAMLPath(document: file.selector(of: index), steps: []))
        }
    }

    /// Whether the object is the one that `Kind/name`, or a name alone, means.
    func isNamed(_ selector: String?) -> Bool {
        guard let selector else { return true }
        guard let slash = selector.firstIndex(of: "/") else { return name == selector }
        return kind == selector[..<slash] && name ?? "" == selector[selector.index(after: slash)...]
    }

    var title: String { kind + (name.map { "/\($0)" } ?? "") }

    /// The one object that is meant.
    ///
    /// - Parameter what: "an Application of argoproj.io", for messages.
    /// - Throws: `notThisKind` if the file has no such object, `notFound` if none has the name, `ambiguous` for several.
    static func one(
        in file: YAMLFile, kinds: Set<String>, group: String, what: String, named selector: String?
    ) throws(ManifestError) -> ManifestObject {
        let all = all(in: file, kinds: kinds, group: group)
        let found = all.filter { $0.isNamed(selector) }
        if let object = found.first, found.count == 1 { return object }
        func fault(_ code: ManifestError.Code, _ message: String, hint: String?, notes: [ManifestObject]) -> ManifestError {
            let kind = notes.isEmpty ? file.documents.first?.resolved.entry(forKey: "kind")?.value : nil
            let first = kind.map { file.diagnostic(.error, message, at: $0, hint: hint) }
                ?? Diagnostic(message: message, hint: hint, path: file.path)
            return ManifestError(
                code: code, operation: "find \(what)", subject: file.path,
                diagnostics: [first] + notes.map { file.diagnostic(.note, "\($0.title) is here", at: $0.root) })
        }
        if all.isEmpty { throw fault(.notThisKind, "the file holds no \(what)", hint: nil, notes: []) }
        if found.isEmpty {
            let near = selector.flatMap { Suggestion.nearest($0, among: all.map { $0.name ?? "" } + all.map(\.title)) }
            throw fault(
                .notFound, "no \(what) is `\(selector ?? "")`", hint: near.map { "did you mean `\($0)`?" }, notes: all)
        }
        let plural = kinds.count == 1 ? "\(kinds.first ?? "object")s" : "such objects"
        throw fault(
            .ambiguous, "the file holds \(found.count) \(plural), so it is not clear which one is meant",
            hint: "name one with `object: \(found[0].title)`", notes: found)
    }
}

extension YAMLNode {
    /// The value of a key, through aliases and merge keys.
    func child(_ key: String) -> YAMLNode? {
        entriesResolvingMerges().first { $0.key.resolved.scalarText == key }?.value.resolved
    }

    /// The text of a key's value; nil for a missing key and for a list or map.
    func text(_ key: String) -> String? { child(key)?.scalarText }

    /// Whether this is null or not written at all.
    var isNull: Bool {
        guard kind == .scalar, style == .plain else { return false }
        return scalarType == .null
    }
}
