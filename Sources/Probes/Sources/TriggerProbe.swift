internal import Expressions
internal import PromotionEngine
internal import Web
internal import WorkflowModel

/// Asks Prometheus whether a rollback trigger's threshold has been exceeded long enough, all of it after the delivery.
///
/// The server's own memory is asked, not this process's: whoever looks comes to the same answer.
struct TriggerProbe {
    let web: WebClient
    let credentials: Credentials?

    /// Looks per duration of a trigger.
    private static let looks = 20.0

    /// Nil: not exceeded, or not long enough. Throws when it could not be found out.
    func fired(_ trigger: RollbackTrigger, _ watch: HealthWatch) throws -> HealthLook.Fired? {
        switch trigger.kind {
        case .failedChecks: nil
        case .alert(let name, let address): try alert(name, try client(address, watch), trigger, watch)
        case .metric(let metric): try exceeded(metric, try client(metric.address, watch), trigger, watch)
        }
    }

    private func client(_ address: String, _ watch: HealthWatch) throws -> PrometheusClient {
        PrometheusClient(web: web, address: try WebAddress(watch.filled(address)), credentials: credentials)
    }

    private func exceeded(
        _ metric: NamedMetric, _ client: PrometheusClient, _ trigger: RollbackTrigger, _ watch: HealthWatch
    ) throws -> HealthLook.Fired? {
        let query = watch.filled(metric.query)
        let now = Double(watch.now.seconds)
        let delivered = Double(watch.deliveredAt.seconds)
        let length = Double(trigger.duration.seconds)
        let start = max(delivered, now - length)
        let step = max(1, (length / Self.looks).rounded(.up))
        let series = try client.series(query, from: start, to: now, step: step)
        guard series.contains(where: { !$0.isEmpty }) else {
            throw ProbeFault("trigger \(trigger.name): the query returned no data")
        }
        let limit = try limit(trigger, query, client, delivered)
        // Not delivered long enough, whatever was measured.
        guard now - delivered >= length else { return nil }
        let expected = Int((now - start) / step) + 1
        for samples in series where samples.count >= expected && samples.allSatisfy({ $0.value > limit }) {
            let last = samples.last?.value ?? limit
            let span = trigger.duration.seconds == 0 ? "" : " for \(trigger.duration)"
            return HealthLook.Fired(
                name: trigger.name, action: trigger.action,
                reason: "\(metric.name) is \(Numbers.text(last)), above \(Numbers.text(limit))\(span)")
        }
        return nil
    }

    private func limit(
        _ trigger: RollbackTrigger, _ query: String, _ client: PrometheusClient, _ delivered: Double
    ) throws -> Double {
        switch trigger.threshold {
        case .above(let number): return number
        case .timesBaseline(let factor, let window):
            let length = Double(window.seconds)
            let past = try client.series(query, from: delivered - length, to: delivered, step: max(1, length / 60)).flatMap { $0 }
            let values = past.map(\.value).filter(\.isFinite)
            guard !values.isEmpty else {
                throw ProbeFault("trigger \(trigger.name): nothing was measured in the \(window) before the delivery")
            }
            return factor * values.reduce(0, +) / Double(values.count)
        }
    }

    /// An alert that was active before the delivery says nothing about the release.
    private func alert(
        _ name: String, _ client: PrometheusClient, _ trigger: RollbackTrigger, _ watch: HealthWatch
    ) throws -> HealthLook.Fired? {
        guard try client.alertingRules().contains(name) else {
            throw ProbeFault("trigger \(trigger.name): Prometheus has no alerting rule of that name")
        }
        for alert in try client.alerts() where alert["labels", "alertname"]?.text == name && alert["state"]?.text == "firing" {
            guard let since = alert["activeAt"]?.text, let active = Instant(parsing: since.prefix(19) + "Z"),
                active >= watch.deliveredAt, watch.now - active >= trigger.duration
            else { continue }
            return HealthLook.Fired(name: name, action: trigger.action, reason: "the alert fires since \(active)")
        }
        return nil
    }
}
