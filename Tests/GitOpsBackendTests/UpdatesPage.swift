import Glibc

/// The examples of `docs/updates.md`: updates, the files they edit, and the lines that change.
struct UpdatesPage {
    struct Example {
        var title: String
        var updates: String
        var files: [(path: String, text: String)] = []
        var changed: [String] = []
    }

    let examples: [Example]

    init() throws {
        let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
        var title = ""
        var examples: [Example] = []
        var block: (info: String, lines: [String])?
        for line in try Self.read(root + "/docs/updates.md").split(separator: "\n", omittingEmptySubsequences: false) {
            if let open = block {
                guard line == "```" else {
                    block?.lines.append(String(line))
                    continue
                }
                let text = open.lines.map { $0 + "\n" }.joined()
                if open.info == "yaml update" {
                    examples.append(Example(title: title, updates: text))
                } else if open.info.hasPrefix("yaml file=") {
                    examples[examples.count - 1].files.append((String(open.info.dropFirst("yaml file=".count)), text))
                } else {
                    examples[examples.count - 1].changed = open.lines
                }
                block = nil
            } else if line.hasPrefix("```") {
                block = (String(line.dropFirst(3)), [])
            } else if line.hasPrefix("## ") {
                title = String(line.dropFirst(3))
            }
        }
        self.examples = examples
    }

    private static func read(_ path: String) throws -> String {
        guard let file = fopen(path, "r") else { throw MissingPage(path: path) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }

    struct MissingPage: Error {
        var path: String
    }
}
