import YAMLEdit

/// The `images` of a kustomization.
struct KustomizationImages {
    /// What an update wants an entry to say.
    struct Values {
        var newName: String?
        var tag: String?
        var digest: String?

        typealias Field = (key: String, text: String?)

        /// The fields with a value, in the order kustomize users write them.
        var given: [Field] {
            let all: [Field] = [("newName", newName), ("newTag", tag), ("digest", digest)]
            return all.filter { $0.text != nil }
        }

        /// The given fields, and with a nil text those that must go: kustomize prefers a digest over a tag, so a leftover
        /// digest would deploy the old image, and a leftover tag would lie about the new one.
        func fields(replacing entry: Entry) -> [Field] {
            var fields = given
            if tag != nil, digest == nil, entry.has("digest") { fields.append(("digest", nil)) }
            if digest != nil, tag == nil, entry.has("newTag") { fields.append(("newTag", nil)) }
            return fields
        }
    }

    /// One entry of the list.
    struct Entry {
        var node: YAMLNode
        var path: YAMLPath
        var canonical: YAMLPath

        func has(_ key: String) -> Bool { text(key) != nil }

        func text(_ key: String) -> String? {
            node.entriesResolvingMerges().first { $0.key.scalarText == key }?.value.resolved.scalarText
        }
    }

    private static let fileNames = ["kustomization.yaml", "kustomization.yml", "Kustomization"]

    private let file: YAMLFile
    private let document: YAMLLocation
    private let documentPath: YAMLPath
    private let images: YAMLNode?

    /// - Throws: `notThisKind` for a file that is no kustomization, `ambiguous` for several in one file.
    init(in file: YAMLFile) throws(ManifestError) {
        self.file = file
        do throws(YAMLError) {
            documentPath = try Self.documentPath(in: file)
            document = try file.location(of: documentPath)
        } catch {
            throw .yaml(error, operation: "find the kustomization")
        }
        let root = document.node.resolved
        guard Self.isKustomization(root, path: file.path) else {
            throw ManifestError(
                code: .notThisKind, operation: "set image", subject: file.path,
                diagnostics: [
                    file.diagnostic(
                        .error, "this is no kustomization: its kind is not `Kustomization`",
                        at: root.entry(forKey: "kind")?.value ?? root,
                        hint: "use a `yaml` update for other files")
                ])
        }
        images = root.value(forKey: "images")?.resolved
    }

    /// The path of the kustomization's root.
    static func documentPath(in file: YAMLFile) throws(YAMLError) -> YAMLPath {
        let hasKind = file.documents.contains { $0.value(forKey: "kind")?.scalarText == "Kustomization" }
        guard file.documents.count > 1, hasKind else { return YAMLPath(steps: []) }
        return YAMLPath(document: [.init(["kind"], equals: "Kustomization")], steps: [])
    }

    private static func isKustomization(_ root: YAMLNode, path: String) -> Bool {
        guard root.kind == .mapping else { return false }
        let kind = root.value(forKey: "kind")?.resolved.scalarText
        let fileName = path.split(separator: "/").last.map { String($0) } ?? path
        return kind == "Kustomization" || kind == nil && fileNames.contains(fileName)
    }

    private var listPath: YAMLPath { documentPath.appending(.key("images")) }

    /// What a line number of a missing entry refers to.
    var listNode: YAMLNode { images ?? document.node }

    func canonicalPath(of name: String) -> YAMLPath {
        document.path.appending(.key("images"), .item([.init(["name"], equals: name)]))
    }

    /// The entry of that name, nil if there is none.
    ///
    /// - Throws: `ambiguous` if two entries have the name.
    func entry(named name: String) throws(ManifestError) -> Entry? {
        guard let images else { return nil }
        guard images.kind == .sequence else {
            throw fault(.notThisKind, "`images` is \(images.kindPhrase), not a list", at: images)
        }
        let found = images.items.indices.filter { self.name(of: images.items[$0]) == name }
        guard let index = found.first else { return nil }
        guard found.count == 1 else {
            var error = fault(
                .ambiguous, "`images` has \(found.count) entries for `\(name)`", at: images.items[found[1]],
                hint: "keep one of them")
            error.diagnostics.append(
                file.diagnostic(.note, "the first is here", at: images.items[index]))
            throw error
        }
        return Entry(
            node: images.items[index].resolved, path: listPath.appending(.index(index)),
            canonical: canonicalPath(of: name))
    }

    func missing(_ name: String) -> ManifestError {
        let names = (images?.items ?? []).compactMap { self.name(of: $0) }
        let last = name.split(separator: "/").last
        let sameLast = names.filter { $0.split(separator: "/").last == last }
        let near = sameLast.count == 1 ? sameLast.first : Suggestion.nearest(name, among: names)
        let hint =
            near.map { "did you mean `\($0)`?" }
            ?? (names.isEmpty ? "set `create: true` to add it" : "present: " + names.prefix(8).map { "`\($0)`" }.joined(separator: ", "))
        let place = document.node.resolved.entry(forKey: "images")?.key ?? document.node
        return fault(.notFound, "`images` has no entry for `\(name)`", at: place, hint: hint)
    }

    private func name(of item: YAMLNode) -> String? {
        item.entriesResolvingMerges().first { $0.key.scalarText == "name" }?.value.resolved.scalarText
    }

    private func fault(
        _ code: ManifestError.Code, _ message: String, at node: YAMLNode, hint: String? = nil
    ) -> ManifestError {
        ManifestError(
            code: code, operation: "set image", subject: file.path,
            diagnostics: [file.diagnostic(.error, message, at: node, hint: hint)])
    }
}

extension ManifestFile {
    /// What a kustomization says of an image; nil if it has no entry of that name.
    ///
    /// - Throws: ``ManifestError`` if the file is no kustomization or names the image twice.
    public func kustomizationImage(
        named name: String
    ) throws(ManifestError) -> (newName: String?, tag: String?, digest: String?)? {
        guard let entry = try KustomizationImages(in: file).entry(named: name) else { return nil }
        return (entry.text("newName"), entry.text("newTag"), entry.text("digest"))
    }
}
