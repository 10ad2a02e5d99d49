internal import Glibc

/// A folder for one test, deleted with all that is in it when the value goes away.
package final class TemporaryFolder: Sendable {
    /// Absolute, without links and without a slash at the end.
    package let path: String

    /// Throws when the folder cannot be made.
    package convenience init() throws { try self.init(below: getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp") }

    /// A folder below another one; deleted earlier than that.
    convenience init(inside folder: TemporaryFolder) throws { try self.init(below: folder.path) }

    private init(below place: String) throws {
        var template = Array("\(place)/gradus-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw TestSupportError("cannot make a temporary folder") }
        template.removeLast()
        path = String(decoding: template.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        let arguments = ["/bin/rm", "-rf", path]
        // A folder that cannot be deleted is left behind; the tests have their answer.
        guard let pid = try? Subprocess.spawn(arguments, [:], output: "/dev/null", errors: "/dev/null") else { return }
        _ = Subprocess.status(of: pid, within: 60)
    }

    package func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file, making the folders above it.
    package func write(_ name: String, _ text: String, mode: UInt32 = 0o644) throws {
        var folder = path
        for part in name.split(separator: "/").dropLast() {
            folder += "/\(part)"
            guard mkdir(folder, 0o755) == 0 || errno == EEXIST else { throw TestSupportError("cannot make \(folder)") }
        }
        guard let file = fopen(self(name), "w") else { throw TestSupportError("cannot write \(name)") }
        let bytes = Array(text.utf8)
        let written = fwrite(bytes, 1, bytes.count, file)
        guard fclose(file) == 0, written == bytes.count, chmod(self(name), mode) == 0 else {
            throw TestSupportError("cannot write \(name)")
        }
    }

    package func read(_ name: String) throws -> String { try Self.read(self(name)) }

    /// Reads a file anywhere.
    package static func read(_ path: String) throws -> String {
        guard let file = fopen(path, "r") else { throw TestSupportError("cannot read \(path)") }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Why a test could not be set up.
package struct TestSupportError: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
