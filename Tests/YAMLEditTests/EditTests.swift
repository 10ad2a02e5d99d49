import Testing
import YAMLEdit

@Suite struct EditTests {
    @Test(arguments: try EditCorpus.scalars())
    func changesOnlyTheValue(_ edit: EditCase) throws {
        let file = try YAMLFile(bytes: Array(edit.before.utf8), path: edit.path)
        let result = try file.applying(edit.edits)
        #expect(String(decoding: result, as: UTF8.self) == edit.after)
    }

    @Test(arguments: try EditCorpus.scalars())
    func readsBackWhatItSetAndThenChangesNothing(_ edit: EditCase) throws {
        let file = try YAMLFile(bytes: Array(edit.after.utf8), path: edit.path)
        for case .set(let path, let value, _) in edit.edits {
            #expect(try file.get(path) == value)
        }
        #expect(try file.applying(edit.edits) == file.bytes)
    }

    @Test(arguments: try EditCorpus.scalars())
    func settingThePresentValueIsTheIdentity(_ edit: EditCase) throws {
        let file = try YAMLFile(bytes: Array(edit.before.utf8), path: edit.path)
        for case .set(let path, _, _) in edit.edits {
            let present = try file.get(path)
            for typing in [ValueTyping.string, .keepType] {
                #expect(try file.setting([(path, present, typing)]) == file.bytes)
            }
        }
    }

    @Test(arguments: try StructureCorpus.all())
    func growsShrinksAndEntersTexts(_ edit: EditCase) throws {
        let file = try YAMLFile(bytes: Array(edit.before.utf8), path: edit.path)
        let result = try file.applying(edit.edits)
        #expect(String(decoding: result, as: UTF8.self) == edit.after)
    }

    @Test(arguments: try StructureCorpus.anchors())
    func editsAtTheAnchorWhenAsked(_ edit: EditCase) throws {
        let file = try YAMLFile(bytes: Array(edit.before.utf8), path: edit.path)
        let refusal = #expect(throws: YAMLError.self) { try file.applying(edit.edits) }
        #expect(refusal?.code == .throughAlias && refusal?.diagnostics.count == 2)
        let result = try file.applying(edit.edits, throughAliases: true)
        #expect(String(decoding: result, as: UTF8.self) == edit.after)
    }

    @Test(arguments: structuralCases())
    func insertsAndDeletesInTheFilesOwnStyle(_ edit: EditCase) throws {
        let file = try YAMLFile(bytes: Array(edit.before.utf8), path: edit.path)
        let result = try file.applying(edit.edits)
        #expect(String(decoding: result, as: UTF8.self) == edit.after)
    }

    @Test(arguments: [
        "!\u{85}\u{FEFF}>\n", "a: !!str\u{85} |\n  one\n", "a: &x\u{2028} 'one'\n", "a: &x # c\u{2029} \"one\"\n",
    ])
    func findsTheValueBehindUnusualSpace(_ text: String) throws {
        let file = try YAMLFile(bytes: Array(text.utf8), path: "f.yaml")
        let path = try #require(file.scalars().first).path
        let result = try file.applying([.set(path, to: "two", typing: .string)])
        #expect(try YAMLFile(bytes: result, path: "f.yaml").get(path) == "two")
        #expect(result.starts(with: file.bytes.prefix { $0 != UInt8(ascii: "|") && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "'") && $0 != UInt8(ascii: "\"") }))
    }

    static func structuralCases() -> [EditCase] {
        let a = YAMLPath(keys: ["a"])
        let item = YAMLContent.mapping([.init("name", .string("web")), .init("newTag", .string("1.0"))])
        return [
            EditCase("insert key", "a:\n  b: 1 # c\nd: 2\n", [.insert(key: "x", value: .string("v"), into: a)],
                "a:\n  b: 1 # c\n  x: v\nd: 2\n"),
            EditCase("insert key at the end", "a:\n  b: 1", [.insert(key: "x", value: .string("v"), into: a)],
                "a:\n  b: 1\n  x: v"),
            EditCase("insert two keys", "a:\n  b: 1\n", [
                .insert(key: "x", value: .string("v"), into: a), .insert(key: "z", value: .string("w"), into: a),
            ], "a:\n  b: 1\n  x: v\n  z: w\n"),
            EditCase("insert with CRLF", "a:\r\n  b: 1\r\n", [.insert(key: "x", value: .string("1"), into: a)],
                "a:\r\n  b: 1\r\n  x: \"1\"\r\n"),
            EditCase("insert in a flow map", "a: {b: 1} # c\n", [.insert(key: "x", value: .string("v"), into: a)],
                "a: {b: 1, x: v} # c\n"),
            EditCase("insert in an empty flow map", "a: {}\n", [.insert(key: "x", value: .string("v"), into: a)],
                "a: {x: v}\n"),
            EditCase("insert behind a block", "a:\n  b: |\n    t\n\nd: 2\n",
                [.insert(key: "x", value: .string("v"), into: a)], "a:\n  b: |\n    t\n  x: v\n\nd: 2\n"),
            EditCase("insert in a list item", "- name: n # c\n- name: m\n",
                [.insert(key: "x", value: .string("v"), into: YAMLPath(steps: [.index(0)]))],
                "- name: n # c\n  x: v\n- name: m\n"),
            EditCase("append to an indented list", "a:\n  -   name: b\n      newTag: x # c\n# end\n",
                [.append(item, to: a)],
                "a:\n  -   name: b\n      newTag: x # c\n  -   name: web\n      newTag: \"1.0\"\n# end\n"),
            EditCase("append to a flat list", "a:\n- b\nc: 1\n", [.append(.string("d"), to: a)],
                "a:\n- b\n- d\nc: 1\n"),
            EditCase("append to an anchored list", "a: &x\n- b\nc: *x\n", [.append(.string("d"), to: a)],
                "a: &x\n- b\n- d\nc: *x\n"),
            EditCase("append to an empty list", "a: []\n", [.append(item, to: a)],
                "a: [{name: web, newTag: \"1.0\"}]\n"),
            EditCase("insert a list", "resources:\n  - x\n", [
                .insert(key: "images", value: .sequence([item]), into: YAMLPath(steps: []))
            ], "resources:\n  - x\nimages:\n  - name: web\n    newTag: \"1.0\"\n"),
            EditCase("delete a key", "a: 1\nb: 2 # c\n# d\nc: 3\n", [.delete(YAMLPath(keys: ["b"]))],
                "a: 1\n# d\nc: 3\n"),
            EditCase("delete the last key", "x: 1\na: 2", [.delete(a)], "x: 1"),
            EditCase("delete in CRLF", "x: 1\r\na: 2\r\ny: 3\r\n", [.delete(a)], "x: 1\r\ny: 3\r\n"),
            EditCase("delete a block", "a: |\n  t\n\n  u\nb: 1\n", [.delete(a)], "b: 1\n"),
            EditCase("delete the first key of an item", "- a: 1\n  b: 2\n",
                [.delete(YAMLPath(steps: [.index(0), .key("a")]))], "- b: 2\n"),
            EditCase("delete in a flow map", "m: {a: 1, b: 2, c: 3}\n", [.delete(YAMLPath(keys: ["m", "b"]))],
                "m: {a: 1, c: 3}\n"),
            EditCase("delete last in a flow map", "m: {a: 1, b: 2}\n", [.delete(YAMLPath(keys: ["m", "b"]))],
                "m: {a: 1}\n"),
            EditCase("delete two in a flow map", "m: {a: 1, b: 2, c: 3}\n", [
                .delete(YAMLPath(keys: ["m", "b"])), .delete(YAMLPath(keys: ["m", "c"])),
            ], "m: {a: 1}\n"),
            EditCase("delete all of a flow map", "{\"a\": 1, \"b\": 2}", [
                .delete(a), .delete(YAMLPath(keys: ["b"])),
            ], "{}"),
            EditCase("insert behind kept line breaks", "a: |+\n  x\n\n# end\n", [
                .insert(key: "x", value: .string("v"), into: YAMLPath(steps: []))
            ], "a: |+\n  x\n\nx: v\n# end\n"),
            EditCase("delete behind a block at the end", "a: |\n  x\nb: 1", [.delete(YAMLPath(keys: ["b"]))],
                "a: |\n  x\n"),
            EditCase("delete an item", "a:\n- x\n- y # c\n- z\n", [.delete(a.appending(.index(1)))],
                "a:\n- x\n- z\n"),
            EditCase("delete in JSON", "{\n  \"x\": 1,\n  \"a\": 2\n}\n", [.delete(a)], "{\n  \"x\": 1\n}\n",
                file: "a.json"),
            EditCase("insert in JSON", "{\n  \"a\": {\n    \"x\": 1\n  }\n}\n",
                [.insert(key: "y", value: .string("1"), into: a)],
                "{\n  \"a\": {\n    \"x\": 1,\n    \"y\": \"1\"\n  }\n}\n", file: "a.json"),
            EditCase("insert in compact JSON", "{\"a\":{\"x\":1,\"z\":2}}",
                [.insert(key: "y", value: .string("1"), into: a)],
                "{\"a\":{\"x\":1,\"z\":2,\"y\": \"1\"}}", file: "a.json"),
            EditCase("replace one key by another", "a:\n  n: x\n  digest: d # c\ne: 1\n", [
                .delete(YAMLPath(keys: ["a", "digest"])), .insert(key: "newTag", value: .string("v1"), into: a),
            ], "a:\n  n: x\n  newTag: v1\ne: 1\n"),
            EditCase("replace one key at the end", "a:\n  n: x\n  digest: d", [
                .delete(YAMLPath(keys: ["a", "digest"])), .insert(key: "newTag", value: .string("v1"), into: a),
            ], "a:\n  n: x\n  newTag: v1"),
        ]
    }
}
