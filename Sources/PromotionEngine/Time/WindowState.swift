internal import WorkflowModel

/// Windows of one criterion, combined as sync windows are (`semantics.md` section 3).
struct WindowState {
    let windows: [(window: CalendarWindow, schedule: CronSchedule, zone: ZoneRules)]
    /// Dates on which no `allow` window opens, as `YYYY-MM-DD`.
    let holidays: Set<String>

    /// How far ahead an opening is looked for.
    private static let mostBoundaries = 3_000

    /// Any active deny closes; any active allow opens; an allow that is not active closes; else it is open.
    func isOpen(at time: Instant) -> Bool {
        let active = windows.filter { isActive($0, at: time) }
        if active.contains(where: { $0.window.kind == .deny }) { return false }
        if active.contains(where: { $0.window.kind == .allow }) { return true }
        return !windows.contains { $0.window.kind == .allow }
    }

    /// Active for S < now < S + duration, on a clock shifted by the zone's offset at `now`: a window that spans a change of
    /// clocks uses the present offset for both its ends.
    private func isActive(
        _ entry: (window: CalendarWindow, schedule: CronSchedule, zone: ZoneRules), at time: Instant
    ) -> Bool {
        let local = time.seconds + entry.zone.offset(at: time)
        var start = local - entry.window.duration.seconds
        while let opening = entry.schedule.next(after: start), opening < local {
            if entry.window.kind == .deny || holidays.isEmpty { return true }
            let day = Self.day(of: opening)
            guard holidays.contains(CivilDate(day: day).description) else { return true }
            start = (day + 1) * 86_400 - 1
        }
        return false
    }

    /// The first moment after `time` at which the windows let through; nil when none is found.
    func opening(after time: Instant) -> Instant? { change(after: time, toOpen: true) }

    /// The first moment after `time` at which the windows let nothing through; nil when none is found.
    func closing(after time: Instant) -> Instant? { change(after: time, toOpen: false) }

    private func change(after time: Instant, toOpen: Bool) -> Instant? {
        var moment = time
        for _ in 0..<Self.mostBoundaries {
            guard let next = windows.compactMap({ boundary($0, after: moment) }).min() else { return nil }
            moment = next
            if isOpen(at: moment) == toOpen { return moment }
        }
        return nil
    }

    /// The next moment at which the window may change: its first or its last second, or a change of clocks.
    private func boundary(
        _ entry: (window: CalendarWindow, schedule: CronSchedule, zone: ZoneRules), after time: Instant
    ) -> Instant? {
        let offset = entry.zone.offset(at: time)
        let local = time.seconds + offset
        let duration = entry.window.duration.seconds
        // At its opening itself a window is not active yet.
        let opens = entry.schedule.next(after: local - 1).map { $0 - offset + 1 }
        let closes = entry.schedule.next(after: local - duration).map { $0 + duration - offset }
        let jumps = entry.zone.change(after: time)?.seconds
        return [opens, closes, jumps].compactMap(\.self).filter { $0 > time.seconds }.min().map { Instant(seconds: $0) }
    }

    private static func day(of local: Int) -> Int { Int((Double(local) / 86_400).rounded(.down)) }
}
