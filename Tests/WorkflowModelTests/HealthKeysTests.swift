import Testing
import YAMLEdit

@testable import WorkflowModel

/// Health sources, metrics and triggers of stages.
@Suite struct HealthKeysTests {
    /// A workflow with these lines in its first stage, and other files beside it.
    private static func read(_ lines: String, beside: [RuleFile] = []) -> (stage: Stage?, faults: [String]) {
        let file = RuleFile(path: "workflows/flow.yaml", bytes: Array(text(lines).utf8), blobID: "")
        let (rules, diagnostics) = RulesReader.read([file] + beside)
        return (rules.workflows.first?.stages.first, diagnostics.map { "\($0.position?.line ?? 0): \($0.message)" })
    }

    private static func text(_ lines: String) -> String {
        let stage = lines.split(separator: "\n").map { "    \($0)\n" }.joined()
        return "apiVersion: gradus/v1\nworkflow: flow\nservices: [web]\nstages:\n  - name: dev\n    record_only: true\n\(stage)"
    }

    @Test func readsEverySource() {
        let (stage, faults) = Self.read(
            """
            health:
              - argocd: {server: https://argo.example, app: "{service}", project: shop}
              - prometheus: {address: https://prom.example, query: up, success_condition: "result[0] == 1", interval: 30s, failure_limit: 2}
              - http: {url: https://web.example/health, expect_status: 204, cert_valid_for: 7d}
              - command: [check, now]
              - kubernetes: {server: https://k8s.example, objects: [deployment/web]}
              - report
            verify_for: 5m
            sync: {argocd: {}}
            sync_timeout: 15m
            on_failure: rollback
            """)
        #expect(faults == [])
        #expect(stage?.health?.sources.map(\.name) == ["argocd", "prometheus", "http", "command", "kubernetes", "report"])
        #expect(stage?.health?.sync == .argocd)
        #expect(stage?.health?.syncTimeout == .minutes(15))
        #expect(stage?.onFailure == .rollback)
        guard case .prometheus(let source)? = stage?.health?.sources[1].settings else { return #expect(Bool(false), "no prometheus") }
        #expect(source.metrics.first?.interval == 30 && source.metrics.first?.failureLimit == 2)
    }

    @Test(arguments: [
        ("health: {http: {url: ftp://x}}", ["7: `ftp://x` must begin with https:// or http://"]),
        ("health: {http: {url: \"https://a:b@x\"}}", ["7: an address holds no user name or password"]),
        ("health: {http: {url: http://x, cert_valid_for: 1d}}", ["7: `cert_valid_for` needs an https:// address"]),
        ("health: {http: {url: http://x, condition: \"result >\"}}", ["7: `condition`: column 9: the expression ends where a value should"]),
        ("health: {prometheus: {query: up}}", ["7: the metric `query` has no server"]),
        ("health: {prometheus: {address: http://x}}", ["7: `prometheus` needs `query`, `metrics` or `template`"]),
        ("health: {prometheus: {address: http://x, query: up, count: 2}}", ["7: metric `query`: a count above 1 needs an interval"]),
        ("health: {prometheus: {address: http://x, template: none}}", ["7: unknown AnalysisTemplate `none`"]),
        ("health: {kubernetes: {}}", ["7: the health source `kubernetes` needs settings"]),
        ("health: {kubernetes: {server: http://x, file: y}}", ["7: `kubernetes` needs either `server` or `file`"]),
        ("health: {command: []}", ["7: `command` names no program"]),
        ("sync: argocd", ["7: `sync: argocd` needs a health source `argocd`, which says where"]),
        ("sync: {argocd: {pause_app: [a]}}\nhealth: {argocd: {server: https://x, app: a}}", ["7: unknown key `pause_app` in `sync.argocd`"]),
        ("rollback_triggers: [{metric: errors, threshold: 5}]", ["7: no metric `errors` is defined"]),
        ("rollback_triggers: [{type: error_rate_spike, threshold: 5%}]", ["7: no metric `error_rate` is defined"]),
        ("rollback_triggers: [{alert: Down}]", ["7: the alert `Down` has no server"]),
        ("rollback_triggers: [{metric: a, alert: b}]", ["7: a trigger needs exactly one of `metric`, `type` and `alert`"]),
        ("rollback_triggers: {from: none}", ["7: unknown ConfigMap with triggers `none`"]),
        ("rollback_triggers: [{type: health_check_failure, threshold: 5%}]", ["7: `health_check_failure` counts looks: its `threshold` must be a whole number"]),
    ])
    func faultsAreToldAtTheirPlace(lines: String, faults: [String]) {
        #expect(Self.read(lines).faults == faults)
    }

    @Test(arguments: [
        ("5", "percent", RollbackTrigger.Threshold.above(5)), ("5%", "percent", .above(5)), ("5%", "ratio", .above(0.05)),
        ("0.5", "ratio", .above(0.5)), ("1000", "number", .above(1000)),
        ("2x", "number", .timesBaseline(2, window: .hours(1))),
    ])
    func thresholdsAreInTheUnitOfTheirMetric(threshold: String, unit: String, expected: RollbackTrigger.Threshold) {
        let (stage, faults) = Self.read(
            """
            metrics: {m: {query: q, unit: \(unit), address: http://x}}
            rollback_triggers: [{metric: m, threshold: \(threshold), duration: 2m}]
            """)
        #expect(faults == [])
        #expect(stage?.health?.triggers.map(\.threshold) == [expected])
        #expect(stage?.health?.sources == [])
    }

    @Test(arguments: [("5", "ratio"), ("5%", "number"), ("x", "number"), ("fast", "percent"), ("0x", "number")])
    func thresholdsThatMeanNothingAreFaults(threshold: String, unit: String) {
        let faults = Self.read("metrics: {m: {query: q, unit: \(unit), address: http://x}}\nrollback_triggers: [{metric: m, threshold: \(threshold)}]").faults
        #expect(faults.count == 1 && faults[0].hasPrefix("8: `threshold`: "))
    }

    @Test func readsTriggersOfAConfigMapAndNamesTheStepsThatAreNotCarriedOut() throws {
        let map = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: rollback-config}
            data:
              triggers.yaml: |
                rollbackTriggers:
                  - metric: error_rate
                    threshold: 5  # percent
                    duration: 2m
                    action: immediate_rollback
                  - alert: ServiceDown
                    action: emergency_rollback
              strategies.yaml: |
                rollbackStrategies:
                  immediate_rollback:
                    type: "revert"
                    steps: [pause_new_sync, revert_to_previous, notify_team, {wait: 2m}]
            """
        let beside = [RuleFile(path: "workflows/rollback.yaml", bytes: Array(map.utf8), blobID: "")]
        let (stage, faults) = Self.read(
            "health: {prometheus: {address: http://x, query: up}}\nmetrics: {error_rate: {query: q, unit: percent}}\nrollback_triggers: {from: rollback-config}",
            beside: beside)
        #expect(stage?.health?.triggers.map(\.name) == ["error_rate", "ServiceDown"])
        #expect(stage?.health?.triggers.map(\.action) == [.immediate, .emergency])
        #expect(faults == ["9: workflows/rollback.yaml[strategies.yaml]:2:3: steps of `immediate_rollback` that are not carried out: notify_team, wait"])
    }

    @Test func readsTriggersByTypeWithTargets() {
        let (stage, faults) = Self.read(
            """
            metrics:
              error_rate: {query: e, unit: ratio, address: http://x}
              response_time: {query: t, address: http://x}
            rollback_triggers:
              triggers:
                - {type: health_check_failure, threshold: 3, duration: 5m, action: automatic_rollback}
                - {type: error_rate_spike, threshold: 5%, duration: 2m, action: automatic_rollback}
                - {type: response_time_degradation, threshold: 2x, duration: 3m, baseline: 30m, action: automatic_rollback}
              rollback_targets: {shop: {strategy: immediate, validation_checks: [health_check, smoke_test]}}
            """)
        #expect(stage?.health?.triggers.map(\.threshold) == [.above(3), .above(0.05), .timesBaseline(2, window: .minutes(30))])
        #expect(stage?.health?.failedChecks?.count == 3)
        #expect(faults == ["15: the check `smoke_test` is not carried out after a rollback; the health sources are"])
    }

    @Test func readsAnAnalysisTemplateAndItsArguments() throws {
        let template = """
            apiVersion: argoproj.io/v1alpha1
            kind: AnalysisTemplate
            metadata: {name: success-rate}
            spec:
              args: [{name: service}, {name: limit, value: "0.95"}]
              metrics:
                - name: rate
                  interval: 5m
                  count: 3
                  successCondition: result[0] >= {{args.limit}}
                  failureLimit: 2
                  provider:
                    prometheus: {address: "http://prom.example:9090", query: 'rate{service="{{ args.service }}"}'}
            """
        let beside = [RuleFile(path: "workflows/success-rate.yaml", bytes: Array(template.utf8), blobID: "")]
        let (stage, faults) = Self.read("health: {prometheus: {template: success-rate, args: {service: web}}}", beside: beside)
        #expect(faults == [])
        guard case .prometheus(let source)? = stage?.health?.sources.first?.settings else { return #expect(Bool(false), "no source") }
        let metric = try #require(source.metrics.first)
        #expect(metric.successCondition == "result[0] >= 0.95")
        #expect(metric.provider.query == #"rate{service="web"}"#)
        #expect((metric.interval, metric.count, metric.failureLimit) == (300, 3, 2))
        #expect(Self.read("health: {prometheus: {template: success-rate}}", beside: beside).faults
            == ["7: the AnalysisTemplate `success-rate`: args.service was not resolved"])
    }

    @Test func argumentsAreFilledInAsUpstreamDoesIt() throws {
        func metrics(_ query: String, _ given: [String: String]) throws -> String? {
            try AnalysisTemplate(
                name: "t", arguments: [("a", nil), ("b", "two")],
                metrics: [AnalysisMetric(name: "m", provider: MetricProvider(query: query))]
            ).resolved(given).first?.provider.query
        }
        #expect(try metrics("{{args.a}} {{ args.b }}", ["a": "1", "c": "dropped"]) == "1 two")
        #expect(try metrics("{{args.b}}", ["a": "1", "b": "own"]) == "own")
        #expect(throws: AnalysisTemplate.Fault.self) { try metrics("plain", [:]) }
        #expect(throws: AnalysisTemplate.Fault.self) { try metrics("{{other}}", ["a": "1"]) }
        #expect(throws: AnalysisTemplate.Fault.self) { try metrics("{{args.c}}", ["a": "1", "c": "2"]) }
    }

    @Test(arguments: [
        ("300ms", 0.3), ("1.5h", 5400), ("2h45m", 9900), ("90s", 90), ("0", 0), ("-5m", -300), ("1d", nil), ("5", nil), ("", nil), ("m", nil),
    ] as [(String, Double?)])
    func durationsAreThoseOfGo(text: String, seconds: Double?) {
        #expect(GoDuration.seconds(text) == seconds)
    }
}
