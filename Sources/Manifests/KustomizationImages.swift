import YAMLEdit

/// The `images` of a kustomization, or of `spec` of a Flux Kustomization.
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

        /// Exactly the given fields: others of kustomize's are removed, with the suffix that would be added to a tag.
        func fieldsAlone(replacing entry: Entry) -> [Field] {
            given + ["newName", "newTag", "digest", "tagSuffix"].filter { key in
                entry.has(key) && !given.contains { $0.key == key }
            }.map { ($0, nil) }
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
            node.text(key)
        }
    }

    private static let fileNames = ["kustomization.yaml", "kustomization.yml", "Kustomization"]

    private let file: YAMLFile
    /// The mapping that holds `images`.
    private let holder: YAMLPath
    private let holderNode: YAMLNode
    private let images: YAMLNode?

    /// - Throws: `notThisKind` for a file that is no kustomization, `ambiguous` for several in one file.
    init(in file: YAMLFile) throws(ManifestError) {
        do throws(YAMLError) {
            let location = try file.location(of: try Self.documentPath(in: file))
            let root = location.node.resolved
            if Self.isKustomization(root, path: file.path) {
                self.init(in: file, holder: location.path, node: root)
                return
            }
        } catch {
            throw .yaml(error, operation: "find the kustomization")
        }
        let root = file.documents.first?.resolved
        let place = root?.entry(forKey: "kind")?.value ?? root
        let message = "this is no kustomization: its kind is not `Kustomization`"
        let hint = "use a `yaml` update for other files"
        let diagnostic = place.map { file.diagnostic(.error, message, at: $0, hint: hint) }
        throw ManifestError(
            code: .notThisKind, operation: "set image", subject: file.path,
            diagnostics: [diagnostic ?? Diagnostic(message: message, hint: hint, path: file.path)])
    }

    init(in file: YAMLFile, holder: YAMLPath, node: YAMLNode) {
        self.file = file
        self.holder = holder
        holderNode = node
        images = node.value(forKey: "images")?.resolved
    }

    /// The path of the kustomization's root.
    static func documentPath(in file: YAMLFile) throws(YAMLError) -> YAMLPath {
        let hasKind = file.documents.contains { $0.value(forKey: "kind")?.scalarText == "Kustomization" }
        guard file.documents.count > 1, hasKind else { return YAMLPath(steps: []) }
        return YAMLPath(document: [.init(["kind"], equals: "Kustomization")], steps: [])
    }

    static func isKustomization(_ root: YAMLNode, path: String) -> Bool {
        guard root.kind == .mapping else { return false }
        let kind = root.value(forKey: "kind")?.resolved.scalarText
        let fileName = path.split(separator: "/").last.map { String($0) } ?? path
        // A Flux Kustomization has the same kind; what it deploys stands below its `spec`.
        let isFlux = root.value(forKey: "apiVersion")?.resolved.scalarText?.hasPrefix(FluxObject.kustomizationGroup) ?? false
        return !isFlux && (kind == "Kustomization" || kind == nil && fileNames.contains(fileName))
    }

    private var listPath: YAMLPath { holder.appending(.key("images")) }

    /// What a line number of a missing entry refers to.
    var listNode: YAMLNode { images ?? holderNode }

    func canonicalPath(of name: String) -> YAMLPath {
        holder.appending(.key("images"), .item([.init(["name"], equals: name)]))
    }

    /// The entry of that name, nil if there is none.
    ///
    /// - Throws: `ambiguous` if two entries have the name: which of them a person meant to keep is not for a promotion to say.
    func entry(named name: String) throws(ManifestError) -> Entry? {
        let found = try entries(named: name)
        guard found.count > 1 else { return found.first }
        var error = fault(
            .ambiguous, "`images` has \(found.count) entries for `\(name)`", at: found[1].node,
            hint: "keep one of them; `gradus edit image` keeps the last, as kustomize does")
        error.diagnostics.append(file.diagnostic(.note, "the first is here", at: found[0].node))
        throw error
    }

    /// The entries of that name in file order; the last one is what kustomize deploys (`semantics.md` section 6).
    func entries(named name: String) throws(ManifestError) -> [Entry] {
        guard let images, !images.isMissing else { return [] }
        guard images.kind == .sequence else {
            throw fault(.notThisKind, "`images` is \(images.kindPhrase), not a list", at: images)
        }
        return images.items.indices.filter { self.name(of: images.items[$0]) == name }.map { index in
            Entry(
                node: images.items[index].resolved, path: listPath.appending(.index(index)),
                canonical: canonicalPath(of: name))
        }
    }

    func missing(_ name: String) -> ManifestError {
        let names = (images?.items ?? []).compactMap { self.name(of: $0) }
        let last = name.split(separator: "/").last
        let sameLast = names.filter { $0.split(separator: "/").last == last }
        let near = sameLast.count == 1 ? sameLast.first : Suggestion.nearest(name, among: names)
        let hint =
            near.map { "did you mean `\($0)`?" }
            ?? (names.isEmpty ? "set `create: true` to add it" : "present: " + names.prefix(8).map { "`\($0)`" }.joined(separator: ", "))
        let place = holderNode.entry(forKey: "images")?.key ?? holderNode
        return fault(.notFound, "`images` has no entry for `\(name)`", at: place, hint: hint)
    }

    private func name(of item: YAMLNode) -> String? {
        item.text("name")
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
    /// What a kustomization says of an image, by its last entry of that name; nil if it has none.
    ///
    /// - Throws: ``ManifestError`` if the file is no kustomization.
    public func kustomizationImage(
        named name: String
    ) throws(ManifestError) -> (newName: String?, tag: String?, digest: String?)? {
        guard let entry = try KustomizationImages(in: file).entries(named: name).last else { return nil }
        return (entry.text("newName"), entry.text("newTag"), entry.text("digest"))
    }
}
