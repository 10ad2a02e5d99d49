public import WorkflowModel

/// Which part of the ledger's state a decision needs.
public struct LedgerScope: Sendable, Hashable {
    /// Nil: all services.
    public var services: Set<String>?
    /// Releases to load beside those that the services' open facts name, by service.
    public var versions: [String: Set<String>]
    /// Load every release of the services, as lists do.
    public var allReleases: Bool
    /// Of these services also load the releases registered last.
    public var recentOf: Set<String> = []

    public init(services: Set<String>? = nil, versions: [String: Set<String>] = [:], allReleases: Bool = false) {
        self.services = services
        self.versions = versions
        self.allReleases = allReleases
    }

    public static func service(_ name: String, version: String? = nil) -> LedgerScope {
        LedgerScope(services: [name], versions: version.map { [name: [$0]] } ?? [:])
    }
}

/// The ledger as it was at one moment: its end, and the state that a scope asked for.
public struct LedgerSnapshot: Sendable {
    public var state: LedgerState
    /// The `seq` of the newest record; 0 for an empty ledger.
    public var seq: Int
    /// The commit that the ledger ends in; nil for an empty ledger. An append succeeds only while this stands.
    public var head: String?

    public init(state: LedgerState, seq: Int, head: String?) {
        self.state = state
        self.seq = seq
        self.head = head
    }
}

/// A fact that is to become a record.
public struct RecordDraft: Sendable, Hashable {
    public let fact: Fact
    /// Blob ids of the rule files that it was decided by, by path.
    public let rules: [String: String]

    public init(_ fact: Fact, rules: [String: String] = [:]) {
        self.fact = fact
        self.rules = rules
    }
}

/// How an append ended.
public enum LedgerAppend: Sendable {
    /// Recorded durably. The records, and the commit that the ledger ends in now.
    case appended([LedgerRecord], head: String)
    /// Someone else appended first: load, decide again, append.
    case lost
}

/// The ledger, wherever it is kept.
public protocol LedgerPort: AnyObject {
    /// Loads the newest state. Throws when the ledger cannot be read or does not hold together.
    func load(_ scope: LedgerScope) throws -> LedgerSnapshot
    /// Appends records by compare-and-swap on the snapshot's head; all or none.
    func append(_ drafts: [RecordDraft], by initiator: Identity, at: Instant, to snapshot: LedgerSnapshot) throws -> LedgerAppend
    /// The records from number `seq` on, oldest first, up to the end that was loaded or written last.
    ///
    /// For what the state does not keep, such as how one promotion ended. Its cost grows with the records since.
    func records(from seq: Int) throws -> [LedgerRecord]
    /// The end as it was read or written last; nil for an empty ledger, and where no such mark can be made.
    var mark: LedgerMark? { get }
    /// The services that records behind a mark are about, up to that end; nil when that cannot be told without reading far.
    func services(since mark: LedgerMark) -> Set<String>?
}

extension LedgerPort {
    public var mark: LedgerMark? { nil }
    public func services(since mark: LedgerMark) -> Set<String>? { nil }
}

/// Whether records are signed by whom they name.
///
/// Derived on reading: a record's own `authenticated` says nothing.
public protocol SignaturePort: AnyObject {
    /// Whether what this process records gets a signature.
    var isSigning: Bool { get }
    /// Whether the record with this number is signed by a key that `people` lists for this person.
    ///
    /// Throws when it cannot be found out.
    func isAuthenticated(record seq: Int, by person: String, people: People) throws -> Bool
}

/// One promotion to be written to the target branch.
public struct Delivery: Sendable {
    public let promotion: Promotion
    public let intent: EditIntent
    public let plan: EditPlan
    public let planDigest: String
    /// Who delivers; the commit's author is the requester where known.
    public let initiator: Identity
    /// The step of the stage's rollout that the commit takes beyond the first; nil for the delivery itself.
    public let step: RolloutStep?
    /// The train whose one commit holds it; nil for a commit of its own.
    public let train: TrainTicket?

    public init(
        promotion: Promotion, intent: EditIntent, plan: EditPlan, planDigest: String, initiator: Identity, step: RolloutStep? = nil,
        train: TrainTicket? = nil
    ) {
        self.step = step
        self.train = train
        self.promotion = promotion
        self.intent = intent
        self.plan = plan
        self.planDigest = planDigest
        self.initiator = initiator
    }
}

/// How an attempt to move the target branch ended.
public enum Landing: Sendable {
    /// The deploy commits, in the order of the deliveries.
    case landed([String])
    /// The branch moved meanwhile: plan again on its new tip.
    case lost
    /// The server's own rules keep rollbacks from a branch that is otherwise changed by merging; in its words.
    case refused(String)
}

/// What one declared place of a cell holds, read from files.
public struct ObservedCell: Sendable, Hashable {
    /// The version that the declared fields agree on; nil when none can be told.
    public let version: String?
    /// Declared fields speak of different versions.
    public let mixed: Bool
    public let digest: String?
    public let fields: [FieldEdit]
    /// Every version that fields speak of, each once, in the order of the updates.
    public let versions: [String]

    public init(version: String?, mixed: Bool, digest: String?, fields: [FieldEdit], versions: [String] = []) {
        self.versions = versions
        self.version = version
        self.mixed = mixed
        self.digest = digest
        self.fields = fields
    }
}

/// A commit that changed declared fields.
public struct OutsideCommit: Sendable, Hashable {
    public let commit: String
    /// `NAME <MAIL>`.
    public let author: String
    /// The promotions that the commit says it carries.
    public let promotions: [String]
    /// Every field: its value before the commit in `old`, after it in `new`.
    public let edits: [FieldEdit]

    public init(commit: String, author: String, promotions: [String], edits: [FieldEdit]) {
        self.commit = commit
        self.author = author
        self.promotions = promotions
        self.edits = edits
    }
}

/// The files that two commits hold differently.
public struct ChangedFiles: Sendable, Hashable {
    public let paths: [String]
    /// Some of them are in one of the two commits only.
    public let cameOrWent: Bool

    public init(paths: [String], cameOrWent: Bool) {
        self.paths = paths
        self.cameOrWent = cameOrWent
    }
}

/// The desired state: the target branch with its rules and overlays.
public protocol DesiredStatePort: AnyObject {
    /// The name of the target branch, without `refs/heads/`.
    var branch: String { get }
    /// Looks up the branch anew and returns its tip, in hexadecimal. Throws when there is no such branch.
    func refresh() throws -> String
    /// The tip of another branch that holds an environment, as of the last `refresh()`. Throws when there is no such branch.
    func tip(of branch: String) throws -> String
    /// The rules at the tip. Throws with diagnostics when a file is invalid.
    ///
    /// - Parameter services: of services that are found by their files, these and what they depend on are enough; nil: all.
    func rules(of services: Set<String>?) throws -> Rules
    /// The rules that these blobs hold, by path; nil when one of them cannot be read any more.
    func rules(ofFiles files: [String: String]) throws -> Rules?
    /// The commits after `commit` up to `tip` that changed the rules, oldest first.
    func ruleCommits(since commit: String, to tip: String) throws -> [RuleCommit]
    /// Computes the edits on a commit. Throws when a declared file or field does not exist.
    func plan(_ intent: EditIntent, at commit: String) throws -> EditPlan
    /// The edits that put back, on `commit`, what fields held on `source`, byte for byte, where they still hold what stood on
    /// `written`. `fields` name them. What neither holds that nor what `source` had is left as it is, and named.
    ///
    /// - Parameter isWhole: `written` is the only change of the fields' files since `source`, so that whole files may be put back.
    func restore(_ fields: [FieldEdit], from source: String, written: String, isWhole: Bool, at commit: String) throws -> Restoration
    /// The first parent of a commit; nil for one that has none.
    func parent(of commit: String) throws -> String?
    /// What the declared fields hold on a commit; `known` are the versions to recognise by their images.
    func observe(_ intent: EditIntent, known: [Release], at commit: String) throws -> ObservedCell
    /// Completes what a death in the middle of a delivery left undone beside the branch.
    func completeInterrupted() throws
    /// Refuses, before anything is admitted, what would fail after it: local changes in a local authority's files, a
    /// message template that is none.
    func checkDeliverable(_ files: [String], for stage: Stage) throws
    /// The commit between `base` and `tip` that carries the promotion's trailer and sets its values; nil when there is none.
    func deployCommit(of promotion: String, from base: String, to tip: String, edits: [FieldEdit]) throws -> String?
    /// The oldest commit after `base` that all of `edits`' new values stand in, up to `tip`; `base` when they stood there.
    func commitBringing(_ edits: [FieldEdit], intent: EditIntent, from base: String, to tip: String) throws -> String
    /// The commits after `commit`, oldest first, in which one of the fields got another value, up to `tip`; when `commit` is
    /// no ancestor of `tip`, the tip alone stands for all that happened. `fields` hold the known values in `new`.
    func changes(of fields: [FieldEdit], since commit: String, to tip: String) throws -> [OutsideCommit]
    /// Puts files onto `commit` in a commit that no branch holds, so that further edits can be planned on it.
    func staged(_ files: [String: FileContent], on commit: String, at: Instant) throws -> String
    /// Commits the deliveries one after the other on `tip` and moves their branch, which is one, by compare-and-swap.
    ///
    /// Deliveries of one train that follow on each other are one commit, in which each one's files are laid over those before.
    func land(_ deliveries: [Delivery], on tip: String, at: Instant) throws -> Landing
    /// True when `revision` is `commit`, or a descendant of it in which every value still stands.
    func revision(_ revision: String, carries edits: [FieldEdit], of commit: String) throws -> Bool
    /// The author of a commit as `NAME <MAIL>`; nil when there is no such commit.
    func author(of commit: String) throws -> String?
    /// What names the rules at the tip: equal ids, equal rules; nil where there is none.
    func rulesID() throws -> String?
    /// What the rules warn of, as they were last read whole.
    var ruleWarnings: [String] { get }
    /// Warns of it once more, where rules need not be read anew.
    func tellRuleWarnings(_ warnings: [String])
    /// The files and folders that ``observe(_:known:at:)`` reads.
    func places(of intent: EditIntent) throws -> [String]
    /// What two commits hold differently; nil when one of them is not at hand.
    func changedFiles(from old: String, to new: String) throws -> ChangedFiles?
}

extension DesiredStatePort {
    /// Rules without a name are read each time.
    public func rulesID() throws -> String? { nil }

    public var ruleWarnings: [String] { [] }
    public func tellRuleWarnings(_ warnings: [String]) {}
    public func places(of intent: EditIntent) throws -> [String] { [] }
    public func changedFiles(from old: String, to new: String) throws -> ChangedFiles? { nil }

    /// Nobody is known.
    public func author(of commit: String) throws -> String? { nil }

    /// Such a desired state holds no two services in one file.
    public func staged(_ files: [String: FileContent], on commit: String, at: Instant) throws -> String {
        throw PromotionError(.conflict, "several promotions write \(files.keys.sorted().joined(separator: ", "))")
    }

    /// What rules held before is not kept.
    public func rules(ofFiles files: [String: String]) throws -> Rules? { nil }

    /// Rules never change.
    public func ruleCommits(since commit: String, to tip: String) throws -> [RuleCommit] { [] }

    /// Nothing stands beside the branch.
    public func completeInterrupted() throws {}
}

/// Time and chance, handed in so that they can be made up.
public protocol PacePort: AnyObject {
    var now: Instant { get }
    /// Waits before the next try after lost races: exponential with jitter, at most two seconds.
    func pause(afterAttempt attempt: Int)
    /// Waits a fixed time between looks at something slow.
    func wait(_ span: TimeSpan)
}
