// A coverage-guided fuzz target: `make fuzz`. The first four bytes choose an edit, the rest is the file.
//
// A finding is a crash, a hang, an edit that does not read back, or a byte outside the edited value that changed.

import Glibc
import Manifests
import YAMLEdit

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: data, count: count))
    guard input.count > 4 else { return 0 }
    EditFuzzer(choice: Array(input[..<4]), bytes: Array(input[4...])).run()
    return 0
}

struct EditFuzzer {
    let choice: [UInt8]
    let bytes: [UInt8]

    private static let texts = [
        "v2", "1.10", "", " ", "a: b", "# c", "x #y", "- z", "yes", "é🚀", "two\nlines", "end\n", "\n\n", "a\\\"'b", "{x}",
        "*a", "&b", "!c", "|", "> d", "key:", "---", "tab\there", " lead", "trail ", "\u{85}x", "a,b", "? x", "l1\n  l2\nl3\n",
        "1\n2\n\n3\n",
    ]

    func run() {
        let path = choice[0] & 0x80 == 0 ? "values.yaml" : "values.json"
        do {
            let file = try YAMLFile(bytes: bytes, path: path)
            let scalars = file.scalars()
            guard !scalars.isEmpty else { return }
            let (place, node) = scalars[Int(choice[1]) % scalars.count]
            let text = Self.texts[Int(choice[2]) % Self.texts.count]
            let typing: ValueTyping = choice[3] & 1 == 0 ? .string : .keepType
            switch choice[0] & 0x07 {
            case 0, 1, 2: try set(file, place, node, text, typing)
            case 3: _ = try file.applying([.delete(place)])
            case 4: _ = try file.applying([.create(sibling(of: place), to: text, typing: typing)])
            case 5: try embedded(file, place, text)
            case 6: _ = try file.applying([.set(place, to: text, typing: typing)], throughAliases: true)
            default: try images(text)
            }
        } catch {
            // A refusal is no finding, but it must say something.
            require(!"\(error)".isEmpty, "an error without words")
        }
    }

    private func set(
        _ file: YAMLFile, _ place: YAMLPath, _ node: YAMLNode, _ text: String, _ typing: ValueTyping
    ) throws {
        let present = try file.get(place)
        require(try file.applying([.set(place, to: present, typing: typing)]) == bytes, "the present value changed bytes")
        let edited = try file.applying([.set(place, to: text, typing: typing)])
        // By position: list items and documents are found by their names, which the edit may have changed.
        let again = try YAMLFile(bytes: edited, path: file.path).scalars()
        let index = file.scalars().firstIndex { $0.node === node } ?? 0
        require(again.count == file.scalars().count, "there are more or fewer values")
        require(again[index].node.scalarText == text, "the value does not read back")
        require(edited.starts(with: bytes[..<min(node.range.lowerBound, bytes.count)]), "bytes in front changed")
        guard node.style != .literal, node.style != .folded, !node.range.isEmpty else { return }
        let rest = bytes[node.range.upperBound...]
        require(edited.suffix(rest.count).elementsEqual(rest), "bytes behind changed")
    }

    private func embedded(_ file: YAMLFile, _ place: YAMLPath, _ text: String) throws {
        let inner = try YAMLFile(bytes: Array(try file.get(place).utf8), path: "inner")
        guard let (path, _) = inner.scalars().first, !path.steps.isEmpty else { return }
        let edited = try file.applying([.set(place.inside(path), to: text, typing: .string)])
        let index = file.scalars().firstIndex { $0.path == place } ?? 0
        let outer = try YAMLFile(bytes: edited, path: file.path).scalars()[index].node.scalarText ?? ""
        let again = try YAMLFile(bytes: Array(outer.utf8), path: "inner").scalars()
        require(again.first?.node.scalarText == text, "the inner value does not read back")
    }

    private func images(_ text: String) throws {
        let manifest = try ManifestFile(bytes: bytes, path: "kustomization.yaml")
        let argument = try ImageArgument(parsing: "web:\(text)")
        _ = try manifest.applying([try argument.update(in: manifest, create: choice[3] & 2 == 0)])
    }

    private func sibling(of path: YAMLPath) -> YAMLPath {
        YAMLPath(document: path.document, steps: path.steps.dropLast() + [.key("new"), .key("deep")])
    }

    private func require(_ condition: @autoclosure () throws -> Bool, _ what: String) {
        var reason = what
        do {
            if try condition() { return }
        } catch {
            reason += ": \(error)"
        }
        let line = Array("finding: \(reason)\n".utf8)
        _ = write(STDERR_FILENO, line, line.count)
        abort()
    }
}
