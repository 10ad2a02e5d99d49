/// A real Git server on the loopback interface for the repositories below one folder; stopped when the value goes away.
package final class GitDaemon {
    package let port: UInt16
    private let command: RunningCommand

    /// Throws when the server does not answer within ten seconds.
    package init(_ environment: HermeticEnvironment) throws {
        port = try Ports.free()
        let base = environment.folder.path
        command = try CommandRunner(environment).start([
            "git", "daemon", "--listen=127.0.0.1", "--port=\(port)", "--reuseaddr", "--export-all",
            "--enable=receive-pack", "--max-connections=0", "--base-path=\(base)", base,
        ])
        try Ports.waitUntilOpen(port, for: "git daemon")
    }

    /// The URL of a repository, named from the environment's folder.
    package func url(_ name: String) -> String { "git://127.0.0.1:\(port)/\(name)" }
}
