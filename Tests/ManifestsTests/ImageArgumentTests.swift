import Manifests
import Testing

@Suite struct ImageArgumentTests {
    static let arguments: [(text: String, name: String, newName: String?, tag: String?, digest: String?)] = [
        ("web:v1", "web", nil, "v1", nil),
        ("web@sha256:aa", "web", nil, nil, "sha256:aa"),
        ("web:v1@sha256:aa", "web", nil, "v1", "sha256:aa"),
        ("web=shop", "web", "shop", nil, nil),
        ("web=shop:v1", "web", "shop", "v1", nil),
        ("web=r.example:5000/shop:v1", "web", "r.example:5000/shop", "v1", nil),
        ("web=r.example:5000/shop@sha256:aa", "web", "r.example:5000/shop", nil, "sha256:aa"),
        ("r.example/a/web=shop:v1@sha256:aa", "r.example/a/web", "shop", "v1", "sha256:aa"),
        ("localhost:5000/x:1", "localhost:5000/x", nil, "1", nil),
        ("localhost:5000", "localhost", nil, "5000", nil),
        ("web=*:v1", "web", "*", "v1", nil),
        ("web:*@sha256:aa", "web", nil, "*", "sha256:aa"),
        ("web:a=b", "web:a", "b", nil, nil),
    ]

    @Test(arguments: arguments)
    func readsTheGrammarOfKustomize(
        _ row: (text: String, name: String, newName: String?, tag: String?, digest: String?)
    ) throws {
        let argument = try ImageArgument(parsing: row.text)
        #expect(argument.name == row.name)
        #expect(argument.newName == row.newName)
        #expect(argument.tag == row.tag)
        #expect(argument.digest == row.digest)
    }

    @Test(arguments: ["", "web", "=shop", "web=", "r.example:5000/web", "@sha256:aa", ":v1"])
    func refusesArgumentsThatSetNothing(_ text: String) throws {
        let error = try #require(throws: ManifestError.self) { try ImageArgument(parsing: text) }
        #expect(error.code == .invalidArgument)
    }

    @Test func starsKeepWhatTheFileHas() throws {
        let text = "images:\n- name: web\n  newName: shop\n  newTag: v1\n"
        let file = try ManifestFile(bytes: Array(text.utf8), path: "kustomization.yaml")
        let update = try ImageArgument(parsing: "web=*:*@sha256:aa").update(in: file)
        #expect(
            String(decoding: try file.applying([update]).bytes, as: UTF8.self) == text + "  digest: sha256:aa\n")
        let other = try ImageArgument(parsing: "api=*:v2").update(in: file, create: true)
        #expect(other == .kustomizationEntry(name: "api", newName: nil, tag: "v2", digest: nil, create: true))
    }

    @Test(arguments: ["web", "web:v1", "r.example:5000/a/web:v1@sha256:aa", "web@sha256:aa"])
    func writesReferencesAsItReadThem(_ text: String) {
        #expect(ImageReference(text)?.description == text)
    }
}
