public import WorkflowModel

/// What may close every edge for a time, beside the release's own facts: calendar, freezes.
public struct Restrictions: Sendable {
    public let calendar: ReleaseCalendar
    public let zones: any ZonePort
    /// All that the ledger knows.
    public let freezes: [Freeze]

    public init(
        calendar: ReleaseCalendar = ReleaseCalendar(), zones: any ZonePort = UTCOnly(), freezes: [Freeze] = []
    ) {
        self.calendar = calendar
        self.zones = zones
        self.freezes = freezes
    }
}
