/// When and how often a request is repeated.
enum Backoff {
    /// Seconds before the second attempt; doubles with each.
    private static let first = 0.5
    /// A server that asks for more patience than this gets its answer used as it is.
    private static let longest = 30.0

    /// A status that says "not now".
    static func isTransient(_ status: Int) -> Bool { [429, 502, 503, 504].contains(status) }

    /// What is not idempotent is repeated only if the server cannot have seen it.
    static func mayRepeat(_ error: WebError, isIdempotent: Bool) -> Bool {
        switch error.code {
        case .unresolved: true
        case .unreachable, .timedOut: isIdempotent
        default: false
        }
    }

    /// Seconds to wait after that attempt; nil when the server wants more than is sensible to wait.
    ///
    /// - Parameter retryAfter: the header in its form of seconds; a date is not read, and the usual delay taken.
    static func delay(_ attempt: Int, retryAfter: String?, jitter: Double) -> Double? {
        if let wanted = retryAfter.flatMap({ Double(Ascii.trimmed($0)) }), wanted.isFinite, wanted >= 0 {
            return wanted <= longest ? wanted + jitter * first : nil
        }
        let doublings = min(max(0, attempt - 1), 10)
        return min(longest, first * Double(1 << doublings)) * (0.5 + jitter / 2)
    }
}
