internal import Expressions
internal import Web

/// What a forge answered: the status, and the document that came with it.
struct ForgeAnswer {
    let status: Int
    /// `null` for an empty body, and for one that is no JSON.
    let document: Value
    private let headers: [(name: String, value: String)]

    /// Throws `JSONFault` when a success came with something that is no JSON.
    init(_ response: WebResponse) throws(JSONFault) {
        status = response.status
        headers = response.headers
        guard !response.body.isEmpty else {
            document = .null
            return
        }
        do throws(JSONFault) { document = try JSONReading.value(response.body) } catch {
            // A proxy in between answers failures with pages for people.
            guard !response.isSuccess else { throw error }
            document = .null
        }
    }

    var isSuccess: Bool { (200..<300).contains(status) }

    func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }

    /// The query of the next page, from the `Link` header (RFC 8288) or Bitbucket's `next`; nil on the last one.
    ///
    /// Only the query is used: an address that a server names is none that the token may be sent to.
    var nextQuery: String? {
        let address = document["next"]?.text ?? linked
        return address.flatMap { $0.split(separator: "?", maxSplits: 1).dropFirst().first.map(String.init) }
    }

    private var linked: String? {
        for link in (header("Link") ?? "").split(separator: ",") {
            let parts = link.split(separator: ";")
            let isNext = parts.dropFirst().contains { $0.filter { $0 != " " && $0 != "\"" } == "rel=next" }
            if isNext, let place = parts.first { return String(place.filter { $0 != "<" && $0 != ">" && $0 != " " }) }
        }
        return nil
    }

    /// The forge's own words about a failure, on one line; nil when it says nothing.
    ///
    /// GitHub: `message` and `errors`; GitLab: `message` as text, list or map, or `error`; Gitea: `message`; Bitbucket: `error.message`.
    var words: String? {
        let main = ["message", "error", "error_description"].compactMap { document[$0] }.flatMap(Self.texts)
        let details = document["errors"]?.items.compactMap { item in
            item.text ?? item["message"]?.text ?? item["code"]?.text.map { "\(item["field"]?.text ?? "") \($0)" }
        }
        var seen: Set<String> = []
        let all = (main + (details ?? [])).filter { !$0.isEmpty && seen.insert($0).inserted }
        guard !all.isEmpty else { return nil }
        let text = all.joined(separator: "; ").map { $0.isNewline ? " " : $0 }
        return Redactor.shared.redact(String(String(text).prefix(500)))
    }

    private static func texts(_ value: Value) -> [String] {
        switch value {
        case .string(let text): [text]
        case .array(let items): items.flatMap(texts)
        case .map(let members):
            if let text = members["message"]?.text {
                [text] + (members["detail"].map(texts) ?? [])
            } else {
                members.sorted { $0.key < $1.key }.map { "\($0.key) " + texts($0.value).joined(separator: ", ") }
            }
        default: []
        }
    }
}
