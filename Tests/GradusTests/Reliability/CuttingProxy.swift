import Glibc
import Synchronization
import TestSupport

/// Carries connections to a port of this machine, and cuts those that have sent a number of bytes.
final class CuttingProxy: Sendable {
    let port: UInt16
    private let listener: Int32
    /// Bytes that a connection may send before it is cut; nil: never.
    private let allowance: Allowance

    init(to target: UInt16) throws {
        let allowance = Allowance()
        (listener, port) = try Loopback.listen()
        let listener = listener
        self.allowance = allowance
        try Work { Self.accept(listener, target, allowance) }.start()
    }

    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    func cut(after bytes: Int?) { allowance.bytes.withLock { $0 = bytes } }

    private static func accept(_ listener: Int32, _ target: UInt16, _ allowance: Allowance) {
        while true {
            let client = Glibc.accept(listener, nil, nil)
            guard client >= 0 else { return }
            do {
                try Work { carry(client, target, allowance) }.start()
            } catch {
                close(client)
            }
        }
    }

    private static func carry(_ client: Int32, _ target: UInt16, _ allowance: Allowance) {
        defer { close(client) }
        let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(server) }
        let connected = withUnsafeBytes(of: Loopback.address(target)) { bytes in
            connect(server, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
        }
        guard connected == 0 else { return }
        var left = allowance.bytes.withLock { $0 }
        var buffer = [UInt8](repeating: 0, count: 512)
        while true {
            var waits = [pollfd(fd: client, events: Int16(POLLIN), revents: 0), pollfd(fd: server, events: Int16(POLLIN), revents: 0)]
            guard poll(&waits, 2, 30_000) > 0 else { return }
            for (from, to) in [(0, server), (1, client)] where waits[from].revents != 0 {
                let count = read(waits[from].fd, &buffer, buffer.count)
                guard count > 0 else { return }
                if from == 0, let rest = left {
                    left = rest - count
                    if rest < count { return }
                }
                guard send(to, buffer, count, Int32(MSG_NOSIGNAL)) == count else { return }
            }
        }
    }
}

private final class Allowance: Sendable {
    let bytes = Mutex<Int?>(nil)
}
