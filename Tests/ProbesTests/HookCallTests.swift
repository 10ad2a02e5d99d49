import PromotionEngine
import TestSupport
import Testing
import Web
import WorkflowModel

import Probes

/// What a hook is sent, and what its answers mean.
@Suite struct HookCallTests {
    private static let subject = PromotionSubject(promotion: "p-1", service: "web", version: "1.4.2", stage: "dev", workflow: "shop")

    private func call(_ status: Int, _ body: String = "") throws -> (HookAnswer, ScriptedRequest?) {
        let server = try ScriptedServer { _ in ScriptedAnswer(status, body) }
        let calls = HookCalls(
            ProbeAllowance(
                environment: ["S": "hook-canary-secret"],
                web: WebConfiguration(allowsPrivateAddresses: true, connectTimeout: 2, pause: { _ in })))
        let hook = Hook(event: .before, position: 0, call: .http(url: server.url + "/{service}/{event}", secretEnvironment: "S"))
        let answer = calls.call(HookCall(hook: hook, subject: Self.subject, reason: "why", initiator: "rita", at: Instant(seconds: 60)))
        return (answer, server.requests.first)
    }

    @Test func theDocumentIsSignedWithTheSecret() throws {
        let (answer, request) = try call(200)
        #expect(answer == HookAnswer(.passed, "answered 200"))
        #expect(request?.target == "/web/before" && request?.method == "POST")
        #expect(
            request?.body
                == #"{"apiVersion":"gradus/v1","at":"1970-01-01T00:01:00Z","event":"before","initiator":"rita","key":"p-1/before/0","kind":"HookCall","promotion":"p-1","reason":"why","service":"web","stage":"dev","version":"1.4.2","workflow":"shop"}"#)
        // Computed by another program over exactly these bytes.
        #expect(request?.header("X-Gradus-Signature") == ["sha256=2fb1303256acaeba0c3def273ba74a582ab70be9a31c6752bd74c447b06be3b0"])
    }

    static let meanings: [(Int, HookCalled.Result)] = [
        (200, .passed), (204, .passed), (403, .failed), (409, .failed), (412, .failed), (422, .failed), (423, .failed),
        (301, .errored), (400, .errored), (401, .errored), (404, .errored), (429, .errored), (500, .errored), (503, .errored),
    ]

    @Test(arguments: meanings) func anAnswerIsYesNoOrUnknown(_ status: Int, _ result: HookCalled.Result) throws {
        #expect(try call(status, "so it is\nmore").0.result == result)
    }

    @Test func noSecretOfAnAnswerGoesOnRecord() throws {
        let (answer, _) = try call(409, "you sent hook-canary-secret")
        #expect(answer.message == "answered 409: you sent *****")
    }
}
