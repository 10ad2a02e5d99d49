import YAMLEdit

/// Collections that begin and end, values that are created, and YAML inside of texts.
enum StructureCorpus {
    static func all() throws -> [EditCase] { try beginning() + ending() + creating() + inside() + literals() }

    private static let item = YAMLContent.mapping([.init("name", .string("web")), .init("newTag", .string("1.0"))])

    static func beginning() throws -> [EditCase] {
        let list = YAMLPath(keys: ["images"])
        return [
            EditCase("append to a bare key", "images:\nb: 1\n", [.append(item, to: list)],
                "images:\n- name: web\n  newTag: \"1.0\"\nb: 1\n"),
            EditCase("append to a bare key with a comment", "images: # all\nb: 1\n", [.append(item, to: list)],
                "images: # all\n- name: web\n  newTag: \"1.0\"\nb: 1\n"),
            EditCase("append to a bare key in the file's list style", "a:\n  - x\nimages:\n", [.append(.string("z"), to: list)],
                "a:\n  - x\nimages:\n  - z\n"),
            EditCase("append to a bare key at the end", "b: 1\nimages:", [.append(.string("z"), to: list)],
                "b: 1\nimages:\n- z"),
            EditCase("append two to a bare key", "images:\n", [.append(.string("x"), to: list), .append(.string("z"), to: list)],
                "images:\n- x\n- z\n"),
            EditCase("append to a bare anchored key", "images: &i\nc: *i\n", [.append(.string("x"), to: list)],
                "images: &i\n- x\nc: *i\n"),
            EditCase("append to a bare key in braces", "a: {images: , b: 1}\n",
                [.append(.string("x"), to: YAMLPath(keys: ["a", "images"]))], "a: {images: [x] , b: 1}\n"),
            EditCase("insert into a bare key", "a:\n  spec:\n  b: 1\n",
                [.insert(key: "x", value: .string("1"), into: YAMLPath(keys: ["a", "spec"]))],
                "a:\n  spec:\n    x: \"1\"\n  b: 1\n"),
            EditCase("insert into a bare item", "a:\n-\n- b\n",
                [.insert(key: "x", value: .string("v"), into: YAMLPath(steps: [.key("a"), .index(0)]))],
                "a:\n- x: v\n- b\n"),
            EditCase("insert numbers and truth values", "a:\n  b: 1\n", [
                .insert(key: "count", value: .plain("3"), into: YAMLPath(keys: ["a"])),
                .insert(key: "t", value: .plain("true"), into: YAMLPath(keys: ["a"])),
            ], "a:\n  b: 1\n  count: 3\n  t: true\n"),
            EditCase("insert a number in JSON", "{\"a\": {}}", [
                .insert(key: "n", value: .plain("3"), into: YAMLPath(keys: ["a"]))
            ], "{\"a\": {\"n\": 3}}", file: "a.json"),
        ]
    }

    static func ending() throws -> [EditCase] {
        [
            EditCase("delete the only key", "a:\n  b: 1\nc: 2\n", [.delete(YAMLPath(keys: ["a", "b"]))], "a: {}\nc: 2\n"),
            EditCase("delete the only item", "a: # all\n- x # one\nc: 2\n", [.delete(YAMLPath(steps: [.key("a"), .index(0)]))],
                "a: [] # all\nc: 2\n"),
            EditCase("delete all items", "a:\n  - x\n  - y\n", [
                .delete(YAMLPath(steps: [.key("a"), .index(0)])), .delete(YAMLPath(steps: [.key("a"), .index(1)])),
            ], "a: []\n"),
            EditCase("delete the only key of an item", "- a: 1\n- b\n", [.delete(YAMLPath(steps: [.index(0), .key("a")]))],
                "- {}\n- b\n"),
            EditCase("delete the only key of an anchored map", "a: &x\n  b: 1\nc: *x\n", [.delete(YAMLPath(keys: ["a", "b"]))],
                "a: &x {}\nc: *x\n"),
            EditCase("delete the only key of the document", "a: 1 # c\n", [.delete(YAMLPath(keys: ["a"]))], "{} # c\n"),
            EditCase("delete the only key at the end", "c: 1\na:\n  b: 1", [.delete(YAMLPath(keys: ["a", "b"]))], "c: 1\na: {}\n"),
            EditCase("replace the only key", "a:\n  b: 1 # c\nd: 1\n", [
                .delete(YAMLPath(keys: ["a", "b"])), .insert(key: "x", value: .string("v"), into: YAMLPath(keys: ["a"])),
            ], "a:\n  x: v # c\nd: 1\n"),
        ]
    }

    static func creating() throws -> [EditCase] {
        func create(_ path: String, _ text: String, _ typing: ValueTyping = .string) throws -> PointEdit {
            .create(try YAMLPath(parsing: path), to: text, typing: typing)
        }
        return [
            EditCase("create a leaf", "a:\n  b: 1\n", [try create("a.c", "v")], "a:\n  b: 1\n  c: v\n"),
            EditCase("create what exists sets it", "a: x # c\n", [try create("a", "w")], "a: w # c\n"),
            EditCase("create a branch", "a: 1\n", [try create("x.p.z", "v")], "a: 1\nx:\n  p:\n    z: v\n"),
            EditCase("create two leaves of one branch", "a: 1\n", [try create("x.p", "v"), try create("x.z", "w")],
                "a: 1\nx:\n  p: v\n  z: w\n"),
            EditCase("create an item by its name", "helm:\n  parameters:\n  - name: a\n    value: b\n",
                [try create("helm.parameters[name=image.tag].value", "1.10")],
                "helm:\n  parameters:\n  - name: a\n    value: b\n  - name: image.tag\n    value: \"1.10\"\n"),
            EditCase("create a list and its item", "helm: {}\n", [try create("helm.parameters[name=x].value", "v")],
                "helm: {parameters: [{name: x, value: v}]}\n"),
            EditCase("create below a bare key", "a:\nb: 1\n", [try create("a.x", "v")], "a:\n  x: v\nb: 1\n"),
            EditCase("create a truth value", "a: 1\n", [try create("x", "true", .keepType)], "a: 1\nx: true\n"),
            EditCase("create a number as text", "a: 1\n", [try create("x", "1.10", .keepType)], "a: 1\nx: \"1.10\"\n"),
            EditCase("create inside of a text", "v: |\n  a: 1\n", [try create("v|image.tag", "v2")],
                "v: |\n  a: 1\n  image:\n    tag: v2\n"),
        ]
    }

    static func inside() throws -> [EditCase] {
        let values = """
            helm:
              values: |
                # the image
                image:
                  tag: v1   # by promotion

                replicas: 3
              other: x

            """
        return [
            try EditCase("value inside of a literal", values, "helm.values|image.tag", "1.10",
                values.replacing("tag: v1 ", with: "tag: \"1.10\" ")),
            try EditCase("number inside of a literal", values, "helm.values|replicas", "5",
                values.replacing("replicas: 3", with: "replicas: 5"), typing: .keepType),
            EditCase("two values inside of a literal", values, [
                .set(try YAMLPath(parsing: "helm.values|image.tag"), to: "v2", typing: .string),
                .set(try YAMLPath(parsing: "helm.values|replicas"), to: "4", typing: .keepType),
                .set(YAMLPath(keys: ["helm", "other"]), to: "z", typing: .string),
            ], values.replacing("v1", with: "v2").replacing("s: 3", with: "s: 4").replacing("other: x", with: "other: z")),
            EditCase("insert inside of a literal", values, [
                .insert(key: "pullPolicy", value: .string("Always"), into: try YAMLPath(parsing: "helm.values|image"))
            ], values.replacing("# by promotion\n", with: "# by promotion\n      pullPolicy: Always\n")),
            EditCase("delete inside of a literal", values, [.delete(try YAMLPath(parsing: "helm.values|replicas"))],
                values.replacing("    replicas: 3\n", with: "")),
            try EditCase("literal without final break", "v: |-\n    a: b", "v|a", "c", "v: |-\n    a: c"),
            try EditCase("literal with CRLF", "v: |\r\n  a: b # c\r\n  d: e\r\nw: 1\r\n", "v|d", "f",
                "v: |\r\n  a: b # c\r\n  d: f\r\nw: 1\r\n"),
            try EditCase("literal with blank lines of spaces", "v: |\n  a: b\n     \n\n  c: d\n", "v|c", "e",
                "v: |\n  a: b\n     \n\n  c: e\n"),
            try EditCase("literal with an indentation digit", "v: |2\n   a: b\n", "v|a", "c", "v: |2\n   a: c\n"),
            try EditCase("literal in a list", "- |\n a: b\n- x\n", "[0]|a", "c", "- |\n a: c\n- x\n"),
            try EditCase("JSON in a literal", "v: |\n  {\"a\": \"b\"}\n", "v|a", "c", "v: |\n  {\"a\": \"c\"}\n"),
            try EditCase("YAML in double quotes", "v: \"a: b\\nc: d\\n\"\n", "v|a", "x", "v: \"a: x\\nc: d\\n\"\n"),
            try EditCase("YAML in a text of JSON", "{\"v\": \"a: b\\nc: d\\n\"}", "v|a", "x", "{\"v\": \"a: x\\nc: d\\n\"}",
                file: "a.json"),
            try EditCase("YAML inside of YAML inside of YAML", "a: |\n  b: |\n    c: d\n", "a|b|c", "e",
                "a: |\n  b: |\n    c: e\n"),
            try EditCase("folded text", "v: >\n  {a: b,\n  c: d}\nw: 1\n", "v|a", "x", "v: >\n  {a: x, c: d}\nw: 1\n"),
        ]
    }

    static func literals() throws -> [EditCase] {
        [
            try EditCase("only the changed line of a literal", "a: |\n  one\n   \n  two\n  three\nb: 1\n", "a",
                "one\n \n2\nthree\n", "a: |\n  one\n   \n  2\n  three\nb: 1\n"),
            try EditCase("a longer literal", "a: |\n  one\n  two\n", "a", "one\nand\ntwo\n", "a: |\n  one\n  and\n  two\n"),
            try EditCase("a shorter literal", "a: |\n  one\n  and\n  two\n", "a", "one\ntwo\n", "a: |\n  one\n  two\n"),
            try EditCase("a literal with other characters", "a: |\n  é1\n", "a", "è1\n", "a: |\n  è1\n"),
        ]
    }

    /// Refused without being asked for; then done where the value stands.
    static func anchors() throws -> [EditCase] {
        [
            try EditCase("alias", "t: &t v1 # c\nu: *t\n", "u", "v2", "t: &t v2 # c\nu: *t\n"),
            try EditCase("below an alias", "a: &m\n  k: v\nb: *m\n", "b.k", "w", "a: &m\n  k: w\nb: *m\n"),
            try EditCase("merge key", "base: &b {x: v1, y: 2}\na:\n  <<: *b\n", "a.x", "p,q",
                "base: &b {x: \"p,q\", y: 2}\na:\n  <<: *b\n"),
            try EditCase("alias in a list", "- &t v1\n- *t\n", "[1]", "v2", "- &t v2\n- *t\n"),
            try EditCase("anchored block", "a: &t |\n  x\nb: *t\n", "b", "y\n", "a: &t |\n  y\nb: *t\n"),
        ]
    }
}
