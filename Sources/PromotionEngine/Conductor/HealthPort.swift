public import WorkflowModel

/// One delivered promotion whose health is to be looked at.
public struct HealthWatch: Sendable {
    public let subject: PromotionSubject
    /// The deploy commit.
    public let commit: String
    /// The path of the stage's environment.
    public let environment: String
    public let deliveredAt: Instant
    public let policy: HealthPolicy
    /// The release was found healthy in this stay before: what is not fulfilled now is then illness and no slow start.
    public let wasHealthy: Bool
    /// Nothing is decided about it yet; triggers watch only such.
    public let isVerifying: Bool
    public let now: Instant
    /// When the step of the stage's rollout that stands began; nil where there are no steps.
    public let stepSince: Instant?
    /// The targets of the stage that the release has reached: sources that name `{target}` are asked for each.
    public let targets: [String]
    /// The target that is asked about; nil: none.
    public var target: String?

    public init(
        subject: PromotionSubject, commit: String, environment: String, deliveredAt: Instant, policy: HealthPolicy,
        wasHealthy: Bool, isVerifying: Bool, now: Instant, stepSince: Instant? = nil, targets: [String] = []
    ) {
        self.stepSince = stepSince
        self.targets = targets
        self.subject = subject
        self.commit = commit
        self.environment = environment
        self.deliveredAt = deliveredAt
        self.policy = policy
        self.wasHealthy = wasHealthy
        self.isVerifying = isVerifying
        self.now = now
    }

    /// The text with `{service}`, `{stage}`, `{version}`, `{commit}` and `{environment}` replaced; other braces stay.
    public func filled(_ text: String) -> String {
        var values = [
            "service": subject.service, "stage": subject.stage, "version": subject.version, "commit": commit,
            "environment": environment,
        ]
        values["target"] = target
        var result = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            result += rest[..<open]
            let inner = rest[rest.index(after: open)...]
            if let close = inner.firstIndex(of: "}"), let value = values[String(inner[..<close])] {
                result += value
                rest = inner[inner.index(after: close)...]
            } else {
                result += "{"
                rest = inner
            }
        }
        return result + rest
    }
}

/// What one source says.
public enum HealthFinding: Sendable, Hashable {
    /// The message is a clause; empty when there is nothing to add.
    case seen(HealthStatus, String)
    /// The agent is not at the delivered state yet, so that its health is another release's.
    case notSynced(String)
    /// It could not be found out: neither healthy nor ill.
    case errored(String)
}

/// What one look came to.
public struct HealthLook: Sendable {
    public struct Finding: Sendable, Hashable {
        /// The source, as it is declared.
        public let source: String
        public let finding: HealthFinding
        /// The target that it is about; nil: the stage as a whole.
        public let target: String?

        public init(_ source: String, _ finding: HealthFinding, target: String? = nil) {
            self.source = source
            self.finding = finding
            self.target = target
        }
    }

    /// A trigger whose threshold was exceeded long enough.
    public struct Fired: Sendable, Hashable {
        public let name: String
        public let action: RollbackTrigger.Action
        /// What was measured against what.
        public let reason: String

        public init(name: String, action: RollbackTrigger.Action, reason: String) {
            self.name = name
            self.action = action
            self.reason = reason
        }
    }

    public var findings: [Finding]
    public var fired: [Fired]

    public init(findings: [Finding], fired: [Fired] = []) {
        self.findings = findings
        self.fired = fired
    }

    /// The findings as one, worst first: what could not be found out hides the rest, then what is not synced; then the worst
    /// status counts. A trigger that fired is illness whatever else was found.
    ///
    /// - Parameters:
    ///   - reported: the status posted last, where reports are a source too.
    ///   - limit: how many targets may be Degraded or Missing before they count.
    public func verdict(reported: HealthStatus?, tolerating limit: Int = 0) -> HealthFinding {
        let borne = borneTargets(limit)
        let findings = findings.filter { $0.target.map { !borne.contains($0) } ?? true }
        if let fired = fired.first { return .seen(.degraded, "trigger \(fired.name): \(fired.reason)") }
        func told(_ finding: Finding, _ text: String) -> String {
            let source = finding.target.map { "\(finding.source) in \($0)" } ?? finding.source
            return text.isEmpty ? source : "\(source): \(text)"
        }
        for finding in findings { if case .errored(let why) = finding.finding { return .errored(told(finding, why)) } }
        for finding in findings { if case .notSynced(let why) = finding.finding { return .notSynced(told(finding, why)) } }
        var worst: (HealthStatus, String) = reported.map { ($0, "report") } ?? (.healthy, "")
        for finding in findings {
            guard case .seen(let status, let why) = finding.finding else { continue }
            if status.badness > worst.0.badness || (worst.1.isEmpty && status == worst.0) { worst = (status, told(finding, why)) }
        }
        let rest = borne.isEmpty ? "" : (worst.1.isEmpty ? "" : "; ") + "ill, and borne: \(borne.sorted().joined(separator: ", "))"
        return .seen(worst.0, worst.1 + rest)
    }

    /// The targets that are ill, while they are not too many.
    private func borneTargets(_ limit: Int) -> Set<String> {
        guard limit > 0 else { return [] }
        let ill = findings.compactMap { finding -> String? in
            guard case .seen(let status, _) = finding.finding, status == .degraded || status == .missing else { return nil }
            return finding.target
        }
        return Set(ill).count <= limit ? Set(ill) : []
    }
}

extension HealthStatus {
    /// Over several sources the worst counts (`semantics.md` 7.1).
    var badness: Int {
        switch self {
        case .healthy: 0
        case .suspended: 1
        case .progressing: 2
        case .missing: 3
        case .degraded: 4
        case .unknown: 5
        }
    }
}

/// Learns how delivered releases do. Nothing it meets is thrown: a source that cannot be asked is a finding.
public protocol HealthPort: AnyObject {
    /// Looks at every source and trigger once.
    ///
    /// - Parameter carries: whether a commit that an agent names holds all that the promotion wrote.
    func look(at watch: HealthWatch, carries: (_ revision: String) throws -> Bool) -> HealthLook
}

/// Looks at nothing: health comes by reports alone.
public final class ReportsOnly: HealthPort {
    public init() {}

    public func look(at watch: HealthWatch, carries: (String) throws -> Bool) -> HealthLook {
        HealthLook(
            findings: watch.policy.sources.filter { $0.settings != .report }.map {
                HealthLook.Finding($0.name, .errored("this process can ask no health source"))
            })
    }
}
