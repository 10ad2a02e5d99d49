public import WorkflowModel

/// What is known of the signatures of approvals.
public struct ApprovalSignatures: Sendable, Hashable {
    /// The numbers of the records that are signed by a key of the person who approved.
    public var verified: Set<Int>
    /// Why signatures could not be checked; nil when they could.
    public var fault: String?

    public init(verified: Set<Int> = [], fault: String? = nil) { (self.verified, self.fault) = (verified, fault) }
}

/// What may close every edge for a time, beside the release's own facts: calendar, freezes.
public struct Restrictions: Sendable {
    public let calendar: ReleaseCalendar
    public let zones: any ZonePort
    /// All that the ledger knows.
    public let freezes: [Freeze]
    /// Commits that made it easier to enter the stage since its last promotion, oldest first.
    public let loosenings: [Loosening]
    /// Whose approvals are signed by their own keys, where the stage asks for it.
    public let signatures: ApprovalSignatures

    public init(
        calendar: ReleaseCalendar = ReleaseCalendar(), zones: any ZonePort = UTCOnly(), freezes: [Freeze] = [],
        loosenings: [Loosening] = [], signatures: ApprovalSignatures = ApprovalSignatures()
    ) {
        self.calendar = calendar
        self.zones = zones
        self.freezes = freezes
        self.loosenings = loosenings
        self.signatures = signatures
    }
}
