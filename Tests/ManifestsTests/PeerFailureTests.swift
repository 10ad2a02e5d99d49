import Manifests
import Testing
import YAMLEdit

/// What other editors of manifests get wrong, one test for each way; ours edits, or says why not.
@Suite struct PeerFailureTests {
    private static func set(_ path: String, _ text: String) throws -> ManifestUpdate {
        .value(path: try YAMLPath(parsing: path), text: text, typing: .string)
    }

    /// The eleven ways of one line-based editor.
    @Test(arguments: [
        ManifestCase("1: the comment behind the value is lost", "tag: v1 # {\"$imagepolicy\": \"a:b:tag\"}\n", "v.yaml", try set("tag", "v2"),
            replacing: ("tag: v1", "tag: v2")),
        ManifestCase("2a: quotes are dropped", "tag: 'v1'\n", "v.yaml", try set("tag", "v2"), replacing: ("'v1'", "'v2'")),
        ManifestCase("2b: hexadecimal becomes a number", "tag: v1\n", "v.yaml", try set("tag", "0x1F"), replacing: ("v1", "\"0x1F\"")),
        ManifestCase("2c: truth words become truth values", "tag: v1\n", "v.yaml", try set("tag", "off"), replacing: ("v1", "\"off\"")),
        ManifestCase("2d: null", "tag: v1\n", "v.yaml", try set("tag", "~"), replacing: ("v1", "\"~\"")),
        ManifestCase("2e: a date", "tag: v1\n", "v.yaml", try set("tag", "2024-01-01"), replacing: ("v1", "\"2024-01-01\"")),
        ManifestCase("2f: underscores", "tag: v1\n", "v.yaml", try set("tag", "1_000"), replacing: ("v1", "\"1_000\"")),
        ManifestCase("2g: octal", "tag: v1\n", "v.yaml", try set("tag", "0o17"), replacing: ("v1", "\"0o17\"")),
        ManifestCase("2h: a colon", "a: x\n", "v.yaml", try set("a", "b: c"), replacing: ("a: x", "a: \"b: c\"")),
        ManifestCase("2i: a hash", "a: x\n", "v.yaml", try set("a", "b #c"), replacing: ("a: x", "a: \"b #c\"")),
        ManifestCase("2j: an indicator in front", "a: x\n", "v.yaml", try set("a", "@b"), replacing: ("a: x", "a: \"@b\"")),
        ManifestCase("3a: the rest of a flow map is cut", "image: {repo: a, tag: v1} # c\n", "v.yaml", try set("image.tag", "v2"),
            replacing: ("v1", "v2")),
        ManifestCase("3b: of two edits of a line one is lost", "image: {repo: a, tag: v1}\n", "v.yaml",
            try set("image.repo", "bb"), try set("image.tag", "v2"), replacing: ("repo: a", "repo: bb"), ("v1", "v2")),
        ManifestCase("4: the tail of a block scalar is left", "a: |\n  one\n  two\nb: 1\n", "v.yaml", try set("a", "new\n"),
            replacing: ("  one\n  two\n", "  new\n")),
        ManifestCase("5: the anchor is erased", "tag: &t v1\nother: *t\n", "v.yaml", try set("tag", "v2"), replacing: ("v1", "v2")),
        ManifestCase("7: bytes are counted as characters", "{\"ключ\": ä, tag: v1}\n", "v.yaml", try set("tag", "v2"), replacing: ("v1", "v2")),
        ManifestCase("8: no item by its name", "env:\n- name: A\n  value: x\n- name: B\n  value: v1\n", "v.yaml",
            try set("env[name=B].value", "v2"), replacing: ("v1", "v2")),
        ManifestCase("9: only the first document can be named", "kind: A\ntag: v0\n---\nkind: B\ntag: v1\n", "v.yaml", try set("kind=B#tag", "v2"),
            replacing: ("v1", "v2")),
        ManifestCase("10a: CRLF becomes LF", "a: x\r\ntag: v1\r\n", "v.yaml", try set("tag", "v2"), replacing: ("v1", "v2")),
        ManifestCase("10b: a final line break is added", "a: x\ntag: v1", "v.yaml", try set("tag", "v2"), replacing: ("v1", "v2")),
        ManifestCase("10c: a long line fails", "x: \(String(repeating: "y", count: 2 << 20))\ntag: v1\n", "v.yaml", try set("tag", "v2"),
            replacing: ("v1", "v2")),
        ManifestCase("11a: 1.10 becomes 1.1", "tag: v1\n", "v.yaml", try set("tag", "1.10"), replacing: ("v1", "\"1.10\"")),
        ManifestCase("11b: a build number becomes 2.0240101e+07", "tag: v1\n", "v.yaml", try set("tag", "20240101"),
            replacing: ("v1", "\"20240101\"")),
        ManifestCase("11c: 00012 becomes 12", "tag: v1\n", "v.yaml", try set("tag", "00012"), replacing: ("v1", "\"00012\"")),
    ])
    func theValueAloneChanges(_ row: ManifestCase) throws { try row.check() }

    @Test(arguments: [
        RefusedCase(name: "5: an alias is no value of its own", text: "a: &t v1\ntag: *t\n", update: try set("tag", "v2"), code: .yaml,
            shown: "is the alias `*t`"),
        RefusedCase(name: "6a: a missing key", text: "image: {tag: v1}\n", update: try set("image.tga", "v2"), code: .notFound,
            shown: "did you mean `tag`?"),
        RefusedCase(name: "6b: a map is no value", text: "image: {tag: v1}\n", update: try set("image", "v2"), code: .yaml,
            shown: "is a mapping, not a single value"),
        RefusedCase(name: "8: an index out of range", text: "a: [x]\n", update: try set("a[7]", "v2"), code: .notFound,
            shown: "has no item 7"),
        RefusedCase(name: "9: a key in two documents", text: "a: 1\n---\na: 2\n", update: try set("a", "v2"), code: .ambiguous,
            shown: "exists in 2 documents"),
    ])
    func orItIsRefusedWithAReason(_ row: RefusedCase) throws { try row.check() }
}

/// The forms of `kustomize edit set image`: the entry says what kustomize makes of it, and everything else stays.
@Suite struct KustomizeFormTests {
    struct Form: Sendable, CustomTestStringConvertible {
        var argument: String
        /// The entry in the file, nil for none.
        var before: String?
        var after: String

        var testDescription: String { "\(argument) on \(before ?? "nothing")" }
    }

    private static func form(_ argument: String, _ before: String?, _ after: String) -> Form {
        Form(argument: argument, before: before, after: after)
    }

    static let forms: [Form] = [
        form("web:v2", nil, "newTag=v2"),
        form("web@sha256:bb", nil, "digest=sha256:bb"),
        form("web:v2@sha256:bb", nil, "digest=sha256:bb newTag=v2"),
        form("web=shop", nil, "newName=shop"),
        form("web=shop:v2", nil, "newName=shop newTag=v2"),
        form("web=shop@sha256:bb", nil, "digest=sha256:bb newName=shop"),
        form("web=shop:v2@sha256:bb", nil, "digest=sha256:bb newName=shop newTag=v2"),
        form("web=r.example:5000/shop:v2", nil, "newName=r.example:5000/shop newTag=v2"),
        form("web:1234", nil, "newTag=1234"),
        form("web:3.2e2", nil, "newTag=3.2e2"),
        form("web=*:v2", nil, "newTag=v2"),
        form("web:v2", "newTag: v1", "newTag=v2"),
        form("web:v2", "digest: sha256:aa", "newTag=v2"),
        form("web@sha256:bb", "newTag: v1", "digest=sha256:bb"),
        form("web@sha256:bb", "digest: sha256:aa", "digest=sha256:bb"),
        form("web:v2", "newName: shop, newTag: v1", "newTag=v2"),
        form("web=shop2", "newName: shop, newTag: v1", "newName=shop2"),
        form("web=shop2:v2", "newName: shop, newTag: v1", "newName=shop2 newTag=v2"),
        form("web=*:v2", "newName: shop, newTag: v1", "newName=shop newTag=v2"),
        form("web=shop2:*", "newName: shop, newTag: v1", "newName=shop2 newTag=v1"),
        form("web=*:*", "newName: shop, newTag: v1", "newName=shop newTag=v1"),
        form("web=*@*", "newName: shop, digest: sha256:aa", "digest=sha256:aa newName=shop"),
        form("web=*:v2@*", "newName: shop, digest: sha256:aa", "digest=sha256:aa newName=shop newTag=v2"),
        form("web:*@sha256:bb", "newTag: v1", "digest=sha256:bb newTag=v1"),
        form("web:v2", "newTag: v1, tagSuffix: -alpine", "newTag=v2"),
    ]

    @Test(arguments: forms, [true, false])
    func theEntryIsWhatKustomizeMakesOfIt(_ form: Form, isFlow: Bool) throws {
        let fields = form.before.map { ["name: web"] + $0.split(separator: ",").map { $0.drop { $0 == " " }.description } } ?? []
        let entry = isFlow
            ? "  - {\(fields.joined(separator: ", "))} # ours\n" : "  - " + fields.joined(separator: "\n    ") + " # ours\n"
        let text = "# top\nresources: [a.yaml] # keep\nimages:\n  # first\n  - name: api # theirs\n    newTag: \"1\"\n"
            + (fields.isEmpty ? "" : entry) + "# end\nnamePrefix: p-\n"
        let file = try ManifestFile(bytes: Array(text.utf8), path: "kustomization.yaml")
        let update = try ImageArgument(parsing: form.argument).update(in: file, create: form.before == nil)
        let bytes = try file.applying([update]).bytes
        let result = try YAMLFile(bytes: bytes, path: "kustomization.yaml")
        let items = try result.node(at: YAMLPath(keys: ["images"])).items
        let entries = items.map { item in
            item.entries.map { "\($0.key.scalarText ?? "")=\($0.value.scalarText ?? "")" }.sorted()
        }
        #expect(entries == [["name=api", "newTag=1"], (["name=web"] + form.after.split(separator: " ").map { String($0) }).sorted()])
        #expect(items.flatMap(\.entries).allSatisfy { $0.value.readsAsString })
        let kept = String(decoding: bytes, as: UTF8.self)
        for comment in ["# top", "# keep", "# first", "# theirs", "# end"] { #expect(kept.contains(comment)) }
        if isFlow, !fields.isEmpty { #expect(kept.contains("# ours")) }
    }
}
