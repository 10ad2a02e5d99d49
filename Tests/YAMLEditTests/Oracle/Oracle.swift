import Glibc
import Testing
import YAMLEdit

/// An edit for the other parser to judge.
struct JudgedEdit: Sendable {
    var before: [UInt8]
    var after: [UInt8]
    var document: Int
    var path: YAMLPath
    var value: String
    /// Whether the value must be a string for YAML 1.1 too.
    var isString: Bool
}

/// Another parser's opinion of edits: PyYAML, in Python, which `make setup` installs.
enum Oracle {
    struct Failure: Error {
        var message: String
        init(_ message: String) { self.message = message }
    }

    /// One verdict for each edit: "ok", or what is wrong.
    static func verdicts(on edits: [JudgedEdit]) throws -> [String] {
        var template = Array("/tmp/gradus-oracle.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure("no temporary folder") }
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { rmdir(folder) }
        let name = folder + "/edits.jsonl"
        defer { unlink(name) }
        guard let file = fopen(name, "w") else { throw Failure("cannot write \(name)") }
        for edit in edits { fputs(json(edit) + "\n", file) }
        fclose(file)
        let script = #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/judge.py"
        guard let pipe = popen("python3 '\(script)' '\(name)'", "r") else { throw Failure("cannot start python3") }
        defer { pclose(pipe) }
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&buffer, 1, buffer.count, pipe), count > 0 { output += buffer[..<count] }
        return String(decoding: output, as: UTF8.self).split(separator: "\n").map { String($0) }
    }

    private static func json(_ edit: JudgedEdit) -> String {
        let steps = edit.path.steps.map { step in
            switch step {
            case .key(let key): string(key)
            case .index(let index): "\(index)"
            case .item, .inside: "null"
            }
        }
        return "{\"before\":\(string(edit.before)),\"after\":\(string(edit.after)),\"document\":\(edit.document),"
            + "\"path\":[\(steps.joined(separator: ","))],\"value\":\(string(edit.value)),\"string\":\(edit.isString)}"
    }

    private static func string(_ bytes: [UInt8]) -> String { string(String(decoding: bytes, as: UTF8.self)) }

    private static func string(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\" + String(Character(scalar))
            case _ where scalar.value < 0x20 || scalar.value == 0x7F || scalar.value == 0x2028 || scalar.value == 0x2029:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
