package import Expressions
package import PromotionEngine

/// A request as a test's forge understood it.
package struct ForgeCall: Sendable {
    package let method: String
    /// Without the API's own beginning, decoded, such as `["repos", "acme", "deploy", "pulls"]`.
    package let path: [String]
    /// Decoded; of names given twice the last one.
    package let query: [String: String]
    /// `null` without one.
    package let body: Value
    package let headers: [(name: String, value: String)]

    package init(method: String, path: [String], query: [String: String], body: Value, headers: [(name: String, value: String)]) {
        self.method = method
        self.path = path
        self.query = query
        self.body = body
        self.headers = headers
    }

    package func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }

    func text(_ keys: String...) -> String? {
        var current: Value? = body
        for key in keys { current = current?[key] }
        return current?.text
    }

    func texts(_ key: String) -> [String] { (body[key]?.items ?? []).compactMap(\.text) }
}

/// What a test's forge answers.
package struct ForgeReply: Sendable {
    package var status: Int
    package var body: JSONValue?
    package var headers: [(String, String)] = []
    /// The member of the body that is a list to be given by pages; empty: the body itself is.
    var pages: String?

    package init(_ status: Int, _ body: JSONValue? = nil) {
        self.status = status
        self.body = body
    }

    static func list(_ items: [JSONValue]) -> ForgeReply {
        var reply = ForgeReply(200, .array(items))
        reply.pages = ""
        return reply
    }

    static func list(_ items: [JSONValue], in member: String, _ others: [String: JSONValue] = [:]) -> ForgeReply {
        var reply = ForgeReply(200, .object(others.merging([member: .array(items)]) { $1 }))
        reply.pages = member
        return reply
    }
}

/// What was asked and answered.
package struct ForgeExchange: Sendable {
    package let call: ForgeCall
    package let reply: ForgeReply
}

/// One kind of forge: how it puts into its API what a ``TestForge`` keeps.
protocol ForgeDialect: Sendable {
    /// Where the API begins, such as `/api/v3`.
    static var root: String { get }
    /// Names of the parameters for the page and its length.
    static var paging: (page: String, length: String) { get }
    /// Members and how a failure's words are put.
    static func failure(_ words: String) -> JSONValue
    /// Throws `TestForge.Refusal`, which becomes the status of `status(of:)`.
    func answer(_ call: ForgeCall, _ forge: TestForge) throws -> ForgeReply
    static func status(of refusal: TestForge.Refusal.Reason) -> Int
}
