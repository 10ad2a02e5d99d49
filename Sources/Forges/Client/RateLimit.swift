internal import Expressions

/// How long a forge wants to be left alone.
///
/// GitHub: docs.github.com, "Rate limits for the REST API": 403 or 429 with `Retry-After`, or with `X-RateLimit-Remaining: 0` and
/// `X-RateLimit-Reset`, else a minute. GitLab: 429 with `Retry-After` and `RateLimit-Reset`. Bitbucket: 429.
enum RateLimit {
    /// Longer waits are an error instead, which says when to come back.
    static let longestWait = 60
    /// How often one request waits.
    static let attempts = 3

    /// Seconds from now; nil when the answer is about something else.
    static func wait(_ answer: ForgeAnswer, now: Int) -> Int? {
        let isSpent = answer.header("X-RateLimit-Remaining") == "0"
        let told = answer.header("Retry-After").flatMap { Int($0) }
        guard answer.status == 429 || answer.status == 403 && (isSpent || told != nil || isSecondary(answer)) else { return nil }
        if let told { return max(1, told) }
        let reset = (answer.header("X-RateLimit-Reset") ?? answer.header("RateLimit-Reset")).flatMap { Int($0) }
        return reset.map { max(1, $0 - now) } ?? longestWait
    }

    /// GitHub's limit against bursts may come without any header.
    private static func isSecondary(_ answer: ForgeAnswer) -> Bool {
        answer.document["message"]?.text?.lowercased().firstRange(of: "secondary rate limit") != nil
    }
}
