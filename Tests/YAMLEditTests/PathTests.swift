import Testing
import YAMLEdit

@Suite struct PathTests {
    @Test(arguments: [
        "spec.source.helm.parameters[name=global.imageTag].value", "images[0].newTag", "metadata.annotations.\"a.b/c\"",
        "kind=Deployment,metadata.name=web#spec.replicas", "[0].a", "a[name=x,kind=y][1]", "a[name=\"]x\"].b",
        "a.b/c", "\"a b\".c", "a[name=registry.example:5000/web].newTag",
    ])
    func printsWhatItParsed(_ text: String) throws {
        let path = try YAMLPath(parsing: text)
        #expect(try YAMLPath(parsing: path.description) == path)
    }

    @Test func readsEveryKindOfStep() throws {
        let path = try YAMLPath(parsing: "kind=A#a.'b.c'[2][name=x].d\\.e")
        #expect(path.document == [.init(["kind"], equals: "A")])
        #expect(path.steps == [.key("a"), .key("b.c"), .index(2), .item([.init(["name"], equals: "x")]), .key("d.e")])
    }

    @Test(arguments: [
        "", ".", "a.", ".a", "a..b", "a[", "a[]", "a[-1]", "a[x]", "a[name=x", "a]b", "\"a", "a=b", "a[99999999999999999999]",
        "a\\", "kind=A#", "#a",
    ])
    func refusesWhatIsNoPath(_ text: String) throws {
        let error = try #require(throws: YAMLError.self) { try YAMLPath(parsing: text) }
        #expect(error.code == .invalidPath)
    }

    @Test(arguments: [
        ("a.b=c", "a.b", "c"), ("a=", "a", ""), ("a=b=c", "a", "b=c"), ("a=b#c", "a", "b#c"),
        ("kind=A#a=b", "kind=A#a", "b"), ("a[name=x].b=c", "a[name=x].b", "c"), ("\"a=b\"=c", "\"a=b\"", "c"),
    ])
    func splitsAssignments(_ text: String, _ path: String, _ value: String) throws {
        let parsed = try YAMLPath.parsingAssignment(text)
        #expect(parsed.path == (try YAMLPath(parsing: path)))
        #expect(parsed.value == value)
    }

    static let deployment = """
        kind: Deployment
        metadata: {name: web}
        spec:
          containers:
          - {name: web, image: a}
          - {name: side, image: b}
          list: [x, y]
        ---
        kind: Service
        metadata: {name: web}
        spec: {port: 80}
        """

    static let misses: [(path: String, code: YAMLError.Code, shown: String)] = [
        ("spec.containers[name=wbe].image", .notFound, "f.yaml:4:3: error: `spec.containers` has no item [name=wbe]"),
        ("spec.containers[name=wbe].image", .notFound, "did you mean `web`?"),
        ("spec.container", .notFound, "did you mean `containers`?"),
        ("kind=Deployment#spec.containers[5]", .notFound, "the list has 2 items"),
        ("kind=Deployment#spec.list.0", .notFound, "write `[0]`"),
        ("kind=Service#spec.port.x", .notFound, "`spec.port` is a scalar"),
        ("kind=Pod#spec", .notFound, "no document has kind=Pod"),
        ("metadata.name=web#spec", .ambiguous, "2 documents have metadata.name=web"),
        ("kind", .ambiguous, "`kind` exists in 2 documents"),
        ("kind", .ambiguous, "choose one: `kind=Deployment,metadata.name=web#kind`"),
    ]

    @Test(arguments: misses)
    func explainsMisses(_ miss: (path: String, code: YAMLError.Code, shown: String)) throws {
        let file = try YAMLFile(bytes: Array(Self.deployment.utf8), path: "f.yaml")
        let path = try YAMLPath(parsing: miss.path)
        let error = try #require(throws: YAMLError.self) { try file.get(path) }
        #expect(error.code == miss.code)
        #expect(error.description.contains(miss.shown))
    }

    @Test func namesPlacesCanonically() throws {
        let file = try YAMLFile(bytes: Array(Self.deployment.utf8), path: "f.yaml")
        let location = try file.location(of: YAMLPath(parsing: "spec.containers[1].image"))
        #expect(location.path.description == "kind=Deployment,metadata.name=web#spec.containers[name=side].image")
        #expect(location.documentIndex == 0)
    }

    static let refusals: [(text: String, path: String, code: YAMLError.Code, shown: String)] = [
        ("t: &t v1\nu: *t\n", "u", .throughAlias, "f.yaml:2:4: error: `u` is the alias `*t`"),
        ("t: &t v1\nu: *t\n", "u", .throughAlias, "f.yaml:1:7: note: the anchor `&t` is here"),
        ("b: &b {x: 1}\na: *b\n", "a.x", .throughAlias, "f.yaml:2:4: error"),
        ("b: &b {x: 1}\na:\n  <<: *b\n", "a.x", .throughAlias, "f.yaml:3:7: error: `a` has `x` only through the merge key"),
        ("b: &b {x: 1}\na:\n  <<: *b\n", "a.x", .throughAlias, "f.yaml:1:8: note: `x` stands here"),
        ("a: {b: 1}\n", "a", .wrongKind, "f.yaml:1:1: error: `a` is a mapping"),
        ("a: [1]\n", "a", .wrongKind, "`a` is a sequence"),
        ("a: !!int 3\n", "a", .notRepresentable, "the tag `!!int` does not allow"),
    ]

    @Test(arguments: refusals)
    func refusesEditsThatWouldReachFurther(
        _ row: (text: String, path: String, code: YAMLError.Code, shown: String)
    ) throws {
        let file = try YAMLFile(bytes: Array(row.text.utf8), path: "f.yaml")
        let path = try YAMLPath(parsing: row.path)
        let error = try #require(throws: YAMLError.self) { try file.setting([(path, "new", .string)]) }
        #expect(error.code == row.code)
        #expect(error.description.contains(row.shown))
    }

    @Test func refusesTwoValuesForOnePlace() throws {
        let file = try YAMLFile(bytes: Array("a: b\n".utf8), path: "f.yaml")
        let a = YAMLPath(keys: ["a"])
        let error = try #require(throws: YAMLError.self) {
            try file.setting([(a, "x", .string), (a, "z", .string)])
        }
        #expect(error.code == .conflictingEdits)
        #expect(try file.setting([(a, "x", .string), (a, "x", .string)]) == Array("a: x\n".utf8))
    }
}
