import Testing

/// A workflow with faults and every line that must be reported for it, and no other.
struct BrokenFile: Sendable, CustomTestStringConvertible {
    var name: String
    var files: [String: String]
    var lines: [String]

    init(_ name: String, _ workflow: String, _ lines: [String]) {
        self.init(name, files: ["flow.yaml": workflow, "groups.yaml": Fixtures.groups], lines)
    }

    init(_ name: String, files: [String: String], _ lines: [String]) {
        self.name = name
        self.files = files
        self.lines = lines
    }

    var testDescription: String { name }
}
