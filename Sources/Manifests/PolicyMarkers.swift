import YAMLEdit

/// The values whose line carries a marker of Flux's image automation: `# {"$imagepolicy": "flux-system:web:tag"}`.
struct PolicyMarkers {
    enum Field: String {
        case tag, name, digest, reference
    }

    struct Marker {
        var policy: String
        var field: Field
        var path: YAMLPath
        var node: YAMLNode
        var text: String
    }

    static let key = "$imagepolicy"

    private let file: YAMLFile
    private let markers: [Marker]

    init(in file: YAMLFile) throws(ManifestError) {
        self.file = file
        var markers: [Marker] = []
        for (path, node) in file.scalars() {
            guard let comment = file.comment(behind: node), comment.contains(Self.key) else { continue }
            guard let (policy, field) = Self.parse(comment) else {
                throw .fault(
                    .notThisKind, "read the marker", "the marker `\(comment)` is not understood", at: node, in: file,
                    hint: "write `{\"\(Self.key)\": \"namespace:name\"}`, with `:tag`, `:name` or `:digest` behind it")
            }
            markers.append(
                Marker(policy: policy, field: field, path: path, node: node, text: node.scalarText ?? ""))
        }
        self.markers = markers
    }

    private static func parse(_ comment: String) -> (policy: String, field: Field)? {
        let marker: String
        do throws(YAMLError) {
            marker = try YAMLFile(bytes: Array(comment.utf8), path: "marker").get(YAMLPath(keys: [key]))
        } catch {
            return nil
        }
        let parts = marker.split(separator: ":", omittingEmptySubsequences: false).map { String($0) }
        guard parts.count == 2 || parts.count == 3, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        let policy = parts[0] + ":" + parts[1]
        guard parts.count == 3 else { return (policy, .reference) }
        return Field(rawValue: parts[2]).flatMap { $0 == .reference ? nil : (policy, $0) }
    }

    /// - Throws: `notFound` with the nearest policy if no value carries its marker.
    func all(of policy: String) throws(ManifestError) -> [Marker] {
        let found = markers.filter { $0.policy == policy }
        guard found.isEmpty else { return found }
        let present = Set(markers.map(\.policy)).sorted()
        let hint = Suggestion.nearest(policy, among: present).map { "did you mean `\($0)`?" }
            ?? (present.isEmpty ? nil : "present: " + present.prefix(8).map { "`\($0)`" }.joined(separator: ", "))
        throw ManifestError(
            code: .notFound, operation: "find the markers", subject: file.path,
            diagnostics: [Diagnostic(message: "no value has a marker of the policy `\(policy)`", hint: hint, path: file.path)])
    }
}
