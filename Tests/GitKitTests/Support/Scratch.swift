import GitKit
import Glibc
import Testing

/// A temporary folder that goes away with the test.
final class Scratch {
    let path: String
    private var commands = 0

    // libgit2 looks for the user's configuration once, when it starts: before any test opens a repository.
    private static let hermetic: Void = {
        setenv("HOME", "/nonexistent", 1)
        setenv("XDG_CONFIG_HOME", "/nonexistent", 1)
    }()

    init() throws {
        _ = Self.hermetic
        var template = Array("/tmp/gitkit-XXXXXX".utf8CString)
        let made = mkdtemp(&template)
        try #require(made != nil)
        path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        mkdir(path + "/.commands", 0o700)
    }

    deinit {
        if let pid = try? Command.start(["rm", "-rf", path], in: "/", output: "/dev/null", errors: "/dev/null") {
            _ = Command.wait(for: pid)
        }
    }

    /// Runs a program and gives all it said.
    func run(_ arguments: [String], in folder: String = "") throws -> CommandResult {
        commands += 1
        let log = "\(path)/.commands/\(commands)"
        let pid = try Command.start(arguments, in: "\(path)/\(folder)", output: log + ".out", errors: log + ".err")
        let status = Command.wait(for: pid)
        return CommandResult(
            status: status, output: String(decoding: try read(".commands/\(commands).out"), as: UTF8.self),
            errors: String(decoding: try read(".commands/\(commands).err"), as: UTF8.self))
    }

    /// Runs git, which must succeed, and gives its output without the last line break.
    @discardableResult
    func git(_ arguments: String..., in folder: String = "") throws -> String {
        let result = try run(["git"] + arguments, in: folder)
        try #require(result.status == 0, "git \(arguments.joined(separator: " ")): \(result.errors)")
        return result.line
    }

    func write(_ name: String, _ text: String) throws {
        try write(name, Array(text.utf8))
    }

    func write(_ name: String, _ bytes: [UInt8], mode: mode_t = 0o644) throws {
        let file = try #require(fopen("\(path)/\(name)", "w"), "cannot write \(name)")
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
        chmod("\(path)/\(name)", mode)
    }

    func read(_ name: String) throws -> [UInt8] {
        let file = try #require(fopen("\(path)/\(name)", "r"), "cannot read \(name)")
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
        return bytes
    }

    func text(_ name: String) throws -> String { String(decoding: try read(name), as: UTF8.self) }

    /// Whether there is something of this name, be it a dangling link.
    func exists(_ name: String) -> Bool {
        var status = stat()
        return lstat("\(path)/\(name)", &status) == 0
    }

    /// A work tree `name` on branch main with one commit: `a.txt`, `env/prod/app.yaml`, `env/dev/app.yaml`.
    func makeWorkTree(_ name: String = "work") throws -> Repository {
        try git("init", "-q", "-b", "main", name)
        try run(["mkdir", "-p", "env/prod", "env/dev"], in: name).requireSuccess()
        try write(name + "/a.txt", "one\n")
        try write(name + "/env/prod/app.yaml", "tag: 1\n")
        try write(name + "/env/dev/app.yaml", "tag: 2\n")
        try git("add", ".", in: name)
        try git("commit", "-q", "-m", "first", in: name)
        return try Repository.open(at: "\(path)/\(name)")
    }
}

extension CommandResult {
    func requireSuccess() throws {
        try #require(status == 0, "\(errors)")
    }
}

extension Signature {
    static let ann = Signature(name: "Ann", email: "ann@example.com", seconds: 1_700_000_000, offsetMinutes: 60)
}

extension Repository {
    /// The commit that HEAD names.
    func headCommit() throws -> Commit {
        try commit(#require(try target(of: "HEAD")))
    }

    /// Stores a commit that gives one file a text.
    func makeCommit(on parent: ObjectID?, _ path: String, _ text: String) throws -> ObjectID {
        let base = try parent.map { try commit($0).tree }
        let tree = try updatingTree(base, [.set(path: path, id: writeBlob(Array(text.utf8)), mode: .blob)])
        return try createCommit(
            tree: tree, parents: parent.map { [$0] } ?? [], author: .ann, committer: .ann, message: "set \(path)\n")
    }
}

/// The error that `body` throws; the test fails if it throws none.
func gitError<Result>(_ body: () throws(GitError) -> Result) throws -> GitError {
    do throws(GitError) {
        _ = try body()
    } catch {
        return error
    }
    throw Unexpected()
}

struct Unexpected: Error {}
