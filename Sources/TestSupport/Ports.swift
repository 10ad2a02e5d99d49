internal import Glibc

/// Ports of the loopback interface.
package enum Ports {
    /// A port that nothing listens on at this moment.
    package static func free() throws -> UInt16 {
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

    /// Throws when nothing listens within ten seconds; `name` is told then.
    package static func waitUntilOpen(_ port: UInt16, for name: String? = nil) throws {
        for _ in 0..<1_000 {
            if isOpen(port) { return }
            usleep(10_000)
        }
        throw TestSupportError(name.map { "\($0) does not answer" } ?? "nothing listens on port \(port)")
    }

    package static func isOpen(_ port: UInt16) -> Bool {
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
