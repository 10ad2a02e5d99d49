import YAMLEdit

/// The criterion keys whose meaning is given (`design.md` section 6, the table).
enum BuiltInCriterion: String, CaseIterable {
    case testPassRate = "test_pass_rate"
    case codeCoverage = "code_coverage"
    case securityScan = "security_scan"
    case smokeTests = "smoke_tests"
    case integrationTests = "integration_tests"
    case performanceBaseline = "performance_baseline"
    case changeAdvisory = "change_advisory"
    case runbookUpdated = "runbook_updated"
    case soakDuration = "soak_duration"
    case upstreamHealth = "upstream_health"
    case targetHealth = "target_health"
    case dependsOn = "depends_on"
    case changeTicket = "change_ticket"
    case window
    case pullRequest = "pull_request"
    case checks
    case condition

    /// What the values under the key look like.
    enum Shape {
        /// A number of percent that the latest evidence must reach.
        case percent
        /// A text that the latest evidence must equal.
        case text
        case span
        case healthy
        case dependencies
        case pattern
        case windows
        case expression
        /// One word, the only one there is.
        case word(String)
    }

    var shape: Shape {
        switch self {
        case .testPassRate, .codeCoverage: .percent
        case .securityScan, .smokeTests, .integrationTests, .performanceBaseline, .changeAdvisory, .runbookUpdated: .text
        case .soakDuration: .span
        case .upstreamHealth, .targetHealth: .healthy
        case .dependsOn: .dependencies
        case .changeTicket: .pattern
        case .window: .windows
        case .pullRequest: .word("approved")
        case .checks: .word("passing")
        case .condition: .expression
        }
    }

    /// The key as a table entry; nil for one that this version refuses.
    var schema: KeySchema? {
        let value: ValueSchema? =
            switch shape {
            case .percent, .text, .pattern, .expression: .text
            case .span: .span
            case .healthy: .choice(["healthy"])
            case .word(let word): .choice([word])
            case .dependencies: .either([.map(WorkflowSchema.dependency), .list(.map(WorkflowSchema.dependency))])
            case .windows: .either([.text, .map(PeopleSchema.window), .list(.either([.text, .map(PeopleSchema.window)]))])
            }
        return value.map { KeySchema(rawValue, $0, summary) }
    }

    private var summary: String {
        switch self {
        case .testPassRate, .codeCoverage: "The latest evidence is at least so many percent."
        case .securityScan, .smokeTests, .integrationTests: "The latest evidence equals this, usually `pass`."
        case .performanceBaseline: "The latest evidence equals this, usually `met`."
        case .changeAdvisory: "The latest evidence equals this, usually `approved`."
        case .runbookUpdated: "The latest evidence equals this, usually `true`."
        case .soakDuration: "Delivered and continuously healthy in the upstream stage that long."
        case .upstreamHealth: "The upstream stage's health of this release."
        case .targetHealth: "The target stage's present health."
        case .dependsOn: "Other services that must run, healthy."
        case .changeTicket: "The promotion's ticket matches this regular expression."
        case .window: "Windows of the calendar by name, or written out, that must let through."
        case .pullRequest: "A reviewer approved the head of the pull request, and none asks for changes."
        case .checks: "Every check of the head of the pull request succeeded."
        case .condition: "An expression over `release`, `stage`, `evidence` and `now` that must be true."
        }
    }

    /// True for a key whose verdict comes from posted evidence.
    var readsEvidence: Bool {
        switch shape {
        case .percent, .text: true
        default: false
        }
    }

    static let names = allCases.map(\.rawValue)

    /// The built-in key that `key` most likely misspells: one within edit distance 2.
    static func misspelled(by key: String) -> String? {
        guard Self(rawValue: key) == nil else { return nil }
        return names.map { ($0, Suggestion.editDistance(key, $0)) }
            .filter { $0.1 <= 2 }.min { $0.1 < $1.1 }?.0
    }
}
