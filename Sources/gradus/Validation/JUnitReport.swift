import WorkflowModel
import YAMLEdit

/// Findings as JUnit XML: one test case for each rule file, which every CI can show.
struct JUnitReport {
    let files: [String]
    let diagnostics: [Diagnostic]

    init(_ validation: Validation) {
        diagnostics = validation.diagnostics
        files = Set(validation.files.map(\.path)).union(diagnostics.filter { $0.severity == .error }.map(\.path)).sorted()
    }

    var text: String {
        let failed = Set(diagnostics.filter { $0.severity == .error }.map(\.path)).count
        var lines = [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
            "<testsuites>",
            "  <testsuite name=\"gradus validate\" tests=\"\(files.count)\" failures=\"\(failed)\" errors=\"0\" skipped=\"0\">",
        ]
        for file in files { lines += testCase(file) }
        return (lines + ["  </testsuite>", "</testsuites>"]).joined(separator: "\n") + "\n"
    }

    /// A note belongs to the fault before it, whatever file it points at.
    private func testCase(_ file: String) -> [String] {
        var own: [Diagnostic] = []
        var isOwn = false
        for diagnostic in diagnostics {
            if diagnostic.severity != .note { isOwn = diagnostic.path == file }
            if isOwn { own.append(diagnostic) }
        }
        let head = "    <testcase classname=\"gradus.validate\" name=\"\(Self.escaped(file))\""
        guard !own.isEmpty else { return [head + "/>"] }
        let errors = own.filter { $0.severity == .error }
        let body = Self.escaped(own.map(\.description).joined(separator: "\n"))
        guard let first = errors.first else { return [head + ">", "      <system-out>\(body)</system-out>", "    </testcase>"] }
        let message = Self.escaped(errors.count == 1 ? first.message : "\(errors.count) errors; the first: \(first.message)")
        return [head + ">", "      <failure message=\"\(message)\" type=\"error\">\(body)</failure>", "    </testcase>"]
    }

    /// Text for content and attributes; characters that XML 1.0 cannot hold become U+FFFD.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n": result += "&#10;"
            case "\t": result += "&#9;"
            default:
                let isAllowed = scalar.value >= 0x20 && scalar.value != 0xFFFE && scalar.value != 0xFFFF
                result.unicodeScalars.append(isAllowed ? scalar : "\u{FFFD}")
            }
        }
        return result
    }
}
