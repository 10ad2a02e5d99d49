/// A comparison with a version of one to three parts, such as `>=1.4` (`semantics.md` section 0.5).
///
/// A missing part widens the range: `==1.4` is any `1.4.x`, `>1` begins at `2.0.0`, `<=1.4` ends before `1.5.0`.
/// Pre-releases fit only a range that itself names one.
public struct VersionRange: Sendable, Hashable {
    private let sign: String
    /// As many as were written.
    private let parts: [Int]
    private let prerelease: [String]

    /// Nil unless the text is an operator (`==`, `!=`, `>`, `>=`, `<`, `<=`) and a version.
    public init?(_ text: String) {
        sign = String(text.prefix { "<>=!".contains($0) })
        guard ["==", "!=", ">", ">=", "<", "<="].contains(sign) else { return nil }
        var version = text.dropFirst(sign.count)
        if version.hasPrefix("v") { version = version.dropFirst() }
        let core = version.prefix { $0 != "-" && $0 != "+" }
        let written = core.split(separator: ".", omittingEmptySubsequences: false)
        parts = written.compactMap { Int($0) }
        // The number after the last one written is where a wide range ends, so it must exist.
        guard (1...3).contains(parts.count), parts.count == written.count, parts.allSatisfy({ $0 < Int.max }),
            let padded = SemanticVersion(Self.padded(parts) + version.dropFirst(core.count))
        else { return nil }
        prerelease = padded.prerelease
    }

    private static func padded(_ parts: [Int]) -> String {
        (parts + [0, 0]).prefix(3).map(String.init).joined(separator: ".")
    }

    /// Whether the version lies in the range.
    public func contains(_ version: SemanticVersion) -> Bool {
        if prerelease.isEmpty, !version.prerelease.isEmpty { return false }
        let floor = SemanticVersion(core: (parts + [0, 0]).prefix(3).map(\.self), prerelease: prerelease)
        var last = parts
        last[last.count - 1] += 1
        let ceiling = SemanticVersion(core: (last + [0, 0]).prefix(3).map(\.self), prerelease: [])
        let isExact = parts.count == 3
        let equals = isExact ? !(version < floor) && !(floor < version) : version >= floor && version < ceiling
        return switch sign {
        case "==": equals
        case "!=": !equals
        case ">=": version >= floor
        case "<": version < floor
        case ">": isExact ? floor < version : version >= ceiling
        default: isExact ? version <= floor : version < ceiling
        }
    }
}
