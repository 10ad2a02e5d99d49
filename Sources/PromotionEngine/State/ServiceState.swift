/// What is in one stage of one service, as the ledger tells it.
public struct Cell: Sendable, Hashable {
    public var version: String
    /// True for what the files held before the first promotion of the cell.
    public var adopted: Bool
    /// True for what was changed outside Gradus since the last promotion of the cell.
    public var isExternal: Bool
    public var stay: Stay
    /// The values that stand as far as the ledger knows: those of the last promotion, or of the last change outside.
    public var edits: [FieldEdit]
    /// All versions that the fields spoke of when the baseline was adopted, where they disagreed.
    public var mixed: [String]
    /// Recorded by `adopt`, not found by the way.
    public var isOutright: Bool
    /// How far the release has come in a stage with steps; nil where it reached all of the stage at once.
    public var rollout: RolloutState?
    /// A change outside, below which a rollback had brought the baseline back: no release to put back stood there.
    public var coversBaseline = false

    init(
        version: String, adopted: Bool, isExternal: Bool = false, stay: Stay, edits: [FieldEdit], mixed: [String] = [],
        isOutright: Bool = false
    ) {
        self.version = version
        self.adopted = adopted
        self.isExternal = isExternal
        self.stay = stay
        self.edits = edits
        self.mixed = mixed
        self.isOutright = isOutright
    }

    /// Stands for a version that the files do not tell; no release can have this name.
    static let unknownVersion = "?"
}

/// What a stage's files held before its first promotion: a target of rollbacks.
public struct Baseline: Sendable, Hashable {
    /// Nil when no record names it: the files of the commit before tell.
    public let version: String?
    /// The deploy commit that took its place.
    public let endedBy: String
}

/// Everything the ledger says about one service.
public struct ServiceState: Sendable, Hashable {
    /// By stage.
    public internal(set) var cells: [String: Cell] = [:]
    /// Promotions that have not ended, oldest first; by stage at most one that is not delivered and one that is verifying.
    public internal(set) var open: [Promotion] = []
    /// By version. After a partial load only those that were asked for, that changed since the checkpoint, or that `cells` and `open` name.
    public internal(set) var releases: [String: ReleaseState] = [:]
    /// The versions registered last, oldest first, at most `recentLimit`: a full list would grow with history.
    public internal(set) var recentVersions: [String] = []

    /// The denials recorded last, oldest first, at most `recentLimit`.
    public internal(set) var denials: [Denial] = []

    /// In the order in which they were added; those that are over stay until they are removed.
    public internal(set) var holds: [Hold] = []
    /// The commit that the last promotion into a stage was admitted on, by stage: rules may have been loosened after it.
    public internal(set) var ruleBases: [String: String] = [:]
    /// What stages held before their first promotion, by stage.
    public internal(set) var baselines: [String: Baseline] = [:]

    /// What was admitted past gates and that nobody has looked at since, oldest first.
    public internal(set) var reviews: [Review] = []

    /// Calls of hooks that nobody has recorded yet, oldest first.
    public internal(set) var owedHooks: [OwedHook] = []

    /// Syncs that are switched off for promotions.
    public internal(set) var pauses: [SyncPause] = []

    static let recentLimit = 50

    public init() {}

    /// The open promotion of that stage that is not delivered yet.
    public func undelivered(_ stage: String) -> Promotion? {
        open.first { $0.stage == stage && $0.phase != .verifying }
    }

    /// The promotion of that stage whose deploy commit may stand although no record says so yet.
    func beingDelivered(_ stage: String) -> Promotion? {
        undelivered(stage).flatMap { $0.admission != nil || $0.withdrawnBase != nil || $0.proposal != nil ? $0 : nil }
    }

    /// The delivered promotion of that stage whose health is still being watched.
    public func verifying(_ stage: String) -> Promotion? {
        open.first { $0.stage == stage && $0.phase == .verifying }
    }

    /// The release's stay in a stage: the present one, or the last that ended.
    public func stay(of version: String, in stage: String) -> Stay? {
        if let cell = cells[stage], cell.version == version { return cell.stay }
        return releases[version]?.finishedStays[stage]
    }

    /// The version registered last.
    public var newestVersion: String? { recentVersions.last }

    /// Versions whose release files this service's open facts need, given those that later records are about.
    ///
    /// The version registered last may be yanked by such a record, so that the one before it takes its place.
    public func neededVersions(touched: Set<String>) -> Set<String> {
        touched.union(cells.values.map(\.version)).union(open.map(\.version))
            .union(recentVersions.last { !touched.contains($0) }.map { [$0] } ?? [])
    }
}
