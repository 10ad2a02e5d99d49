import Expressions
import PromotionEngine
import Synchronization
import TestSupport
import Testing
import Web
import WorkflowModel

@testable import Probes

/// The `kubernetes` source against an API server: a small one of ours, which keeps objects by their paths.
@Suite struct KubernetesServerTests {
    private static let allowance = ProbeAllowance(
        environment: ["KUBE_TOKEN": "kube-canary-token"], web: WebConfiguration(allowsPrivateAddresses: true, connectTimeout: 2, pause: { _ in }))
    private static let watch = HealthWatch(
        subject: PromotionSubject(promotion: "p-1", service: "web", version: "1.4.2", stage: "dev", workflow: "shop"), commit: "c",
        environment: "environments/dev", deliveredAt: Instant(seconds: 0), policy: HealthPolicy(), wasHealthy: false, isVerifying: true,
        now: Instant(seconds: 60))

    private static func deployment(available: Int) -> String {
        #"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","generation":1},"spec":{"replicas":3},"status":{"observedGeneration":1,"replicas":3,"updatedReplicas":3,"availableReplicas":\#(available)}}"#
    }

    private static func status(_ code: Int, _ reason: String) -> String {
        #"{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"\#(reason)","code":\#(code)}"#
    }

    private func finding(
        _ objects: [String], in kept: [String: String], answering status: Int = 200
    ) throws -> (HealthFinding, [ScriptedRequest]) {
        let server = try ScriptedServer { request in
            guard request.header("Authorization") == ["Bearer kube-canary-token"] else {
                return ScriptedAnswer(401, Self.status(401, "Unauthorized"))
            }
            if status != 200 { return ScriptedAnswer(status, Self.status(status, "Forbidden")) }
            return kept[request.path].map { ScriptedAnswer(200, $0) } ?? ScriptedAnswer(404, Self.status(404, "NotFound"))
        }
        let source = HealthSource(
            .kubernetes(KubernetesSource(server: server.url, namespace: "shop-{stage}", objects: objects, tokenEnvironment: "KUBE_TOKEN")))
        var watch = Self.watch
        watch = HealthWatch(
            subject: watch.subject, commit: watch.commit, environment: watch.environment, deliveredAt: watch.deliveredAt,
            policy: HealthPolicy(sources: [source]), wasHealthy: false, isVerifying: true, now: watch.now)
        let look = HealthProbes(Self.allowance).look(at: watch) { _ in true }
        return (try #require(look.findings.first?.finding), server.requests)
    }

    static let places: [(String, String)] = [
        ("deployment/web", "/apis/apps/v1/namespaces/shop-dev/deployments/web"),
        ("Deployment/{service}", "/apis/apps/v1/namespaces/shop-dev/deployments/web"),
        ("statefulset/db", "/apis/apps/v1/namespaces/shop-dev/statefulsets/db"),
        ("daemonset/log", "/apis/apps/v1/namespaces/shop-dev/daemonsets/log"),
        ("pod/web-0", "/api/v1/namespaces/shop-dev/pods/web-0"), ("job/migrate", "/apis/batch/v1/namespaces/shop-dev/jobs/migrate"),
        ("ingress/web", "/apis/networking.k8s.io/v1/namespaces/shop-dev/ingresses/web"),
        ("horizontalpodautoscaler/web", "/apis/autoscaling/v2/namespaces/shop-dev/horizontalpodautoscalers/web"),
        ("rollout/web", "/apis/argoproj.io/v1alpha1/namespaces/shop-dev/rollouts/web"),
    ]

    @Test(arguments: places) func asksForAnObjectWhereItsKindIsKept(_ object: String, _ path: String) throws {
        let (finding, requests) = try finding([object], in: [:])
        #expect(requests.map(\.target) == [path] && requests.map(\.method) == ["GET"])
        guard case .seen(.missing, let why) = finding else { return #expect(Bool(false), "\(finding)") }
        #expect(why.contains("it does not exist"))
    }

    @Test func theWorstObjectCounts() throws {
        let path = "/apis/apps/v1/namespaces/shop-dev/deployments/web"
        let job = "/apis/batch/v1/namespaces/shop-dev/jobs/migrate"
        let failed = #"{"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"migrate"},"status":{"conditions":[{"type":"Failed","status":"True","message":"BackoffLimitExceeded"}]}}"#
        #expect(try finding(["deployment/web"], in: [path: Self.deployment(available: 3)]).0 == .seen(.healthy, ""))
        let slow = try finding(["deployment/web"], in: [path: Self.deployment(available: 2)]).0
        guard case .seen(.progressing, let why) = slow else { return #expect(Bool(false), "\(slow)") }
        #expect(why.contains("2 of 3"))
        let worst = try finding(["deployment/web", "job/migrate"], in: [path: Self.deployment(available: 2), job: failed]).0
        #expect(worst == .seen(.degraded, "job/migrate: BackoffLimitExceeded"))
    }

    @Test(arguments: [403, 500]) func whatTheServerRefusesIsErrored(_ status: Int) throws {
        let (finding, _) = try finding(["deployment/web"], in: [:], answering: status)
        #expect(finding == .errored("the API server answered \(status) to deployment/web"))
    }

    @Test func anAnswerThatIsNoObjectIsErrored() throws {
        let (finding, _) = try finding(["pod/web-0"], in: ["/api/v1/namespaces/shop-dev/pods/web-0": "<html>"])
        guard case .errored = finding else { return #expect(Bool(false), "\(finding)") }
        let (unknown, requests) = try self.finding(["spaceship/web"], in: [:])
        #expect(unknown == .errored("'spaceship/web' is of a kind that is not known") && requests.isEmpty)
    }
}
