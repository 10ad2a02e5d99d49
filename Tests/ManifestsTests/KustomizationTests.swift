import Manifests
import Testing
import YAMLEdit

@Suite struct KustomizationTests {
    static let header = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"

    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var before: String
        var update: ManifestUpdate
        var after: String
        var changes: [String]

        var testDescription: String { name }
    }

    private static func image(
        _ name: String, newName: String? = nil, tag: String? = nil, digest: String? = nil, create: Bool = false
    ) -> ManifestUpdate {
        .kustomizationImage(name: name, newName: newName, tag: tag, digest: digest, create: create)
    }

    static let rows: [Row] = [
        Row(
            name: "tag with comment",
            before: "images:\n- name: web\n  newTag: v1 # {\"$imagepolicy\": \"x\"}\n- name: api # keep\n  newTag: v1\n",
            update: image("web", tag: "1.10"),
            after: "images:\n- name: web\n  newTag: \"1.10\" # {\"$imagepolicy\": \"x\"}\n- name: api # keep\n  newTag: v1\n",
            changes: ["2 images[name=web].newTag: v1 -> 1.10"]),
        Row(
            name: "tag removes a digest",
            before: "images:\n  - name: r.example/web # c\n    digest: sha256:aa\n    newTag: 'v1'\n  - name: b\n",
            update: image("r.example/web", tag: "v2"),
            after: "images:\n  - name: r.example/web # c\n    newTag: 'v2'\n  - name: b\n",
            changes: [
                "images[name=r.example/web].newTag: v1 -> v2", "images[name=r.example/web].digest: sha256:aa -> -",
            ]),
        Row(
            name: "tag instead of the only digest",
            before: "images:\n- name: web\n  digest: sha256:aa # pinned\nresources: []\n", update: image("web", tag: "v2"),
            after: "images:\n- name: web\n  newTag: v2\nresources: []\n",
            changes: ["images[name=web].newTag: - -> v2", "images[name=web].digest: sha256:aa -> -"]),
        Row(
            name: "digest removes a tag", before: "images:\n- {name: web, newTag: v1}\n",
            update: image("web", digest: "sha256:bb"), after: "images:\n- {name: web, digest: sha256:bb}\n",
            changes: ["images[name=web].digest: - -> sha256:bb", "images[name=web].newTag: v1 -> -"]),
        Row(
            name: "tag and digest", before: "images:\n- name: web\n  newTag: v1\n",
            update: image("web", tag: "v2", digest: "sha256:bb"),
            after: "images:\n- name: web\n  newTag: v2\n  digest: sha256:bb\n",
            changes: ["images[name=web].newTag: v1 -> v2", "images[name=web].digest: - -> sha256:bb"]),
        Row(
            name: "missing tag is inserted", before: "images:\r\n- name: web\r\n- name: b\r\n", update: image("web", tag: "7"),
            after: "images:\r\n- name: web\r\n  newTag: \"7\"\r\n- name: b\r\n",
            changes: ["images[name=web].newTag: - -> 7"]),
        Row(
            name: "new name is set, tag stays", before: "images:\n- name: web\n  newName: a/web\n  newTag: v1\n",
            update: image("web", newName: "b/web"), after: "images:\n- name: web\n  newName: b/web\n  newTag: v1\n",
            changes: ["images[name=web].newName: a/web -> b/web"]),
        Row(
            name: "unchanged is listed", before: "images:\n- name: web\n  newTag: v1\n", update: image("web", tag: "v1"),
            after: "images:\n- name: web\n  newTag: v1\n", changes: ["images[name=web].newTag: v1 -> v1"]),
        Row(
            name: "entry is created", before: "images:\n  - name: b\n    newTag: x\nnamePrefix: p-\n",
            update: image("web", tag: "1", create: true),
            after: "images:\n  - name: b\n    newTag: x\n  - name: web\n    newTag: \"1\"\nnamePrefix: p-\n",
            changes: ["images[name=web].newTag: - -> 1"]),
        Row(
            name: "list is created", before: "resources:\n  - a.yaml\n", update: image("web", tag: "v1", create: true),
            after: "resources:\n  - a.yaml\nimages:\n  - name: web\n    newTag: v1\n",
            changes: ["images[name=web].newTag: - -> v1"]),
    ]

    @Test(arguments: rows)
    func editsOnlyTheEntry(_ row: Row) throws {
        let file = try ManifestFile(bytes: Array(row.before.utf8), path: "overlays/dev/kustomization.yaml")
        let result = try file.applying([row.update])
        #expect(String(decoding: result.bytes, as: UTF8.self) == row.after)
        let shown = result.changes.map { "\($0.path): \($0.old ?? "-") -> \($0.new ?? "-")" }
        #expect(shown == row.changes.map { $0.hasPrefix("2 ") ? String($0.dropFirst(2)) : $0 })
    }

    @Test(arguments: rows)
    func isIdempotent(_ row: Row) throws {
        let file = try ManifestFile(bytes: Array(row.after.utf8), path: "kustomization.yaml")
        #expect(try file.applying([row.update]).bytes == file.file.bytes)
        for change in try file.read(row.update) { #expect(change.old == change.new) }
    }

    @Test func createsTwoEntriesInOneList() throws {
        let file = try ManifestFile(bytes: Array("resources: []\n".utf8), path: "kustomization.yaml")
        let result = try file.applying([
            Self.image("a", tag: "v1", create: true), Self.image("b", tag: "v2", create: true),
        ])
        #expect(
            String(decoding: result.bytes, as: UTF8.self)
                == "resources: []\nimages:\n- name: a\n  newTag: v1\n- name: b\n  newTag: v2\n")
    }

    @Test func givesLinesOfTheOldFile() throws {
        let text = Self.header + "images:\n- name: web\n  newTag: v1\n"
        let file = try ManifestFile(bytes: Array(text.utf8), path: "k.yaml")
        #expect(try file.read(Self.image("web", tag: "v9")).map(\.line) == [5])
        #expect(try file.read(Self.image("web", tag: "v9")).map(\.old) == ["v1"])
    }

    static let faults: [(text: String, path: String, name: String, code: ManifestError.Code, shown: String)] = [
        ("images:\n- name: web\n", "kustomization.yml", "wbe", .notFound, "did you mean `web`?"),
        ("images:\n- name: r.example/shop/web\n", "kustomization.yaml", "web", .notFound,
            "kustomization.yaml:1:1: error: `images` has no entry for `web`"),
        ("images:\n- name: r.example/shop/web\n", "kustomization.yaml", "web", .notFound, "did you mean `r.example/shop/web`?"),
        ("resources: []\n", "kustomization.yaml", "web", .notFound, "set `create: true`"),
        ("images:\n- name: web\n- name: web\n", "kustomization.yaml", "web", .ambiguous, "2 entries for `web`"),
        ("images: {a: b}\n", "kustomization.yaml", "web", .notThisKind, "`images` is a mapping, not a list"),
        ("kind: Deployment\n", "kustomization.yaml", "web", .notThisKind, "kustomization.yaml:1:7: error: this is no kustomization"),
        ("images: []\n", "other.yaml", "web", .notThisKind, "this is no kustomization"),
        ("a: [\n", "kustomization.yaml", "web", .yaml, "error"),
        ("t: &t v1\nimages:\n- name: web\n  newTag: *t\n", "kustomization.yaml", "web", .yaml, "is the alias `*t`"),
    ]

    @Test(arguments: faults)
    func explainsFaults(
        _ row: (text: String, path: String, name: String, code: ManifestError.Code, shown: String)
    ) throws {
        let error = try #require(throws: ManifestError.self) {
            let file = try ManifestFile(bytes: Array(row.text.utf8), path: row.path)
            _ = try file.applying([Self.image(row.name, tag: "v2")])
        }
        #expect(error.code == row.code)
        #expect(error.description.contains(row.shown), "\(error)")
    }
}
