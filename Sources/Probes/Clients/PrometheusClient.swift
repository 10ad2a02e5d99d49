internal import Expressions
internal import Web

/// Asks a Prometheus server (`semantics.md` section 10). Everything but a plain answer throws.
struct PrometheusClient {
    let web: WebClient
    let address: WebAddress
    var credentials: Credentials?
    /// Seconds for one request.
    var timeout = 30.0

    /// A sample: seconds since 1970 and a value.
    typealias Sample = (time: Double, value: Double)

    /// What a query gives at one moment, shown as Argo Rollouts shows it.
    func instant(_ query: String, at time: Double) throws -> ProviderValue {
        try Self.providerValue(try ask("query", [("query", query), ("time", Self.text(time))]))
    }

    func range(_ query: String, from start: Double, to end: Double, step: Double) throws -> ProviderValue {
        try Self.providerValue(try ask("query_range", Self.range(query, start, end, step)))
    }

    /// Each series of a range query with its samples.
    func series(_ query: String, from start: Double, to end: Double, step: Double) throws -> [[Sample]] {
        let data = try ask("query_range", Self.range(query, start, end, step))
        var series: [[Sample]] = []
        for item in data["result"]?.items ?? [] {
            var samples: [Sample] = []
            for pair in item["values"]?.items ?? [] { samples.append(try Self.sample(pair)) }
            series.append(samples)
        }
        return series
    }

    /// Alerts that are pending or firing.
    func alerts() throws -> [Value] { try ask("alerts", nil)["alerts"]?.items ?? [] }

    /// Names of all alerting rules, whether they fire or not.
    func alertingRules() throws -> Set<String> {
        let groups = try ask("rules", nil, query: [("type", "alert")])["groups"]?.items ?? []
        return Set(groups.flatMap { $0["rules"]?.items ?? [] }.compactMap { $0["name"]?.text })
    }

    private static func range(_ query: String, _ start: Double, _ end: Double, _ step: Double) -> [(String, String)] {
        [("query", query), ("start", text(start)), ("end", text(end)), ("step", text(step))]
    }

    /// Posted, because queries may be long; asked again by GET where a server refuses that, as its own clients do.
    private func ask(_ name: String, _ form: [(String, String)]?, query: [(String, String)] = []) throws -> Value {
        let place = address.appending("api", "v1", name, query: query)
        guard let form else { return try Self.data(try web.send(request(.get, place))) }
        var post = request(.post, place)
        post.headers = [("Content-Type", "application/x-www-form-urlencoded")]
        post.body = Array(Percent.query(form).utf8)
        // A query changes nothing, so it may be repeated.
        post.isIdempotent = true
        let answer = try web.send(post)
        guard [403, 405, 501].contains(answer.status) else { return try Self.data(answer) }
        return try Self.data(try web.send(request(.get, address.appending("api", "v1", name, query: form))))
    }

    private func request(_ method: WebRequest.Method, _ place: WebAddress) -> WebRequest {
        WebRequest(method, place, credentials: credentials, timeout: timeout, retries: 1)
    }

    /// The envelope's `data`. A success without it is none, and `status: error` is an error whatever the HTTP status.
    private static func data(_ response: WebResponse) throws -> Value {
        let document: Value
        do { document = try JSONReading.value(response.body) } catch {
            throw ProbeFault("Prometheus answered \(response.status) and no JSON: \(error)")
        }
        guard document["status"]?.text == "success", let data = document["data"] else {
            let kind = document["errorType"]?.text.map { "\($0): " } ?? ""
            throw ProbeFault("Prometheus answered \(response.status): \(kind)\(document["error"]?.text ?? "no data")")
        }
        return data
    }

    private static func providerValue(_ data: Value) throws -> ProviderValue {
        let result = data["result"] ?? .array([])
        switch data["resultType"]?.text ?? "" {
        case "scalar": return .scalar(try sample(result).value)
        case "vector":
            var numbers: [Double] = []
            for item in result.items {
                guard let pair = item["value"] else { throw ProbeFault("Prometheus metric type not supported") }
                numbers.append(try sample(pair).value)
            }
            return .vector(numbers)
        case "matrix":
            var numbers: [Double] = []
            for item in result.items {
                guard let pairs = item["values"] else { throw ProbeFault("Prometheus metric type not supported") }
                for pair in pairs.items { numbers.append(try sample(pair).value) }
            }
            return .vector(numbers)
        default: throw ProbeFault("Prometheus metric type not supported")
        }
    }

    /// `[1700000000.5, "0.25"]`; values are texts because of NaN and the infinities.
    private static func sample(_ pair: Value) throws -> Sample {
        guard pair.items.count == 2, let text = pair.items[1].text, let value = number(text) else {
            throw ProbeFault("Prometheus answered a sample that is none")
        }
        let time: Double =
            switch pair.items[0] {
            case .int(let whole): Double(whole)
            case .float(let number): number
            default: 0
            }
        return (time, value)
    }

    private static func number(_ text: String) -> Double? {
        switch text {
        case "NaN": .nan
        case "+Inf", "Inf": .infinity
        case "-Inf": -.infinity
        default: Double(text)
        }
    }

    /// Milliseconds are as fine as its clocks go.
    private static func text(_ number: Double) -> String {
        let milliseconds = Int((number * 1_000).rounded())
        let rest = milliseconds % 1_000
        return rest == 0 ? "\(milliseconds / 1_000)" : "\(Double(milliseconds) / 1_000)"
    }
}
