import YAMLEdit

/// The source of an Argo CD Application that an update means.
///
/// `sourceHydrator` wins over `sources`, and non-empty `sources` win over `source`, as in Argo CD; of a hydrated application the
/// `drySource` is the one that people edit.
struct ApplicationSource {
    /// The path of the source's mapping.
    let path: YAMLPath

    /// - Throws: `notThisKind` for a file without an Application, `ambiguous` for several Applications or sources, `notFound` if
    ///   no source fits.
    init(in file: YAMLFile, selector: SourceSelector) throws(ManifestError) {
        let application = try Self.application(in: file)
        func fault(
            _ code: ManifestError.Code, _ message: String, at node: YAMLNode, hint: String? = nil
        ) -> ManifestError {
            ManifestError(
                code: code, operation: "find the source", subject: file.path,
                diagnostics: [file.diagnostic(.error, message, at: node, hint: hint)])
        }
        let root = application.root
        guard let spec = Self.child("spec", of: root), spec.kind == .mapping else {
            throw fault(.notFound, "the Application has no `spec`", at: root)
        }
        let specPath = YAMLPath(document: application.selector, steps: [.key("spec")])
        let sources = Self.child("sources", of: spec)
        if let hydrator = Self.child("sourceHydrator", of: spec), hydrator.kind == .mapping {
            let dry = Self.child("drySource", of: hydrator)
            guard let dry, Self.fits(dry, selector, index: 0) else {
                throw fault(.notFound, "`drySource` does not fit \(selector.description)", at: hydrator)
            }
            path = specPath.appending(.key("sourceHydrator"), .key("drySource"))
        } else if let sources, sources.kind == .sequence, !sources.items.isEmpty {
            let found = sources.items.indices.filter { Self.fits(sources.items[$0], selector, index: $0) }
            guard found.count == 1, let index = found.first else {
                let what = found.isEmpty
                    ? "no source fits \(selector.description)"
                    : "the Application has \(found.count) sources that fit"
                var error = fault(
                    found.isEmpty ? .notFound : .ambiguous, what,
                    at: spec.entry(forKey: "sources")?.key ?? sources,
                    hint: "choose one with `source: {repo_url, chart, name or index}`")
                error.diagnostics += Self.notes(sources, file)
                throw error
            }
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
            path = specPath.appending(.key("source"))
        }
    }

    private static func application(
        in file: YAMLFile
    ) throws(ManifestError) -> (root: YAMLNode, selector: [YAMLPath.Condition]) {
        let found = file.documents.filter { root in
            text("kind", of: root) == "Application"
                && text("apiVersion", of: root)?.hasPrefix("argoproj.io/") ?? false
        }
        guard let root = found.first, found.count == 1 else {
            throw wrongCount(found, file)
        }
        guard file.documents.count > 1 else { return (root, []) }
        let conditions = ["apiVersion", "kind"].compactMap { key in
            text(key, of: root).map { YAMLPath.Condition([key], equals: $0) }
        }
        return (root, conditions)
    }

    private static func wrongCount(_ found: [YAMLNode], _ file: YAMLFile) -> ManifestError {
        guard found.isEmpty else {
            let notes = found.map { root in
                let name = child("metadata", of: root).flatMap { text("name", of: $0) } ?? "without name"
                return file.diagnostic(.note, "Application \(name) is here", at: root)
            }
            let first = Diagnostic(
                message: "the file holds \(found.count) Applications, so it is not clear which one is meant",
                hint: "use a `yaml` update with `kind=Application,metadata.name=NAME#spec…`", path: file.path)
            return ManifestError(
                code: .ambiguous, operation: "find the Application", subject: file.path,
                diagnostics: [first] + notes)
        }
        let message = "the file holds no Application of argoproj.io"
        let kind = file.documents.first.flatMap { $0.resolved.entry(forKey: "kind")?.value }
        let diagnostic = kind.map { file.diagnostic(.error, message, at: $0) }
        return ManifestError(
            code: .notThisKind, operation: "find the Application", subject: file.path,
            diagnostics: [diagnostic ?? Diagnostic(message: message, path: file.path)])
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

    private static func child(_ key: String, of node: YAMLNode) -> YAMLNode? {
        node.entriesResolvingMerges().first { $0.key.resolved.scalarText == key }?.value.resolved
    }

    private static func text(_ key: String, of node: YAMLNode) -> String? {
        child(key, of: node)?.scalarText
    }
}
