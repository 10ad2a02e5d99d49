import Glibc

/// The files of the sample at the top level of the package, by their paths inside the repository.
enum SampleFiles {
    struct Unreadable: Error, CustomStringConvertible {
        var path: String
        var reason: String

        var description: String { "cannot read \(path): \(reason)" }
    }

    /// The package's root, seen from this source file.
    private static let root: String = {
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        return parts.dropLast(3).joined(separator: "/")
    }()

    static let folders = ["environments", "templates", "workflows"]

    /// Every file of the sample, sorted.
    static func all() throws -> [String] {
        try folders.flatMap(files).sorted()
    }

    /// All files in a folder and below it.
    static func files(in folder: String) throws -> [String] {
        guard let stream = opendir("\(root)/\(folder)") else { throw unreadable(folder) }
        defer { closedir(stream) }
        var found: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name != ".", name != ".." else { continue }
            let path = "\(folder)/\(name)"
            if try isFolder(path) { found += try files(in: path) } else { found.append(path) }
        }
        return found
    }

    static func bytes(_ path: String) throws -> [UInt8] {
        guard let stream = fopen("\(root)/\(path)", "rb") else { throw unreadable(path) }
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let count = fread(&buffer, 1, buffer.count, stream)
            bytes += buffer[..<count]
            guard count == buffer.count else { break }
        }
        guard ferror(stream) == 0 else { throw unreadable(path) }
        return bytes
    }

    static func text(_ path: String) throws -> String {
        guard let text = String(validating: try bytes(path), as: UTF8.self) else {
            throw Unreadable(path: path, reason: "it is not UTF-8")
        }
        return text
    }

    private static func isFolder(_ path: String) throws -> Bool {
        var status = stat()
        guard lstat("\(root)/\(path)", &status) == 0 else { throw unreadable(path) }
        return status.st_mode & S_IFMT == S_IFDIR
    }

    private static func unreadable(_ path: String) -> Unreadable {
        Unreadable(path: path, reason: String(cString: strerror(errno)))
    }
}
