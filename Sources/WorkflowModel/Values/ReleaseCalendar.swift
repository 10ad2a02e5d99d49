/// The named windows and holidays of `workflows/calendar.yaml` (`design.md` section 5).
public struct ReleaseCalendar: Sendable, Hashable {
    /// By name.
    public var windows: [String: CalendarWindow]
    /// In file order.
    public var holidays: [Holiday]
    /// The file's path; nil when the repository has none.
    public var path: String?

    /// A date on which no `allow` window opens.
    public struct Holiday: Sendable, Hashable {
        /// As `YYYY-MM-DD`.
        public var date: String
        public var name: String?

        public init(date: String, name: String? = nil) {
            self.date = date
            self.name = name
        }
    }

    public init(windows: [String: CalendarWindow] = [:], holidays: [Holiday] = [], path: String? = nil) {
        self.windows = windows
        self.holidays = holidays
        self.path = path
    }
}

/// A span of time that comes again: open from each time of its schedule for its duration.
public struct CalendarWindow: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case allow, deny
    }

    public var kind: Kind
    /// Cron's five fields, as written.
    public var schedule: String
    public var duration: TimeSpan
    /// A name of the time zone database.
    public var timezone: String

    public init(kind: Kind, schedule: String, duration: TimeSpan, timezone: String = "UTC") {
        self.kind = kind
        self.schedule = schedule
        self.duration = duration
        self.timezone = timezone
    }
}

extension CalendarWindow: CustomStringConvertible {
    public var description: String { "\(kind.rawValue) \(schedule) for \(duration) \(timezone)" }
}

/// A window as a criterion names it.
public enum WindowReference: Sendable, Hashable, CustomStringConvertible {
    /// By its name in `workflows/calendar.yaml`.
    case named(String)
    case inline(CalendarWindow)

    public var description: String {
        switch self {
        case .named(let name): name
        case .inline(let window): window.description
        }
    }
}
