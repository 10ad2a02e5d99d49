/// One place from which the health of a delivered release is learnt (`design.md` section 8).
///
/// Texts may hold `{service}`, `{stage}`, `{version}`, `{commit}` and `{environment}`; other braces stay as they are, since
/// queries have their own.
public struct HealthSource: Sendable, Hashable {
    public enum Settings: Sendable, Hashable {
        /// Health is posted with `gradus report … --health`.
        case report
        case argocd(ArgoCDSource)
        case prometheus(PrometheusSource)
        case http(HTTPSource)
        case command(CommandSource)
        case kubernetes(KubernetesSource)
    }

    public var settings: Settings
    /// The settings as they are written, in one form for all notations: part of the plan's digest.
    public var declared: String

    public init(_ settings: Settings, declared: String = "") {
        self.settings = settings
        self.declared = declared
    }

    /// Health that is posted.
    public static let report = HealthSource(.report)

    /// The key under which it is declared.
    public var name: String {
        switch settings {
        case .report: "report"
        case .argocd: "argocd"
        case .prometheus: "prometheus"
        case .http: "http"
        case .command: "command"
        case .kubernetes: "kubernetes"
        }
    }
}

/// An Argo CD Application, asked through the server's REST API.
public struct ArgoCDSource: Sendable, Hashable {
    public var server: String
    public var app: String
    /// The namespace of the Application object; nil: the server's own.
    public var appNamespace: String?
    public var project: String?
    /// The environment variable that holds the token.
    public var tokenEnvironment: String

    public init(
        server: String, app: String, appNamespace: String? = nil, project: String? = nil, tokenEnvironment: String = "ARGOCD_AUTH_TOKEN"
    ) {
        self.server = server
        self.app = app
        self.appNamespace = appNamespace
        self.project = project
        self.tokenEnvironment = tokenEnvironment
    }
}

/// Metrics of a Prometheus server, judged like an analysis of Argo Rollouts.
public struct PrometheusSource: Sendable, Hashable {
    /// Of the server; a metric may name another.
    public var address: String?
    public var metrics: [AnalysisMetric]
    /// The environment variable that holds a bearer token; nil: no credentials.
    public var tokenEnvironment: String?

    public init(address: String?, metrics: [AnalysisMetric], tokenEnvironment: String? = nil) {
        self.address = address
        self.metrics = metrics
        self.tokenEnvironment = tokenEnvironment
    }
}

/// A web service's own word.
public struct HTTPSource: Sendable, Hashable {
    public var url: String
    /// 200 by default.
    public var expectStatus: Int
    /// What of the answer `condition` is asked about; nil: the whole document.
    public var jsonPath: String?
    /// An expression over `result` and `status`.
    public var condition: String?
    /// The server's certificate must be valid at least that long.
    public var certificateValidFor: TimeSpan?
    public var tokenEnvironment: String?
    /// For one request.
    public var timeout: TimeSpan

    public init(
        url: String, expectStatus: Int = 200, jsonPath: String? = nil, condition: String? = nil,
        certificateValidFor: TimeSpan? = nil, tokenEnvironment: String? = nil, timeout: TimeSpan = .seconds(10)
    ) {
        self.url = url
        self.expectStatus = expectStatus
        self.jsonPath = jsonPath
        self.condition = condition
        self.certificateValidFor = certificateValidFor
        self.tokenEnvironment = tokenEnvironment
        self.timeout = timeout
    }
}

/// A program whose exit code tells; it runs only where the operator allows commands.
public struct CommandSource: Sendable, Hashable {
    /// The program and its arguments; no shell reads them.
    public var arguments: [String]
    public var timeout: TimeSpan

    public init(arguments: [String], timeout: TimeSpan = .seconds(60)) {
        self.arguments = arguments
        self.timeout = timeout
    }
}

/// Objects of a Kubernetes cluster, judged by their kinds' rules.
public struct KubernetesSource: Sendable, Hashable {
    /// Of the API server; nil with `file`.
    public var server: String?
    public var namespace: String
    /// `kind/name`, such as `deployment/web`; empty with `file`: all that it holds.
    public var objects: [String]
    public var tokenEnvironment: String?
    /// A document of `kubectl get -o json`, on the machine that looks.
    public var file: String?

    public init(
        server: String? = nil, namespace: String = "default", objects: [String] = [], tokenEnvironment: String? = nil, file: String? = nil
    ) {
        self.server = server
        self.namespace = namespace
        self.objects = objects
        self.tokenEnvironment = tokenEnvironment
        self.file = file
    }
}
