import Expressions
import Glibc
import PromotionEngine
import Synchronization
import TestSupport
import Testing
import Web
import WorkflowModel

@testable import Probes

/// What Gradus sends to Argo CD, and what it reads of the answers, is what Argo CD's published description knows.
///
/// `Fixtures/argocd-facts.json` holds what is needed of that description; where the whole one is at hand, by
/// `ARGOCD_DESCRIPTION` or beside the repository, the facts are compared to it.
@Suite struct ArgoCDContractTests {
    private struct Call: Hashable {
        let path: String
        let method: String
        let query: Set<String>
        let body: String?
        let answer: String
    }

    private static func file(_ path: String) throws -> Value {
        guard let file = fopen(path, "re") else { throw TestSupportError("cannot read \(path)") }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 16 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        return try JSONReading.value(Array(bytes[..<count]))
    }

    private static let folder = String(#filePath.dropLast("ArgoCDContractTests.swift".count))

    private static func facts() throws -> (calls: [Call], definitions: [String: [String: String]]) {
        let document = try file(folder + "Fixtures/argocd-facts.json")
        let calls = (document["calls"]?.items ?? []).map { call in
            Call(
                path: call["path"]?.text ?? "", method: call["method"]?.text ?? "",
                query: Set(call["query"]?.items.compactMap(\.text) ?? []), body: call["body"]?.text, answer: call["answer"]?.text ?? "")
        }
        let definitions = document["definitions"]?.members.mapValues { $0.members.mapValues { $0.text ?? "" } } ?? [:]
        return (calls, definitions)
    }

    // MARK: Requests

    private static let application = #"{"spec":{"syncPolicy":{"automated":{"prune":true}}},"status":{"sync":{"status":"Synced","revision":"0000"}}}"#

    /// Every request that the probe and the agent make, on a server of ours.
    private func requests() throws -> [ScriptedRequest] {
        let server = try ScriptedServer { request in
            ScriptedAnswer(200, request.target.contains("/resumed") ? #"{"spec":{}}"# : Self.application)
        }
        let allowance = ProbeAllowance(
            environment: ["T": "argo-canary-token"], web: WebConfiguration(allowsPrivateAddresses: true, connectTimeout: 2))
        let source = ArgoCDSource(server: server.url, app: "web", appNamespace: "apps", project: "shop", tokenEnvironment: "T")
        let policy = HealthPolicy(sources: [HealthSource(.argocd(source))], sync: .argocd)
        let watch = HealthWatch(
            subject: PromotionSubject(promotion: "p-1", service: "web", version: "1.4.2", stage: "dev", workflow: "shop"), commit: "ours",
            environment: "e", deliveredAt: Instant(seconds: 0), policy: policy, wasHealthy: false, isVerifying: true, now: Instant(seconds: 60))
        _ = HealthProbes(allowance).look(at: watch) { _ in false }
        let place = AgentPlace(server: server.url, tokenEnvironment: "T", appNamespace: "apps", project: "shop")
        let agent = ArgoCDAgent(allowance)
        #expect(try agent.automation(of: "web", at: place) == #"{"prune":true}"#)
        try agent.pause("web", at: place)
        try agent.resume("resumed", policy: #"{"prune":true}"#, at: place)
        return server.requests
    }

    @Test func everyRequestIsOneThatTheDescriptionKnows() throws {
        let (calls, definitions) = try Self.facts()
        var met: Set<Call> = []
        for request in try requests() {
            let segments = request.path.split(separator: "/")
            let call = try #require(
                calls.first { call in
                    let template = call.path.split(separator: "/")
                    return call.method == request.method.lowercased() && template.count == segments.count
                        && zip(template, segments).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
                }, "\(request.method) \(request.path)")
            met.insert(call)
            let names = request.query.split(separator: "&").map { String($0.prefix { $0 != "=" }) }
            #expect(Set(names).isSubset(of: call.query), "\(request.target)")
            guard let body = call.body else {
                #expect(request.body.isEmpty)
                continue
            }
            let members = try JSONReading.value(Array(request.body.utf8)).members
            let known = try #require(definitions[body])
            for (name, value) in members { #expect(known[name] == (value.text == nil ? "boolean" : "string"), "\(name) in \(body)") }
            #expect(request.header("Content-Type") == ["application/json"])
        }
        #expect(met == Set(calls), "every call of the facts is made")
    }

    @Test func aPatchSetsWhatTheDescriptionCallsAnAutomatedPolicy() throws {
        let (_, definitions) = try Self.facts()
        let patches = try requests().filter { $0.method == "PATCH" }
        #expect(patches.count == 2)
        for request in patches {
            let text = try #require(try JSONReading.value(Array(request.body.utf8))["patch"]?.text)
            var type = "v1alpha1Application"
            var value = try JSONReading.value(Array(text.utf8))
            while case .map(let members) = value, let (key, inner) = members.first {
                type = try #require(definitions[type]?[key], "\(key) in \(type)")
                value = inner
            }
        }
    }

    // MARK: Answers

    /// The places of an Application that the code reads, found in the code itself.
    private static func readPlaces() throws -> [[String]] {
        var places: [[String]] = []
        for name in ["Sources/ArgoCDProbe.swift", "ArgoCDAgent.swift"] {
            let path = folder + "../../Sources/Probes/" + name
            guard let file = fopen(path, "re") else { throw TestSupportError("cannot read \(path)") }
            defer { fclose(file) }
            var bytes = [UInt8](repeating: 0, count: 1 << 18)
            let text = String(decoding: bytes[..<fread(&bytes, 1, bytes.count, file)], as: UTF8.self)
            for piece in text.split(separator: "application") {
                var rest = piece
                if rest.hasPrefix("(app)") { rest = rest.dropFirst(5) }
                guard rest.hasPrefix("[\""), let end = rest.firstIndex(of: "]") else { continue }
                places.append(rest[rest.index(after: rest.startIndex)..<end].split(separator: ",").map { $0.filter { $0 != "\"" && $0 != " " } })
            }
        }
        return places
    }

    @Test func everyPlaceThatIsReadIsOneThatTheDescriptionKnows() throws {
        let (_, definitions) = try Self.facts()
        let places = try Self.readPlaces()
        #expect(places.count >= 8, "\(places)")
        // What is read below them by way of variables.
        let more = [
            "status.operationState.phase", "status.operationState.message", "status.conditions.message", "status.sync.comparedTo.source",
            "status.sync.comparedTo.sources", "spec.sources.helm.parameters.value", "spec.source.kustomize.images",
            "spec.source.targetRevision", "spec.syncPolicy.automated.enabled",
        ].map { $0.split(separator: ".").map(String.init) }
        for place in places + more {
            var type = "v1alpha1Application"
            for key in place { type = try #require(definitions[type]?[key], "\(key) of \(place.joined(separator: ".")) in \(type)") }
        }
    }

    // MARK: The facts themselves

    private static let description: String? =
        getenv("ARGOCD_DESCRIPTION").map { String(cString: $0) }
        ?? [folder + "../../../shared/api/argocd.json"].first { access($0, R_OK) == 0 }

    @Test(.enabled(if: description != nil, "the whole description is not at hand: set ARGOCD_DESCRIPTION to its path"))
    func theFactsAreThoseOfTheDescription() throws {
        let whole = try Self.file(try #require(Self.description))
        let (calls, definitions) = try Self.facts()
        func name(_ schema: Value?) -> String? {
            let reference = schema?["$ref"]?.text ?? schema?["items", "$ref"]?.text
            if let reference { return reference.split(separator: "/").last.map(String.init) }
            return schema?["type"]?.text == "array" ? schema?["items", "type"]?.text : schema?["type"]?.text
        }
        for call in calls {
            let told = try #require(whole["paths", call.path, call.method], "\(call.method) \(call.path)")
            let parameters = told["parameters"]?.items ?? []
            #expect(Set(parameters.filter { $0["in"]?.text == "query" }.compactMap { $0["name"]?.text }) == call.query)
            #expect(name(parameters.first { $0["in"]?.text == "body" }?["schema"]) == call.body)
            #expect(name(told["responses", "200", "schema"]) == call.answer)
        }
        for (type, members) in definitions {
            for (key, member) in members {
                #expect(name(whole["definitions", type, "properties", key]) == member, "\(type).\(key)")
            }
        }
    }
}
