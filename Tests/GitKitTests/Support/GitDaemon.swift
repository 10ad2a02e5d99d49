import Glibc
import Testing

/// A real Git server on the loopback interface, for the repositories of one folder.
final class GitDaemon {
    let port: UInt16
    private let pid: pid_t

    init(serving scratch: Scratch) throws {
        port = try Self.freePort()
        pid = try Command.start(
            [
                "git", "daemon", "--listen=127.0.0.1", "--port=\(port)", "--reuseaddr", "--export-all",
                "--enable=receive-pack", "--base-path=\(scratch.path)", scratch.path,
            ], in: scratch.path, output: scratch.path + "/.commands/daemon.out",
            errors: scratch.path + "/.commands/daemon.err")
        var tries = 0
        while !Self.answers(port) {
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

    static func freePort() throws -> UInt16 {
        let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(number) }
        var address = loopback(0)
        let bound = withUnsafeMutableBytes(of: &address) { bytes in
            let pointer = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self)
            var length = socklen_t(bytes.count)
            guard bind(number, pointer, length) == 0 else { return false }
            return getsockname(number, pointer!, &length) == 0
        }
        try #require(bound)
        return UInt16(bigEndian: address.sin_port)
    }

    private static func answers(_ port: UInt16) -> Bool {
        let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(number) }
        let address = loopback(port)
        return withUnsafeBytes(of: address) { bytes in
            connect(number, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count)) == 0
        }
    }

    private static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }
}
