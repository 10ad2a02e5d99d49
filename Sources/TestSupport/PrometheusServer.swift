internal import Glibc
internal import Synchronization

/// A real Prometheus on the loopback interface that scrapes an exporter of the test every second; stopped when the value goes away.
package final class PrometheusServer {
    package let url: String
    private let exporter: ScriptedServer
    private let gauges: Gauges
    /// Ends with this value, before its folder does.
    private let command: RunningCommand
    private let folder: TemporaryFolder

    /// Whether Prometheus is installed on this machine.
    package static let isInstalled = access("/usr/bin/prometheus", X_OK) == 0

    /// - Parameters:
    ///   - values: gauges of the exporter with what they show at first.
    ///   - rules: a file of alerting rules; nil: none.
    ///
    /// Throws when the server is not ready within thirty seconds, or its first scrape does not come about.
    package init(_ environment: HermeticEnvironment, _ values: [String: Double], rules: String? = nil) throws {
        let gauges = Gauges(values)
        self.gauges = gauges
        exporter = try ScriptedServer { _ in ScriptedAnswer(200, gauges.text, headers: [("Content-Type", "text/plain; version=0.0.4")]) }
        folder = environment.folder
        let port = try Ports.free()
        url = "http://127.0.0.1:\(port)"
        try folder.write("prometheus/rules.yml", rules ?? "groups: []\n")
        try folder.write(
            "prometheus/prometheus.yml",
            """
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: [rules.yml]
            scrape_configs:
              - job_name: app
                static_configs: [{targets: ["127.0.0.1:\(exporter.port)"]}]

            """)
        command = try CommandRunner(environment).start([
            "/usr/bin/prometheus", "--config.file=\(folder("prometheus/prometheus.yml"))",
            "--storage.tsdb.path=\(folder("prometheus/data"))", "--web.listen-address=127.0.0.1:\(port)", "--log.level=error",
        ])
        for _ in 0..<3_000 {
            if Ports.isOpen(port), exporter.requests.count >= 2 { return }
            usleep(10_000)
        }
        throw TestSupportError("prometheus is not ready")
    }

    /// Shows another value from the next scrape on.
    package func set(_ name: String, _ value: Double) { gauges.set(name, value) }
}

private final class Gauges: Sendable {
    private let values: Mutex<[String: Double]>

    init(_ values: [String: Double]) { self.values = Mutex(values) }

    var text: String {
        values.withLock { values in values.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }.joined() }
    }

    func set(_ name: String, _ value: Double) { values.withLock { $0[name] = value } }
}
