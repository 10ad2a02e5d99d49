internal import Glibc

/// A real Git server on the loopback interface for the repositories below one folder; stopped when the value goes away.
package final class GitDaemon {
    package let port: UInt16
    private let command: RunningCommand

    /// Throws when the server does not answer within ten seconds.
    package init(_ environment: HermeticEnvironment) throws {
        port = try Self.freePort()
        let base = environment.folder.path
        command = try CommandRunner(environment).start([
            "git", "daemon", "--listen=127.0.0.1", "--port=\(port)", "--reuseaddr", "--export-all",
            "--enable=receive-pack", "--max-connections=0", "--base-path=\(base)", base,
        ])
        for _ in 0..<1_000 {
            if Self.answers(port) { return }
            usleep(10_000)
        }
        throw TestSupportError("git daemon does not answer")
    }

    /// The URL of a repository, named from the environment's folder.
    package func url(_ name: String) -> String { "git://127.0.0.1:\(port)/\(name)" }

    static func freePort() throws -> UInt16 {
        let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(number) }
        var address = loopback(0)
        let found = withUnsafeMutableBytes(of: &address) { bytes in
            guard let pointer = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return false }
            var length = socklen_t(bytes.count)
            return bind(number, pointer, length) == 0 && getsockname(number, pointer, &length) == 0
        }
        guard found else { throw TestSupportError("there is no free port") }
        return UInt16(bigEndian: address.sin_port)
    }

    static func answers(_ port: UInt16) -> Bool {
        let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(number) }
        return withUnsafeBytes(of: loopback(port)) { bytes in
            connect(number, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count)) == 0
        }
    }

    private static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
