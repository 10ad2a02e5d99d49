internal import Expressions
internal import PromotionEngine
internal import Web
internal import WorkflowModel

/// A `prometheus` source: an analysis that began with the delivery (`semantics.md` section 4).
///
/// Prometheus keeps the past, so the measurements of times gone by can be made at any moment, by any process: nobody has to
/// watch without a break. A value of a web service has no past and is measured when somebody looks.
final class AnalysisProbe {
    private let web: WebClient
    private let allowance: ProbeAllowance
    /// Runs by promotion and source, so that a process asks for each measurement once.
    private var runs: [String: AnalysisRun] = [:]

    /// So many measurements of one look at most: of a longer past only the end is judged.
    private static let longestPast = 60

    init(_ web: WebClient, _ allowance: ProbeAllowance) {
        self.web = web
        self.allowance = allowance
    }

    func finding(_ source: PrometheusSource, _ watch: HealthWatch) throws -> HealthFinding {
        let key = "\(watch.subject.promotion) \(watch.stepSince?.description ?? "") \(watch.target ?? "") \(source.hashValue)"
        let now = Double(watch.now.seconds)
        var run = runs[key] ?? AnalysisRun(source.metrics, dryRun: [], startedAt: start(source, watch))
        defer { runs[key] = run }
        let credentials = try allowance.token(source.tokenEnvironment)
        for _ in 0..<(Self.longestPast * max(1, source.metrics.count)) {
            guard let due = run.nextDue, due <= now, !run.phase.isCompleted else { break }
            // A measurement is due strictly after its time.
            let moment = min(now, max(due, run.startedAt)) + 0.001
            let positions = run.due(at: moment)
            if positions.isEmpty { break }
            for position in positions {
                run.record(measure(source, run.metrics[position].metric, watch, at: min(moment, now), now: now, credentials), of: position)
            }
        }
        run.assess()
        return finding(run)
    }

    private func start(_ source: PrometheusSource, _ watch: HealthWatch) -> Double {
        // Each step of a rollout is an analysis of its own.
        let delivered = Double((watch.stepSince ?? watch.deliveredAt).seconds)
        let shortest = source.metrics.compactMap(\.interval).filter { $0 > 0 }.min() ?? 0
        return shortest > 0 ? max(delivered, Double(watch.now.seconds) - shortest * Double(Self.longestPast)) : delivered
    }

    private func measure(
        _ source: PrometheusSource, _ metric: AnalysisMetric, _ watch: HealthWatch, at moment: Double, now: Double,
        _ credentials: Credentials?
    ) -> Measurement {
        do {
            let value = try value(source, metric, watch, at: moment, credentials)
            let phase = try Judgement(metric).phase(of: value)
            return Measurement(phase, value: value.text, finishedAt: metric.provider.kind == .web ? now : moment)
        } catch let error as JudgementFault {
            return Measurement(.error, message: error.description, finishedAt: now)
        } catch {
            return Measurement(.error, message: "\(error)", finishedAt: now)
        }
    }

    private func value(
        _ source: PrometheusSource, _ metric: AnalysisMetric, _ watch: HealthWatch, at moment: Double, _ credentials: Credentials?
    ) throws -> ProviderValue {
        let provider = metric.provider
        guard let text = provider.address ?? source.address else { throw ProbeFault("no address of a server is given") }
        let address = try WebAddress(watch.filled(text))
        if provider.kind == .web { return try webValue(provider, address, watch) }
        let client = PrometheusClient(web: web, address: address, credentials: credentials, timeout: provider.timeout)
        let query = watch.filled(provider.query)
        guard let range = provider.range else { return try client.instant(query, at: moment) }
        return try client.range(
            query, from: try Self.time(range.start, moment), to: try Self.time(range.end, moment), step: range.step)
    }

    /// A moment that an expression gives, such as `now() - duration("1h")`.
    private static func time(_ text: String, _ now: Double) throws -> Double {
        guard case .time(let seconds) = try Expression(text, known: []).value(["now": .time(Int(now))]) else {
            throw ProbeFault("'\(text)' gives no time")
        }
        return Double(seconds)
    }

    private func webValue(_ provider: MetricProvider, _ address: WebAddress, _ watch: HealthWatch) throws -> ProviderValue {
        let headers = provider.headers.sorted { $0.key < $1.key }.map { (name: $0.key, value: watch.filled($0.value)) }
        let response = try web.send(WebRequest(.get, address, headers: headers, timeout: provider.timeout, retries: 1))
        guard response.isSuccess else { throw ProbeFault("received non 2xx response code: \(response.status)") }
        let document: Value
        do { document = try JSONReading.value(response.body) } catch {
            return ProviderValue(.string(response.text), text: response.text)
        }
        guard let path = JSONPath(provider.jsonPath ?? "{$}"), let found = path.first(in: document) else {
            throw ProbeFault("could not find JSONPath in body: \(provider.jsonPath ?? "{$}")")
        }
        if case .int(let whole) = found { return ProviderValue(.float(Double(whole)), text: String(whole)) }
        return ProviderValue(found, text: Self.shown(found))
    }

    private static func shown(_ value: Value) -> String {
        switch value {
        case .string(let text): "\"\(text)\""
        case .float(let number): Numbers.text(number)
        case .int(let number): String(number)
        case .bool(let flag): String(flag)
        case .null: "null"
        case .array(let items): "[" + items.map(shown).joined(separator: ",") + "]"
        default: "{…}"
        }
    }

    /// An analysis without end is well while its last measurement is; one with an end is well at its end.
    private func finding(_ run: AnalysisRun) -> HealthFinding {
        switch run.phase {
        case .failed: return .seen(.degraded, run.message + values(run))
        case .error: return .errored(run.message)
        case .inconclusive: return .seen(.unknown, run.message + values(run))
        case .successful: return .seen(.healthy, "analysis Successful" + values(run))
        case .running, .pending: break
        }
        let deciding = run.metrics.filter { !$0.metric.isDryRun }
        if let errored = deciding.first(where: { $0.last?.phase == .error }) {
            return .errored("\(errored.metric.name): \(errored.last?.message ?? "")")
        }
        if let unmeasured = deciding.first(where: { $0.last == nil }) {
            return .seen(.progressing, "\(unmeasured.metric.name) is not measured yet")
        }
        if let counted = deciding.first(where: { !$0.phase.isCompleted && $0.metric.effectiveCount != nil }) {
            return .seen(.progressing, "\(counted.metric.name): \(counted.count) of \(counted.metric.effectiveCount ?? 0) measurements")
        }
        if let bad = deciding.first(where: { $0.last?.phase != .successful }) {
            return .seen(.progressing, "\(bad.metric.name) is \(bad.last?.phase.rawValue ?? ""), which is still borne" + values(run))
        }
        return .seen(.healthy, "analysis Running" + values(run))
    }

    private func values(_ run: AnalysisRun) -> String {
        let texts = run.metrics.compactMap { metric in metric.last.map { "\(metric.metric.name) = \($0.value)" } }
        return texts.isEmpty ? "" : ", " + texts.joined(separator: ", ")
    }
}
