internal import Glibc

/// A numeric address, and whether it belongs to somebody's inside.
public struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    /// Four bytes, or sixteen.
    private let bytes: [UInt8]

    /// Nil for anything but an IPv4 address in four decimal parts or an IPv6 address.
    public init?(_ text: String) {
        var version4 = in_addr()
        if inet_pton(AF_INET, text, &version4) == 1 {
            bytes = withUnsafeBytes(of: version4) { Array($0) }
            return
        }
        var version6 = in6_addr()
        guard inet_pton(AF_INET6, text, &version6) == 1 else { return nil }
        bytes = withUnsafeBytes(of: version6) { Array($0) }
    }

    init(version4: in_addr) { bytes = withUnsafeBytes(of: version4) { Array($0) } }
    init(version6: in6_addr) { bytes = withUnsafeBytes(of: version6) { Array($0) } }

    public var isVersion6: Bool { bytes.count == 16 }

    public var description: String {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = isVersion6 ? AF_INET6 : AF_INET
        guard inet_ntop(family, bytes, &buffer, socklen_t(buffer.count)) != nil else { return "?" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// True for everything that is not an ordinary address of the public internet: loopback, link-local, private,
    /// shared, documentation, multicast and reserved ranges (IANA special-purpose address registries, RFC 6890).
    ///
    /// An IPv6 address that carries an IPv4 one (mapped, translated, 6to4) is judged by that.
    public var isPrivate: Bool {
        guard isVersion6 else { return Self.isPrivate(bytes) }
        if bytes.starts(with: [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]) { return Self.isPrivate(Array(bytes[12...])) }
        if bytes.starts(with: [0x00, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0]) { return Self.isPrivate(Array(bytes[12...])) }
        if bytes.starts(with: [0x20, 0x02]) { return Self.isPrivate(Array(bytes[2..<6])) }
        // Only 2000::/3 is global unicast; 2001:db8::/32 is for documents, 2001::/32 is Teredo.
        guard bytes[0] & 0xE0 == 0x20 else { return true }
        return bytes.starts(with: [0x20, 0x01, 0x0D, 0xB8]) || bytes.starts(with: [0x20, 0x01, 0, 0])
    }

    private static func isPrivate(_ bytes: [UInt8]) -> Bool {
        switch (bytes[0], bytes[1]) {
        case (0, _), (10, _), (127, _), (169, 254), (192, 168), (224..., _): true
        case (100, 64...127), (172, 16...31), (198, 18...19): true
        case (192, 0): bytes[2] == 0 || bytes[2] == 2
        case (198, 51): bytes[2] == 100
        case (203, 0): bytes[2] == 113
        default: false
        }
    }
}
