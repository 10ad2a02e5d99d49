public import PromotionEngine

/// What a report is made of, beside the population.
public struct ReportInput: Sendable {
    /// Whether the ledger held together, as `audit verify` found.
    public struct Verification: Sendable {
        public let isIntact: Bool
        public let fault: String?
        public let records: Int
        public let segments: Int
        public let deployCommits: Int
        public let branchCommits: Int
        public let touchingCommits: Int
        public let head: ChainHead?
        public let warnings: [String]
        /// Changes of declared values that nothing had been delivered to yet.
        public let baselines: [OutsideFinding]

        public init(
            fault: String?, records: Int, segments: Int, deployCommits: Int, branchCommits: Int, touchingCommits: Int,
            head: ChainHead?, warnings: [String], baselines: [OutsideFinding] = []
        ) {
            self.baselines = baselines
            isIntact = fault == nil
            self.fault = fault
            self.records = records
            self.segments = segments
            self.deployCommits = deployCommits
            self.branchCommits = branchCommits
            self.touchingCommits = touchingCommits
            self.head = head
            self.warnings = warnings
        }
    }

    public let repository: String
    public let branch: String
    public let createdAt: Instant
    /// Of gradus.
    public let version: String
    public let population: Population
    public let verification: Verification
    public let metrics: DeliveryMetrics
    public let ruleChanges: [RuleChange]
    /// Who may do what at the end of the period.
    public let access: [AccessRow]

    public init(
        repository: String, branch: String, createdAt: Instant, version: String, population: Population,
        verification: Verification, metrics: DeliveryMetrics, ruleChanges: [RuleChange], access: [AccessRow]
    ) {
        self.repository = repository
        self.branch = branch
        self.createdAt = createdAt
        self.version = version
        self.population = population
        self.verification = verification
        self.metrics = metrics
        self.ruleChanges = ruleChanges
        self.access = access
    }
}

/// A commit that changed what decides.
public struct RuleChange: Sendable, Hashable {
    /// What it did to the strictness of the rules.
    public enum Direction: String, Sendable, Hashable {
        case loosened, tightened, changed
    }

    /// One difference, with its meaning.
    public struct Item: Sendable, Hashable {
        public let direction: Direction
        /// `storefront prod: approvals 2 of platform-team -> 1 of platform-team`.
        public let text: String

        public init(_ direction: Direction, _ text: String) { (self.direction, self.text) = (direction, text) }

        public var json: JSONValue { ["direction": .string(direction.rawValue), "text": .string(text)] }
    }

    public let commit: String
    public let at: Instant
    /// As the commit names its author.
    public let author: String
    public let subject: String
    public let files: [String]
    /// Empty for a change of comments, order or form only.
    public let items: [Item]
    /// The rules could not be read after it: why.
    public let fault: String?

    public init(commit: String, at: Instant, author: String, subject: String, files: [String], items: [Item], fault: String?) {
        self.commit = commit
        self.at = at
        self.author = author
        self.subject = subject
        self.files = files
        self.items = items
        self.fault = fault
    }

    public var loosens: Bool { items.contains { $0.direction == .loosened } }

    public var json: JSONValue {
        [
            "commit": .string(commit), "at": .string(at.description), "author": .string(author), "subject": .string(subject),
            "files": .array(files.map(JSONValue.string)), "changes": .array(items.map(\.json)), "error": .optional(fault),
        ]
    }
}

/// Who may do one thing in one stage.
public struct AccessRow: Sendable, Hashable {
    public let workflow: String
    public let stage: String
    /// Nil: all services of the workflow alike.
    public let service: String?
    /// `promote`, `approve`, `break-glass`.
    public let action: String
    /// Groups and people as the rules name them.
    public let granted: [String]
    /// Subject ids; `*` is everyone who can write to the repository.
    public let people: [String]

    public init(workflow: String, stage: String, service: String?, action: String, granted: [String], people: [String]) {
        self.workflow = workflow
        self.stage = stage
        self.service = service
        self.action = action
        self.granted = granted
        self.people = people
    }

    public var json: JSONValue {
        [
            "workflow": .string(workflow), "stage": .string(stage), "service": .optional(service), "action": .string(action),
            "granted": .array(granted.map(JSONValue.string)), "people": .array(people.map(JSONValue.string)),
        ]
    }
}
