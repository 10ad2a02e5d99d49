import Expressions
import PromotionEngine
import TestSupport
import Testing

/// The judge of requests and answers must itself find what is wrong.
@Suite struct DescriptionTests {
    private static func call(_ method: String, _ path: String, query: [String: String] = [:], _ body: String = "") throws -> ForgeCall {
        ForgeCall(
            method: method, path: path.split(separator: "/").map(String.init), query: query,
            body: body.isEmpty ? .null : try JSONReading.value(Array(body.utf8)), headers: [])
    }

    @Test(arguments: [
        ("POST", "repos/a/b/pulls", #"{"head":"x"}"#, "body.base is missing"),
        ("POST", "repos/a/b/pulls", #"{"head":"x","base":1}"#, "body.base is 1, no string"),
        ("POST", "repos/a/b/pulls", #"{"head":"x","base":"y","reviewers":[]}"#, "body.reviewers is not described"),
        ("POST", "repos/a/b/statuses/c", #"{"state":"good"}"#, #"body.state is "good", which is none of its values"#),
        ("PUT", "repos/a/b/pulls/1/merge", #"{"merge_method":"fast"}"#, #"body.merge_method is "fast", which is none of its values"#),
        ("GET", "repos/a/b/nothing", "", "is not described"),
    ])
    func findsWhatIsWrongWithARequest(method: String, path: String, body: String, fault: String) throws {
        let description = try Description(file: "github.json")
        let call = try Self.call(method, path, body)
        let found = description.faults(call, ForgeReply(method == "PUT" ? 200 : 201))
        #expect(found.contains { $0.hasSuffix(fault) }, "\(found)")
    }

    @Test func findsAnUnknownPartOfAQuery() throws {
        let description = try Description(file: "github.json")
        let found = description.faults(try Self.call("GET", "repos/a/b/pulls", query: ["state": "any", "branch": "x"]), ForgeReply(200, []))
        #expect(found.count == 2)
    }

    @Test func completesAnAnswerAndFindsWhatIsWrongInIt() throws {
        let description = try Description(file: "github.json")
        let call = try Self.call("GET", "repos/a/b/pulls/1")
        let bare = ForgeReply(200, ["number": 1, "state": "open"])
        #expect(description.faults(call, bare).contains { $0.hasSuffix("answer.merged is missing") })
        #expect(description.faults(call, description.completed(call, bare)) == [])
        let wrong = ForgeReply(200, ["number": "1", "state": "locked", "color": "red"])
        let found = description.faults(call, description.completed(call, wrong))
        #expect(found.count == 3, "\(found)")
    }

    @Test func readsSwaggerToo() throws {
        let description = try Description(file: "gitea.json")
        let call = try Self.call("POST", "repos/a/b/pulls/1/merge", #"{"head_commit_id":"c","do":"merge"}"#)
        let found = description.faults(call, ForgeReply(418))
        #expect(found.count == 3, "\(found)")
    }
}
