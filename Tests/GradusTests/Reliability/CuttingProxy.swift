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
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = Self.loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let ready = withUnsafeMutableBytes(of: &address) { bytes -> Bool in
            guard let pointer = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return false }
            return bind(listener, pointer, length) == 0 && getsockname(listener, pointer, &length) == 0
        }
        guard ready, listen(listener, 64) == 0 else { throw TestSupportError("the proxy cannot listen") }
        (self.listener, self.allowance, port) = (listener, allowance, UInt16(bigEndian: address.sin_port))
        try Self.thread(Work { Self.accept(listener, target, allowance) })
    }

    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    func cut(after bytes: Int?) { allowance.bytes.withLock { $0 = bytes } }

    private static func accept(_ listener: Int32, _ target: UInt16, _ allowance: Allowance) {
        while true {
            let client = Glibc.accept(listener, nil, nil)
            guard client >= 0 else { return }
            do {
                try thread(Work { carry(client, target, allowance) })
            } catch {
                close(client)
            }
        }
    }

    private static func carry(_ client: Int32, _ target: UInt16, _ allowance: Allowance) {
        defer { close(client) }
        let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(server) }
        let connected = withUnsafeBytes(of: loopback(target)) { bytes in
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

    private static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    private static func thread(_ work: Work) throws {
        var thread: pthread_t = 0
        guard pthread_create(&thread, nil, runWork, Unmanaged.passRetained(work).toOpaque()) == 0 else {
            throw TestSupportError("no thread for the proxy")
        }
        pthread_detach(thread)
    }
}

private final class Allowance: Sendable {
    let bytes = Mutex<Int?>(nil)
}

private final class Work: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

private func runWork(_ work: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let work { Unmanaged<Work>.fromOpaque(work).takeRetainedValue().body() }
    return nil
}
