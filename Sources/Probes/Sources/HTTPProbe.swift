internal import Expressions
internal import PromotionEngine
internal import Web
internal import WorkflowModel

/// An `http` source: a web service's own word.
struct HTTPProbe {
    let web: WebClient
    let allowance: ProbeAllowance

    /// What is not fulfilled is a slow start until the release was once healthy here, and illness afterwards.
    func finding(_ source: HTTPSource, _ watch: HealthWatch) throws -> HealthFinding {
        let ill: HealthStatus = watch.wasHealthy ? .degraded : .progressing
        let address = try WebAddress(watch.filled(source.url))
        let timeout = Double(source.timeout.seconds)
        if let span = source.certificateValidFor {
            let rest = TimeSpan(seconds: try web.certificateEnd(of: address, timeout: timeout) - watch.now.seconds)
            if rest < span { return .seen(.degraded, "the certificate ends in \(rest), sooner than \(span)") }
        }
        // A service that says "not now" has answered: there is no need to ask it again at once.
        let response = try web.send(
            WebRequest(.get, address, credentials: try allowance.token(source.tokenEnvironment), timeout: timeout, retries: 0))
        guard response.status == source.expectStatus else {
            return .seen(ill, "status \(response.status), not \(source.expectStatus)")
        }
        guard let condition = source.condition else { return .seen(.healthy, "status \(response.status)") }
        let holds = try Expression(condition, known: ["result", "status"])
            .holds(["result": try result(source, response), "status": .int(response.status)])
        return holds ? .seen(.healthy, condition) : .seen(ill, "not \(condition)")
    }

    private func result(_ source: HTTPSource, _ response: WebResponse) throws -> Value {
        let document: Value
        do { document = try JSONReading.value(response.body) } catch {
            if source.jsonPath != nil { throw ProbeFault("the answer is no JSON: \(error)") }
            return .string(response.text)
        }
        guard let text = source.jsonPath else { return document }
        guard let path = JSONPath(text) else { throw ProbeFault("'\(text)' is no JSON path") }
        guard let found = path.first(in: document) else { throw ProbeFault("the answer has nothing at \(text)") }
        return found
    }
}
