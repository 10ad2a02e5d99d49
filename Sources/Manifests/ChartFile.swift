import YAMLEdit

/// A Helm chart's `Chart.yaml`, or the `requirements.yaml` of an old one.
struct ChartFile {
    private let file: YAMLFile
    private let root: YAMLNode

    /// - Throws: `notThisKind` for a file that is no chart.
    init(in file: YAMLFile) throws(ManifestError) {
        self.file = file
        let root = file.documents.first?.resolved
        let isChart = root?.text("name") != nil && root?.text("version") != nil && root?.child("kind") == nil
        guard let root, file.documents.count == 1, isChart || root.child("dependencies")?.kind == .sequence else {
            let message = "this is no Chart.yaml: it has no `name` and `version`"
            throw ManifestError(
                code: .notThisKind, operation: "read the chart", subject: file.path,
                diagnostics: [
                    root.map { file.diagnostic(.error, message, at: $0) } ?? Diagnostic(message: message, path: file.path)
                ])
        }
        self.root = root
    }

    /// - Throws: `notFound` with the nearest name, `ambiguous` if two dependencies have the name.
    func path(of field: ChartField) throws(ManifestError) -> YAMLPath {
        switch field {
        case .version: return YAMLPath(keys: ["version"])
        case .appVersion: return YAMLPath(keys: ["appVersion"])
        case .dependency(let name):
            let items = (root.child("dependencies")?.items ?? []).map(\.resolved)
            // An alias is the dependency's name in this chart; two may share a name and differ in alias.
            for key in ["alias", "name"] {
                let found = items.indices.filter { items[$0].text(key) == name }
                guard let index = found.first else { continue }
                guard found.count == 1 else {
                    throw .fault(
                        .ambiguous, "find the dependency", "\(found.count) dependencies have the \(key) `\(name)`",
                        at: items[found[1]], in: file)
                }
                return YAMLPath(steps: [.key("dependencies"), .index(index), .key("version")])
            }
            let names = items.flatMap { [$0.text("alias"), $0.text("name")].compactMap(\.self) }
            throw .fault(
                .notFound, "find the dependency", "the chart has no dependency `\(name)`",
                at: root.entry(forKey: "dependencies")?.key ?? root, in: file,
                hint: Suggestion.nearest(name, among: names).map { "did you mean `\($0)`?" }
                    ?? (names.isEmpty ? nil : "present: " + names.map { "`\($0)`" }.joined(separator: ", ")))
        }
    }
}
