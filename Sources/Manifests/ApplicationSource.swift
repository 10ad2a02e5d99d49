import YAMLEdit

/// The source of an Argo CD Application that an update means.
///
/// `sourceHydrator` wins over `sources`, and non-empty `sources` win over `source`, as in Argo CD; of a hydrated application the
/// `drySource` is the one that people edit.
struct ApplicationSource {
    /// The path of the source's mapping.
    let path: YAMLPath

    /// The source's mapping.
    let node: YAMLNode

    /// The Application's name and namespace, by which an override file beside its manifests is found; nil for an ApplicationSet,
    /// whose names a generator makes.
    private(set) var application: (name: String, namespace: String?)?

    /// - Throws: `notThisKind` for a file without an Application, `ambiguous` for several Applications or sources, `notFound` if
    ///   no source fits.
    init(in file: YAMLFile, selector: SourceSelector) throws(ManifestError) {
        let isSet = selector.holder == .applicationSet
        let kind = isSet ? "ApplicationSet" : "Application"
        let object = try ManifestObject.one(
            in: file, kinds: [kind], group: "argoproj.io", what: "\(kind) of argoproj.io", named: selector.object)
        func fault(
            _ code: ManifestError.Code, _ message: String, at node: YAMLNode, hint: String? = nil
        ) -> ManifestError {
            ManifestError(
                code: code, operation: "find the source", subject: file.path,
                diagnostics: [file.diagnostic(.error, message, at: node, hint: hint)])
        }
        var root = object.root
        var holder = object.path
        let metadata = root.child("metadata")
        application = isSet ? nil : metadata?.text("name").map { ($0, metadata?.text("namespace")) }
        if isSet {
            guard let template = root.child("spec")?.child("template"), template.kind == .mapping else {
                throw fault(.notFound, "the ApplicationSet has no `spec.template`", at: root)
            }
            root = template
            holder = holder.appending(.key("spec"), .key("template"))
        }
        guard let spec = Self.child("spec", of: root), spec.kind == .mapping else {
            throw fault(.notFound, "the \(kind) has no `spec`", at: root)
        }
        let specPath = holder.appending(.key("spec"))
        let sources = Self.child("sources", of: spec)
        if let hydrator = Self.child("sourceHydrator", of: spec), hydrator.kind == .mapping {
            let dry = Self.child("drySource", of: hydrator)
            guard let dry, Self.fits(dry, selector, index: 0) else {
                throw fault(.notFound, "`drySource` does not fit \(selector.description)", at: hydrator)
            }
            node = dry
            path = specPath.appending(.key("sourceHydrator"), .key("drySource"))
        } else if let sources, sources.kind == .sequence, !sources.items.isEmpty {
            let found = sources.items.indices.filter { Self.fits(sources.items[$0], selector, index: $0) }
            guard found.count == 1, let index = found.first else {
                let what = found.isEmpty
                    ? "no source fits \(selector.description)"
                    : "the \(kind) has \(found.count) sources that fit"
                var error = fault(
                    found.isEmpty ? .notFound : .ambiguous, what,
                    at: spec.entry(forKey: "sources")?.key ?? sources,
                    hint: "choose one with `source: {repo_url, chart, name or index}`")
                error.diagnostics += Self.notes(sources, file)
                throw error
            }
            node = sources.items[index].resolved
            path = specPath.appending(.key("sources"), .index(index))
        } else {
            guard let source = Self.child("source", of: spec), source.kind == .mapping else {
                throw fault(
                    .notFound, "`spec` has neither `source` nor `sources`",
                    at: root.entry(forKey: "spec")?.key ?? spec)
            }
            guard Self.fits(source, selector, index: 0) else {
                throw fault(
                    .notFound, "`spec.source` does not fit \(selector.description)",
                    at: spec.entry(forKey: "source")?.key ?? source)
            }
            node = source
            path = specPath.appending(.key("source"))
        }
    }

    private static func fits(_ source: YAMLNode, _ selector: SourceSelector, index: Int) -> Bool {
        func matches(_ key: String, _ wanted: String?) -> Bool {
            wanted.map { text(key, of: source) == $0 } ?? true
        }
        return matches("repoURL", selector.repoURL) && matches("chart", selector.chart)
            && matches("name", selector.name) && (selector.index.map { $0 == index } ?? true)
    }

    private static func notes(_ sources: YAMLNode, _ file: YAMLFile) -> [Diagnostic] {
        sources.items.enumerated().map { index, source in
            let parts = ["name", "chart", "repoURL", "path"].compactMap { key in
                text(key, of: source).map { "\(key) \($0)" }
            }
            return file.diagnostic(
                .note, "source \(index): \(parts.joined(separator: ", "))", at: source)
        }
    }

    private static func child(_ key: String, of node: YAMLNode) -> YAMLNode? { node.child(key) }

    private static func text(_ key: String, of node: YAMLNode) -> String? { node.text(key) }
}
