import Glibc
import TestSupport
import Testing

/// A real Git server on the loopback interface, for the repositories of one folder.
final class GitDaemon {
    let port: UInt16
    private let pid: pid_t

    init(serving scratch: Scratch) throws {
        port = try Ports.free()
        pid = try Command.start(
            [
                "git", "daemon", "--listen=127.0.0.1", "--port=\(port)", "--reuseaddr", "--export-all",
                "--enable=receive-pack", "--base-path=\(scratch.path)", scratch.path,
            ], in: scratch.path, output: scratch.path + "/.commands/daemon.out",
            errors: scratch.path + "/.commands/daemon.err")
        var tries = 0
        while !Ports.isOpen(port) {
            tries += 1
            try #require(tries < 500, "git daemon did not start")
            usleep(10_000)
        }
    }

    deinit {
        // The whole group: `git daemon` runs as a child of `git`.
        kill(-pid, SIGTERM)
        _ = Command.wait(for: pid)
    }

    func url(_ repository: String) -> String { "git://127.0.0.1:\(port)/\(repository)" }
}
