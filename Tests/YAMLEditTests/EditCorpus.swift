import Testing
import YAMLEdit

/// One edit as bytes in, bytes out.
struct EditCase: Sendable, CustomTestStringConvertible {
    var name: String
    var before: String
    var edits: [PointEdit]
    var after: String
    var path = "values.yaml"

    var testDescription: String { name }

    init(
        _ name: String, _ before: String, _ path: String, _ value: String, _ after: String,
        typing: ValueTyping = .string, file: String = "values.yaml"
    ) throws {
        self.name = name
        self.before = before
        self.after = after
        edits = [.set(try YAMLPath(parsing: path), to: value, typing: typing)]
        self.path = file
    }

    init(_ name: String, _ before: String, _ edits: [PointEdit], _ after: String, file: String = "values.yaml") {
        self.name = name
        self.before = before
        self.edits = edits
        self.after = after
        path = file
    }
}

/// The scalar edits that line-based and re-encoding editors get wrong, and their neighbours.
enum EditCorpus {
    static func scalars() throws -> [EditCase] {
        try comments() + quoting() + flow() + blocks() + anchors() + bytes() + documents() + json() + empty()
    }

    static func comments() throws -> [EditCase] {
        [
            try EditCase("trailing comment", "a: 1.0 # keep\nb: 2\n", "a", "1.1.0", "a: 1.1.0 # keep\nb: 2\n"),
            try EditCase(
                "setter marker", "image: web:v1 # {\"$imagepolicy\": \"flux-system:web\"}\n", "image", "web:v2",
                "image: web:v2 # {\"$imagepolicy\": \"flux-system:web\"}\n"),
            try EditCase("comment above", "# top\n\na: x\n# end\n", "a", "z", "# top\n\na: z\n# end\n"),
            try EditCase(
                "value on its own line", "a:\n  # why\n  old  # c\nb: 1\n", "a", "new",
                "a:\n  # why\n  new  # c\nb: 1\n"),
            try EditCase("wide spacing", "a:    x      # c\n", "a", "yy", "a:    yy      # c\n"),
            try EditCase("hash inside", "a: x#y # c\n", "a", "z#y", "a: z#y # c\n"),
        ]
    }

    static func quoting() throws -> [EditCase] {
        [
            try EditCase("double quotes stay", "a: \"1.0\" # c\n", "a", "2.0", "a: \"2.0\" # c\n"),
            try EditCase("single quotes stay", "a: '1.0'\n", "a", "it's", "a: 'it''s'\n"),
            try EditCase("number-like tag is quoted", "tag: v1\n", "tag", "1.10", "tag: \"1.10\"\n"),
            try EditCase("build number", "tag: v1\n", "tag", "20240101", "tag: \"20240101\"\n"),
            try EditCase("leading zeros", "tag: v1\n", "tag", "00012", "tag: \"00012\"\n"),
            try EditCase("exponent", "tag: v1\n", "tag", "12e5", "tag: \"12e5\"\n"),
            try EditCase("hexadecimal", "tag: v1\n", "tag", "0x1F", "tag: \"0x1F\"\n"),
            try EditCase("octal", "tag: v1\n", "tag", "0o17", "tag: \"0o17\"\n"),
            try EditCase("underscores", "tag: v1\n", "tag", "1_000", "tag: \"1_000\"\n"),
            try EditCase("truth word", "tag: v1\n", "tag", "on", "tag: \"on\"\n"),
            try EditCase("tilde", "tag: v1\n", "tag", "~", "tag: \"~\"\n"),
            try EditCase("date", "tag: v1\n", "tag", "2024-01-01", "tag: \"2024-01-01\"\n"),
            try EditCase("base sixty", "tag: v1\n", "tag", "12:30:45", "tag: \"12:30:45\"\n"),
            try EditCase("empty text", "tag: v1\n", "tag", "", "tag: \"\"\n"),
            try EditCase("colon and space", "a: x\n", "a", "b: c", "a: \"b: c\"\n"),
            try EditCase("space and hash", "a: x\n", "a", "b #c", "a: \"b #c\"\n"),
            try EditCase("leading star", "a: x\n", "a", "*b", "a: \"*b\"\n"),
            try EditCase("leading percent", "a: x\n", "a", "%b", "a: \"%b\"\n"),
            try EditCase("line break", "a: x\n", "a", "b\nc", "a: \"b\\nc\"\n"),
            try EditCase("line break in single quotes", "a: 'x'\n", "a", "b\nc", "a: \"b\\nc\"\n"),
            try EditCase("quote and backslash", "a: \"x\"\n", "a", "q\"\\", "a: \"q\\\"\\\\\"\n"),
            try EditCase("line separator", "a: x\n", "a", "b\u{2028}c", "a: \"b\\u2028c\"\n"),
            try EditCase("neighbours in single quotes", "a: 1x\nb: 'y'\n", "a", "1.5", "a: '1.5'\nb: 'y'\n"),
            try EditCase("plain version stays plain", "a: 1.2.3\n", "a", "1.2.4", "a: 1.2.4\n"),
            try EditCase("number keeps its type", "n: 3\n", "n", "4", "n: 4\n", typing: .keepType),
            try EditCase("number becomes text", "n: 3\n", "n", "many", "n: \"many\"\n", typing: .keepType),
            try EditCase("truth keeps its type", "n: true\n", "n", "false", "n: false\n", typing: .keepType),
            try EditCase("text stays text", "n: abc\n", "n", "true", "n: \"true\"\n", typing: .keepType),
            try EditCase("quoted number stays text", "n: '3'\n", "n", "4", "n: '4'\n", typing: .keepType),
            try EditCase("old truth words", "n: yes\n", "n", "no", "n: no\n", typing: .keepType),
            try EditCase("string tag", "n: !!str 1.10\n", "n", "1.11", "n: !!str 1.11\n"),
            try EditCase(
                "plain over several lines", "a: one\n  two\n  three # c\nb: 1\n", "a", "four",
                "a: four # c\nb: 1\n"),
            try EditCase(
                "quotes over several lines", "a: \"one\n  two\"\nb: 1\n", "a", "x", "a: \"x\"\nb: 1\n"),
        ]
    }

    static func flow() throws -> [EditCase] {
        [
            try EditCase(
                "flow map", "image: {repo: a, tag: b} # c\n", "image.tag", "v2",
                "image: {repo: a, tag: v2} # c\n"),
            try EditCase("flow map, first", "image: {repo: a, tag: b}\n", "image.repo", "x,y",
                "image: {repo: \"x,y\", tag: b}\n"),
            try EditCase("flow list", "a: [x, y , z]\n", "a[1]", "w", "a: [x, w , z]\n"),
            EditCase(
                "two edits on one line", "image: {repo: a, tag: b}\n",
                [
                    .set(YAMLPath(keys: ["image", "tag"]), to: "longer", typing: .string),
                    .set(YAMLPath(keys: ["image", "repo"]), to: "c", typing: .string),
                ], "image: {repo: c, tag: longer}\n"),
            try EditCase(
                "item by name", "- {name: a, value: '1'}\n- {name: b, value: '2'}\n", "[name=b].value", "3",
                "- {name: a, value: '1'}\n- {name: b, value: '3'}\n"),
            try EditCase("missing value before a brace", "a: {b: }\n", "a.b", "x", "a: {b: x }\n"),
            try EditCase("key without colon", "a: {b, c: 1}\n", "a.b", "x", "a: {b: x, c: 1}\n"),
            try EditCase("implicit pair", "a: [b: c]\n", "a[0].b", "d", "a: [b: d]\n"),
        ]
    }

    static func blocks() throws -> [EditCase] {
        [
            try EditCase(
                "literal", "a: |\n  one\n  two\n\nb: 1\n", "a", "x\ny\nz\n", "a: |\n  x\n  y\n  z\n\nb: 1\n"),
            try EditCase("literal keeps indentation", "a: |  # c\n     one\nb: 1\n", "a", "x\n y\n",
                "a: |  # c\n     x\n      y\nb: 1\n"),
            try EditCase("literal without break", "a: |-\n  one\nb: 1\n", "a", "x\ny", "a: |-\n  x\n  y\nb: 1\n"),
            try EditCase("chomping follows the text", "a: |\n  one\nb: 1\n", "a", "x", "a: |-\n  x\nb: 1\n"),
            try EditCase("literal that keeps", "a: |+\n  one\n\nb: 1\n", "a", "x\n\n\n", "a: |+\n  x\n\n\nb: 1\n"),
            try EditCase("folded", "a: >-\n  one\n  two\nb: 1\n", "a", "x\ny", "a: >-\n  x\n\n  y\nb: 1\n"),
            try EditCase("block that cannot hold it", "a: |\n  one\nb: 1\n", "a", " x\n", "a: \" x\\n\"\nb: 1\n"),
            try EditCase("blank lines inside", "a: |\n  one\nb: 1\n", "a", "x\n\ny\n", "a: |\n  x\n\n  y\nb: 1\n"),
            try EditCase("block at the end", "a: |\n  one", "a", "x\n", "a: |\n  x\n"),
        ]
    }

    static func anchors() throws -> [EditCase] {
        [
            try EditCase("anchor stays", "t: &t v1\nu: *t\n", "t", "v2", "t: &t v2\nu: *t\n"),
            try EditCase("anchor and tag stay", "t: &t !!str v1 # c\nu: *t\n", "t", "v2",
                "t: &t !!str v2 # c\nu: *t\n"),
            try EditCase("own tag stays", "t: !vault \"x\"\n", "t", "y", "t: !vault \"y\"\n"),
            try EditCase("anchored map", "a: &m\n  k: v # c\nb: *m\n", "a.k", "w", "a: &m\n  k: w # c\nb: *m\n"),
            try EditCase("anchored missing value", "a: &m\nb: *m\n", "a", "x", "a: &m x\nb: *m\n"),
            try EditCase(
                "own key beside a merge", "base: &b {x: 1, y: 2}\na:\n  <<: *b\n  y: v3\n", "a.y", "v4",
                "base: &b {x: 1, y: 2}\na:\n  <<: *b\n  y: v4\n"),
        ]
    }

    static func bytes() throws -> [EditCase] {
        [
            try EditCase("CRLF", "a: x # c\r\nb: y\r\n", "a", "z", "a: z # c\r\nb: y\r\n"),
            try EditCase("CRLF in a block", "a: |\r\n  x\r\nb: y\r\n", "a", "p\nq\n",
                "a: |\r\n  p\r\n  q\r\nb: y\r\n"),
            try EditCase("byte order mark", "\u{FEFF}a: é # ü\nb: x\n", "b", "z", "\u{FEFF}a: é # ü\nb: z\n"),
            try EditCase("no final line break", "a: x\nb: y", "b", "z", "a: x\nb: z"),
            try EditCase("non-ASCII in front", "\"ключ\": {ä: ö, b: x} # ñ\n", "ключ.b", "z",
                "\"ключ\": {ä: ö, b: z} # ñ\n"),
            try EditCase("emoji value", "a: 🚀 # c\nb: x\n", "a", "🎉", "a: 🎉 # c\nb: x\n"),
            try EditCase("tab before a comment", "a: x\t# c\n", "a", "z", "a: z\t# c\n"),
            try EditCase(
                "long line", "x: " + String(repeating: "é", count: 70_000) + "\na: {b: c} # d\n", "a.b", "e",
                "x: " + String(repeating: "é", count: 70_000) + "\na: {b: e} # d\n"),
            try EditCase("list without indentation", "a:\n- x # 1\n- y # 2\n", "a[1]", "z",
                "a:\n- x # 1\n- z # 2\n"),
        ]
    }

    static func documents() throws -> [EditCase] {
        let two = "kind: A\nmetadata: {name: x}\nn: v1\n---\n# second\nkind: B\nm: v1\n...\n"
        return [
            try EditCase("second document", two, "m", "v2", two.replacing("m: v1", with: "m: v2")),
            try EditCase("selected document", "kind: A\nn: v1\n---\nkind: B\nn: v1 # c\n", "kind=B#n", "v2",
                "kind: A\nn: v1\n---\nkind: B\nn: v2 # c\n"),
            try EditCase("document by name",
                "metadata: {name: a}\nn: v1\n---\nmetadata: {name: b}\nn: v1\n", "metadata.name=a#n", "v2",
                "metadata: {name: a}\nn: v2\n---\nmetadata: {name: b}\nn: v1\n"),
            try EditCase("quoted key", "annotations:\n  a.b/c: x # k\n", "annotations.\"a.b/c\"", "z",
                "annotations:\n  a.b/c: z # k\n"),
            try EditCase("escaped key", "annotations:\n  a.b/c: x\n", "annotations.a\\.b/c", "z",
                "annotations:\n  a.b/c: z\n"),
        ]
    }

    static func json() throws -> [EditCase] {
        [
            try EditCase("JSON string", "{\n  \"a\": \"x\",\n  \"b\": 1\n}\n", "a", "y\tz",
                "{\n  \"a\": \"y\\tz\",\n  \"b\": 1\n}\n", file: "a.json"),
            try EditCase("JSON number", "{\"b\": 1}", "b", "2", "{\"b\": 2}", typing: .keepType, file: "a.json"),
            try EditCase("JSON number to text", "{\"b\": 1}", "b", "01", "{\"b\": \"01\"}", typing: .keepType,
                file: "a.json"),
            try EditCase("JSON surrogates", "{\"é\": \"\\ud83d\\ude00\", \"b\": \"x\"}", "b", "y",
                "{\"é\": \"\\ud83d\\ude00\", \"b\": \"y\"}", file: "a.json"),
            try EditCase("JSON with tabs", "{\n\t\"a\": [\n\t\t\"x\"\n\t]\n}\n", "a[0]", "y",
                "{\n\t\"a\": [\n\t\t\"y\"\n\t]\n}\n", file: "a.json"),
            try EditCase("JSON null to text", "{\"a\":null}", "a", "x", "{\"a\":\"x\"}", file: "a.json"),
            try EditCase("JSON by its look", "{\"a\": 1}", "a", "x", "{\"a\": \"x\"}"),
        ]
    }

    static func empty() throws -> [EditCase] {
        [
            try EditCase("missing value", "a:\nb: 1\n", "a", "x", "a: x\nb: 1\n"),
            try EditCase("missing value with comment", "a: # c\nb: 1\n", "a", "x", "a: x # c\nb: 1\n"),
            try EditCase("missing value with blank", "a: \nb: 1\n", "a", "x", "a: x\nb: 1\n"),
            try EditCase("missing value at the end", "b: 1\na:", "a", "x", "b: 1\na: x"),
            try EditCase("missing item", "a:\n- x\n-\n", "a[1]", "z", "a:\n- x\n- z\n"),
            try EditCase("missing number", "a:\n", "a", "3", "a: \"3\"\n", typing: .keepType),
        ]
    }
}
