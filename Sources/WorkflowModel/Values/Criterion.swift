public import Expressions

/// One testable condition of a gate (`design.md` section 6).
public struct Criterion: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        /// The latest evidence under the key is a number and compares so.
        case number(Comparison, threshold: String)
        /// The latest evidence under the key equals the text, case-insensitively.
        case text(String)
        /// Delivered and continuously healthy in the upstream stage that long.
        case soak(TimeSpan)
        /// The named stage has been continuously healthy that long with this release.
        case stable(stage: String, TimeSpan)
        /// The upstream stage's health of this release is at least this good.
        case upstreamHealth
        /// The target stage's present health is good.
        case targetHealth
        /// The promotion's `--ticket` matches this regular expression.
        case changeTicket(pattern: String)
        /// Another service runs such a version, healthy.
        case dependsOn(Dependency)
        /// The windows let through now.
        case window([WindowReference])
        /// A reviewer approved the pull request's head, and none asks for changes.
        case pullRequest
        /// Every check of the pull request's head succeeded.
        case checks
        /// The expression is true.
        case condition(Expression)
    }

    public enum Comparison: String, Sendable, Hashable, CaseIterable {
        case atLeast = ">=", atMost = "<=", greater = ">", less = "<", equal = "==", notEqual = "!="
    }

    /// `version` is a semantic-version comparison such as `>=1.4`, nil for any version; `stage` nil is the stage being entered.
    public struct Dependency: Sendable, Hashable {
        public var service: String
        public var stage: String?
        public var version: String?

        public init(service: String, stage: String? = nil, version: String? = nil) {
            self.service = service
            self.stage = stage
            self.version = version
        }
    }

    /// The key as written, which names the gate: `test_pass_rate`, `staging_stable`.
    public var key: String
    public var kind: Kind
    public var location: Located

    public init(key: String, kind: Kind, location: Located = Located()) {
        self.key = key
        self.kind = kind
        self.location = location
    }

    /// True when the verdict comes from posted evidence of the same key.
    public var readsEvidence: Bool {
        switch kind {
        case .number, .text: true
        default: false
        }
    }

    /// True when the verdict comes from the forge.
    public var readsForge: Bool { kind == .pullRequest || kind == .checks }

    /// What must hold, in words, as a table shows it: `>= 100`, `pass`, `24h`.
    public var threshold: String {
        switch kind {
        case .number(let comparison, let threshold): "\(comparison.rawValue) \(threshold)"
        case .text(let expected): expected
        case .soak(let span), .stable(_, let span): span.description
        case .upstreamHealth, .targetHealth: "healthy"
        case .changeTicket(let pattern): pattern
        case .dependsOn(let dependency):
            [dependency.service, dependency.version ?? "any version", dependency.stage.map { "in \($0)" }]
                .compactMap { $0 }.joined(separator: " ")
        case .window(let references): references.map(\.description).joined(separator: ", ")
        case .pullRequest: "approved"
        case .checks: "passing"
        case .condition(let expression): expression.text
        }
    }
}
