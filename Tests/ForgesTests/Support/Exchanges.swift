import Expressions
import PromotionEngine
import Synchronization
import TestSupport

/// Judges each exchange with a test's forge by the description of its API, and completes answers by it.
final class Exchanges: Sendable {
    private let found = Mutex<[String]>([])

    /// Faults so far; what a test does not look at, ``ForgeScene`` reports at its end.
    var faults: [String] { found.withLock { $0 } }

    init(_ server: ForgeServer) throws {
        let descriptions = try Self.descriptions(server.kind)
        let recorded = server.kind == .gitlab ? try RecordedMembers() : nil
        server.complete { [self] call, reply in
            let description = descriptions.first { $0.operation(call) != nil } ?? descriptions[0]
            let reply = description.completed(call, reply)
            let faults = description.faults(call, reply) + (recorded?.faults(call, reply) ?? [])
            found.withLock { $0 += faults }
            return reply
        }
    }

    static func descriptions(_ kind: ForgeServer.Kind) throws -> [Description] {
        switch kind {
        case .github: [try Description(file: "github.json"), Documented.githubRules]
        case .gitlab: [Documented.gitlab]
        case .gitea: [try Description(file: "gitea.json")]
        case .bitbucket: [Documented.bitbucket]
        }
    }
}

/// The members of a merge request as a GitLab server once answered, with their types.
private struct RecordedMembers {
    /// Younger than the recording (docs.gitlab.com, "Get single MR").
    private static let younger: Set<String> = ["merge_user", "squash_commit_sha"]

    private let members: [String: Value]

    init() throws {
        members = try Description(file: "gitlab-merge-request.json").root["members"]?.members ?? [:]
    }

    func faults(_ call: ForgeCall, _ reply: ForgeReply) -> [String] {
        guard call.path.count == 4, call.path[2] == "merge_requests", (200..<300).contains(reply.status), case .object(let given)? = reply.body
        else { return [] }
        return given.sorted { $0.key < $1.key }.compactMap { name, value in
            guard let wanted = members[name] else { return Self.younger.contains(name) ? nil : "a merge request has no member \(name)" }
            return Self.agrees(value, wanted) ? nil : "a merge request's \(name) is \(value.canonicalText), not as recorded"
        }
    }

    private static func agrees(_ value: JSONValue, _ wanted: Value) -> Bool {
        switch (value, wanted) {
        // The recording tells nothing of what was null in it.
        case (.null, _), (_, .string("null")), (.array, .array), (.object, .map), (.string, .string("string")), (.int, .string("integer")),
            (.bool, .string("boolean")):
            true
        default: false
        }
    }
}
