import Testing
import YAMLEdit

@Suite struct RandomInputTests {
    private static let texts = [
        "v2", "1.10", "", " ", "a: b", "# c", "x #y", "- z", "yes", "é🚀", "two\nlines", "end\n", "\n\n", "a\\\"'b",
        "{x}", "[y", "*a", "&b", "!c", "|", "> d", "%e", "@f", "`g", "key:", "---", "tab\there", " lead", "trail ",
        "\u{85}x", "\u{FEFF}", "a,b", "?", "? x", "2024-01-01T00:00:00Z", "l1\n  l2\nl3\n", "\tx\n", "a\n\n\nb\n\n",
    ]

    /// Every scalar that a path of keys and indexes reaches without passing an alias.
    private func paths(_ node: YAMLNode, _ steps: [YAMLPath.Step] = []) -> [YAMLPath] {
        switch node.kind {
        case .alias: return []
        case .scalar: return steps.isEmpty ? [] : [YAMLPath(steps: steps)]
        case .sequence:
            return node.items.enumerated().flatMap { paths($1, steps + [.index($0)]) }
        case .mapping:
            return node.entries.flatMap { entry in
                entry.key.scalarText.map { paths(entry.value, steps + [.key($0)]) } ?? []
            }
        }
    }

    /// Sets a scalar and demands that exactly it changed, or that the refusal is a deliberate one.
    private func check(_ file: YAMLFile, _ path: YAMLPath, _ text: String, _ typing: ValueTyping) throws {
        do throws(YAMLError) {
            let bytes = try file.setting([(path, text, typing)])
            let again = try YAMLFile(bytes: bytes, path: file.path)
            #expect(try again.get(path) == text)
            #expect(try again.setting([(path, text, typing)]) == bytes)
        } catch {
            let deliberate: [YAMLError.Code] = [.notRepresentable, .throughAlias, .ambiguous, .notFound]
            #expect(deliberate.contains(error.code), "\(error) at \(path) in \(String(decoding: file.bytes, as: UTF8.self))")
        }
    }

    /// Deletes a scalar and inserts beside it; the library itself compares the result, so only its refusals are judged.
    private func checkStructure(_ file: YAMLFile, _ path: YAMLPath, _ text: String) {
        // Keys written with `?` in braces are not laid out anew; such an edit is refused by the comparison.
        guard !file.bytes.contains(UInt8(ascii: "?")) else { return }
        let parent = YAMLPath(steps: Array(path.steps.dropLast()))
        let insertion: PointEdit =
            if case .index = path.steps.last {
                .append(.string(text), to: parent)
            } else {
                .insert(key: "brandNew", value: .mapping([.init("k", .string(text))]), into: parent)
            }
        for edits in [[.delete(path)], [insertion], [.delete(path), insertion]] as [[PointEdit]] {
            do throws(YAMLError) {
                _ = try file.applying(edits)
            } catch {
                let deliberate: [YAMLError.Code] = [
                    .notRepresentable, .throughAlias, .ambiguous, .notFound, .duplicateKey,
                ]
                let isAnchorLost = error.description.contains("names no anchor")
                #expect(
                    deliberate.contains(error.code) || isAnchorLost,
                    "\(error) for \(edits) in \(String(decoding: file.bytes, as: UTF8.self))")
            }
        }
    }

    @Test(arguments: try EditCorpus.scalars())
    func setsEveryTextAtEveryScalarOfTheCorpus(_ edit: EditCase) throws {
        guard edit.before.utf8.count < 10_000 else { return }
        let file = try YAMLFile(bytes: Array(edit.before.utf8), path: edit.path)
        for root in file.documents {
            for path in paths(root) {
                for text in Self.texts {
                    try check(file, path, text, .string)
                    try check(file, path, text, .keepType)
                    checkStructure(file, path, text)
                }
            }
        }
    }

    @Test(arguments: [UInt64](1...8))
    func neverCrashesOnRandomBytes(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let alphabet = Array("ab:-?#&*!|>'\"%@`{}[], \n\r\t.~<=0é\u{FEFF}\\/$".utf8) + [0x00, 0xFF, 0xC2, 0x85]
        for _ in 0..<1500 {
            let count = Int.random(in: 0..<60, using: &random)
            let bytes = (0..<count).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] }
            examine(bytes, &random)
        }
    }

    @Test(arguments: [UInt64](1...6))
    func neverCrashesOnDamagedFiles(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let corpus = try EditCorpus.scalars().map { Array($0.before.utf8) }.filter { $0.count < 10_000 }
        for _ in 0..<1500 {
            var bytes = corpus[Int.random(in: 0..<corpus.count, using: &random)]
            for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes.remove(at: place)
                case 1: bytes[place] = UInt8.random(in: 0x20...0x7E, using: &random)
                default: bytes.insert(Array("\n :-#{}[],&*'\"".utf8).randomElement(using: &random) ?? 0x20, at: place)
                }
            }
            examine(bytes, &random)
        }
    }

    /// Parses; where that succeeds, ranges must lie in the file and an edit must hold what it promises.
    private func examine(_ bytes: [UInt8], _ random: inout SeededGenerator) {
        do {
            let file = try YAMLFile(bytes: bytes, path: "random.yaml")
            for root in file.documents {
                #expect(root.range.upperBound <= bytes.count)
                let all = paths(root)
                guard let path = all.randomElement(using: &random) else { continue }
                let text = Self.texts.randomElement(using: &random) ?? ""
                try check(file, path, text, Bool.random(using: &random) ? .string : .keepType)
                checkStructure(file, path, text)
            }
        } catch let error as YAMLError {
            #expect(!error.diagnostics.isEmpty)
            #expect(!error.description.isEmpty)
        } catch {
            Issue.record(error)
        }
    }
}
