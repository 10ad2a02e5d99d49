import Testing
import YAMLEdit

/// Rules that hold for every document and every edit, tried on thousands of generated ones.
@Suite struct PropertyTests {
    private static let texts = [
        "v2", "1.10", "", "a: b", "# c", "x #y", "yes", "é🚀", "two\nlines", "a\\\"'b", "{x}", "*a", "~", "0x1F", "2024-01-01",
        "1_000", "0o17", "- z", "12:30:45", "@at", "%p", "!t", "&n", "key:", " lead", "trail ", "00012", "1e5", "null", "[", "]",
    ]

    /// Each seed makes 300 documents, so all together 2,400: the other parser is slow.
    @Test(arguments: [UInt64](1...8))
    func aChangedScalarIsTheOnlyChangeForAnotherParserToo(seed: UInt64) throws {
        var generator = DocumentGenerator(seed: seed)
        var random = SeededGenerator(seed: seed &* 7919)
        var edits: [JudgedEdit] = []
        var refused = 0
        for _ in 0..<300 {
            let bytes = generator.document(size: 4)
            let file = try YAMLFile(bytes: bytes, path: "generated.yaml")
            let scalars = file.scalarsByIndex()
            guard let (path, node) = scalars.randomElement(using: &random) else { continue }
            let text = Self.texts.randomElement(using: &random) ?? ""
            let typing: ValueTyping = Bool.random(using: &random) ? .string : .keepType
            do throws(YAMLError) {
                let edited = try file.applying([.set(path, to: text, typing: typing)])
                try checkBytes(file, node, edited)
                edits.append(
                    JudgedEdit(
                        before: bytes, after: edited, document: 0, path: path, value: text,
                        // An own tag may say what it likes.
                        isString: typing == .string && node.tag == nil && node.scalarText != text))
            } catch {
                #expect(error.code == .notRepresentable, "\(error) in \(String(decoding: bytes, as: UTF8.self))")
                refused += 1
            }
        }
        #expect(edits.count > 250 && refused < 50)
        let verdicts = try Oracle.verdicts(on: edits)
        #expect(verdicts.count == edits.count)
        for (verdict, edit) in zip(verdicts, edits) where verdict != "ok" {
            Issue.record("\(edit.path) \(verdict)\n\(String(decoding: edit.before, as: UTF8.self))\n---\n\(String(decoding: edit.after, as: UTF8.self))")
        }
    }

    /// Bytes in front of the value and behind it are the same.
    private func checkBytes(_ file: YAMLFile, _ node: YAMLNode, _ edited: [UInt8]) throws(YAMLError) {
        #expect(edited.starts(with: file.bytes[..<node.range.lowerBound]))
        // Behind a block only its own empty lines may go with it, and a missing value has only blanks behind.
        guard node.style != .literal, node.style != .folded, !node.isMissing else { return }
        let rest = file.bytes[node.range.upperBound...]
        #expect(edited.suffix(rest.count).elementsEqual(rest))
    }

    @Test(arguments: [UInt64](11...18))
    func settingWhatIsThereChangesNoByteAndSetThenGetReturnsIt(seed: UInt64) throws {
        var generator = DocumentGenerator(seed: seed)
        var random = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let file = try YAMLFile(bytes: generator.document(), path: "generated.yaml")
            let scalars = file.scalars()
            let present = try scalars.map { (path: $0.path, value: try file.get($0.path), typing: ValueTyping.string) }
            #expect(try file.setting(present) == file.bytes)
            guard let place = scalars.randomElement(using: &random)?.path else { continue }
            let text = Self.texts.randomElement(using: &random) ?? ""
            do throws(YAMLError) {
                let edited = try YAMLFile(
                    bytes: try file.applying([.set(place, to: text, typing: .string)]), path: file.path)
                #expect(try edited.get(place) == text)
            } catch {
                #expect(error.code == .notRepresentable)
            }
        }
    }

    @Test(arguments: [UInt64](21...24))
    func whatIsDeletedAndCreatedIsAllThatChanges(seed: UInt64) throws {
        var generator = DocumentGenerator(seed: seed)
        var random = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let file = try YAMLFile(bytes: generator.document(), path: "generated.yaml")
            guard let path = file.scalars().randomElement(using: &random)?.path else { continue }
            let below = YAMLPath(steps: path.steps.dropLast() + [.key("brand new"), .key("x")])
            for edits in [[PointEdit.delete(path)], [.create(below, to: "v", typing: .string)]] {
                do throws(YAMLError) {
                    // The library compares the result with the plan; here only its refusals are judged.
                    _ = try file.applying(edits)
                } catch {
                    let deliberate: [YAMLError.Code] = [.notRepresentable, .wrongKind, .throughAlias, .notFound]
                    let isAnchorLost = error.description.contains("names no anchor")
                    #expect(
                        deliberate.contains(error.code) || isAnchorLost,
                        "\(error) for \(edits) in\n\(String(decoding: file.bytes, as: UTF8.self))")
                }
            }
        }
    }
}

extension YAMLFile {
    /// Every scalar value of the first document with a path of keys and positions.
    fileprivate func scalarsByIndex() -> [(path: YAMLPath, node: YAMLNode)] {
        func collect(_ node: YAMLNode, _ steps: [YAMLPath.Step]) -> [(path: YAMLPath, node: YAMLNode)] {
            switch node.kind {
            case .scalar: [(YAMLPath(steps: steps), node)]
            case .alias: []
            case .sequence: node.items.enumerated().flatMap { collect($1, steps + [.index($0)]) }
            case .mapping: node.entries.flatMap { entry in
                entry.key.scalarText.map { collect(entry.value, steps + [.key($0)]) } ?? []
            }
            }
        }
        return documents.first.map { collect($0, []) } ?? []
    }
}
