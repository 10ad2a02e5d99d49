internal import Synchronization
internal import Web

/// How a client proves who asks.
enum ForgeAccess: Sendable {
    case none
    case token(ForgeConfiguration.Token)
    case app(Installation)

    /// An installation of a GitHub App with the token that it has now.
    final class Installation: Sendable {
        let app: GitHubApp
        /// The one repository that tokens are for.
        let repository: String
        private let current = Mutex<(token: Secret, end: Int)?>(nil)
        /// A token is replaced some minutes before its end.
        private static let reserve = 300

        init(_ app: GitHubApp, repository: String) {
            self.app = app
            self.repository = repository
        }

        func token(now: Int) -> Secret? {
            current.withLock { current in current.flatMap { $0.end - Self.reserve > now ? $0.token : nil } }
        }

        func keep(_ token: Secret, until end: Int) { current.withLock { $0 = (token, end) } }
    }
}
