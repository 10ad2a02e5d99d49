import Manifests
import Testing
import YAMLEdit

/// Updates of one file as bytes in, bytes out: the file with some of its texts replaced.
struct ManifestCase: Sendable, CustomTestStringConvertible {
    var name: String
    var before: String
    var path: String
    var updates: [ManifestUpdate]
    var after: String

    var testDescription: String { name }

    /// - Parameter replacing: what differs afterwards; each text stands once in the file.
    init(
        _ name: String, _ before: String, _ path: String = "app.yaml", _ updates: ManifestUpdate...,
        replacing: (String, String)...
    ) {
        self.name = name
        self.before = before
        self.path = path
        self.updates = updates
        after = replacing.reduce(before) { $0.replacing($1.0, with: $1.1) }
    }

    func check() throws {
        let file = try ManifestFile(bytes: Array(before.utf8), path: path)
        let result = try file.applying(updates)
        #expect(String(decoding: result.bytes, as: UTF8.self) == after)
        // What was set reads back under the path that the change names, and setting it again changes nothing.
        let again = try ManifestFile(bytes: result.bytes, path: path)
        for change in result.changes { #expect(try again.value(of: change.path) == change.new) }
        #expect(try again.applying(updates).bytes == result.bytes)
        for update in updates {
            let read = try file.read(update)
            #expect(read.allSatisfy { $0.old == $0.new })
            #expect(read.map(\.path).allSatisfy(result.changes.map(\.path).contains))
        }
    }
}

/// Updates that are refused.
struct RefusedCase: Sendable, CustomTestStringConvertible {
    var name: String
    var text: String
    var path = "app.yaml"
    var update: ManifestUpdate
    var code: ManifestError.Code
    var shown: String

    var testDescription: String { name }

    func check() throws {
        let error = try #require(throws: ManifestError.self) {
            try ManifestFile(bytes: Array(text.utf8), path: path).applying([update])
        }
        #expect(error.code == code)
        #expect(error.description.contains(shown), "\(error)")
    }
}
