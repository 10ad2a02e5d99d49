/// Git repositories for tests, made and read by the real git.
package struct GitFixture: Sendable {
    package let environment: HermeticEnvironment
    private let runner: CommandRunner

    package init(_ environment: HermeticEnvironment) {
        self.environment = environment
        runner = CommandRunner(environment)
    }

    /// Runs git in a repository, which must succeed, and gives its output without the last line break.
    @discardableResult
    package func git(_ arguments: String..., in repository: String) throws -> String {
        try git(arguments, in: repository)
    }

    @discardableResult
    package func git(_ arguments: [String], in repository: String) throws -> String {
        let result = try runner.run(["git", "-C", repository] + arguments)
        guard result.status == 0 else {
            throw TestSupportError("git \(arguments.joined(separator: " ")) in \(repository): \(result.errors)")
        }
        return result.line
    }

    /// Runs git whatever comes of it.
    package func attempt(_ arguments: String..., in repository: String) throws -> CommandResult {
        try runner.run(["git", "-C", repository] + arguments)
    }

    /// A work tree on branch main with the files in one commit.
    package func makeWorkTree(_ name: String, _ files: [String: String]) throws -> String {
        let folder = environment.folder
        for (path, text) in files { try folder.write("\(name)/\(path)", text) }
        let place = folder(name)
        try git("init", "-q", "-b", "main", place, in: folder.path)
        try git("add", ".", in: place)
        try git("commit", "-q", "--allow-empty", "-m", "start", in: place)
        return place
    }

    /// A bare repository with the same branches.
    package func makeBareClone(of source: String, _ name: String) throws -> String {
        let place = environment.folder(name)
        try git("clone", "-q", "--bare", source, place, in: environment.folder.path)
        // A bare clone keeps its source as origin, but a server's repository has none.
        try git("remote", "remove", "origin", in: place)
        return place
    }

    package func clone(_ url: String, _ name: String) throws -> String {
        let place = environment.folder(name)
        try git("clone", "-q", url, place, in: environment.folder.path)
        return place
    }

    /// Changes files on a branch of a repository by commits of somebody else, without any work tree of it.
    ///
    /// - Parameter date: what the commit says of its time, RFC 3339; nil: the truth.
    package func commit(
        _ files: [String: String], _ message: String, to repository: String, branch: String = "main", at date: String? = nil
    ) throws {
        let other = try TemporaryFolder(inside: environment.folder)
        try git("clone", "-q", "--branch", branch, repository, other("clone"), in: other.path)
        for (path, text) in files { try other.write("clone/\(path)", text) }
        try git("add", ".", in: other("clone"))
        let dates = date.map { ["GIT_AUTHOR_DATE=\($0)", "GIT_COMMITTER_DATE=\($0)"] } ?? []
        let made = try runner.run(["env"] + dates + ["git", "-C", other("clone"), "commit", "-q", "-m", message])
        guard made.status == 0 else { throw TestSupportError("git commit in \(repository): \(made.errors)") }
        try git("push", "-q", "origin", "HEAD:\(branch)", in: other("clone"))
    }

    /// The content of a file at a revision.
    package func blob(_ path: String, at revision: String = "main", in repository: String) throws -> String {
        let result = try attempt("show", "\(revision):\(path)", in: repository)
        guard result.status == 0 else { throw TestSupportError("no \(path) at \(revision): \(result.errors)") }
        return result.output
    }

    /// Ids of the commits of a revision, oldest first.
    package func commits(_ revision: String = "main", in repository: String) throws -> [String] {
        try git("rev-list", "--reverse", revision, in: repository).split(separator: "\n").map(String.init)
    }

    /// The whole message of a commit, as stored, with the line break at its end.
    package func message(of commit: String, in repository: String) throws -> String {
        try git("log", "-1", "--format=%B", commit, in: repository)
    }

    /// Replaces a branch by commits with the same trees and other messages; nil leaves a commit out.
    ///
    /// Positions count from 0, oldest first.
    package func rewrite(
        _ reference: String, in repository: String, _ edit: (_ position: Int, _ message: String) throws -> String?
    ) throws {
        var parent: String?
        for (position, commit) in try commits(reference, in: repository).enumerated() {
            guard let message = try edit(position, try message(of: commit, in: repository)) else { continue }
            parent = try store(message, tree: "\(commit)^{tree}", parent: parent, in: repository)
        }
        guard let parent else { throw TestSupportError("nothing is left of \(reference)") }
        try git("update-ref", reference, parent, in: repository)
    }

    /// Makes a commit that no reference names, with exactly this message.
    package func store(_ message: String, tree: String, parent: String?, in repository: String) throws -> String {
        let file = ".message-\(UInt64.random(in: .min ... .max))"
        try environment.folder.write(file, message)
        let id = try git("rev-parse", tree, in: repository)
        return try git(
            ["commit-tree", id, "-F", environment.folder(file)] + (parent.map { ["-p", $0] } ?? []), in: repository)
    }

    /// Names of the references with a prefix, sorted.
    package func references(_ prefix: String, in repository: String) throws -> [String] {
        try git("for-each-ref", "--format=%(refname)", prefix, in: repository).split(separator: "\n").map(String.init)
    }
}
