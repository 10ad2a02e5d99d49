import Glibc
import PromotionEngine
import Testing
import WorkflowModel

/// `semantics.md` section 3: sync windows, as the criterion `window`.
@Suite struct WindowTests {
    /// Local times of the schedule after a time, by `semantics.md` 0.3. 2027-01-15 is a Friday.
    @Test(arguments: [
        ("* * * * *", "2027-01-15T08:00:00Z", "2027-01-15T08:01:00Z"), ("* * * * *", "2027-01-15T08:00:59Z", "2027-01-15T08:01:00Z"),
        ("0 9 * * 1-5", "2027-01-15T08:59:59Z", "2027-01-15T09:00:00Z"), ("0 9 * * 1-5", "2027-01-15T09:00:00Z", "2027-01-18T09:00:00Z"),
        ("0 0 1 * *", "2027-01-15T08:00:00Z", "2027-02-01T00:00:00Z"), ("*/20 10 * * *", "2027-01-15T10:20:00Z", "2027-01-15T10:40:00Z"),
        ("5/20 * * * *", "2027-01-15T08:06:00Z", "2027-01-15T08:25:00Z"), ("0 22 * JAN,mar FRI", "2027-01-15T22:00:00Z", "2027-01-22T22:00:00Z"),
        ("0 0 29 2 *", "2027-01-15T08:00:00Z", "2028-02-29T00:00:00Z"),
        // Both day fields restricted: one of them is enough.
        ("0 0 20 * MON", "2027-01-15T08:00:00Z", "2027-01-18T00:00:00Z"), ("0 0 16 * MON", "2027-01-15T08:00:00Z", "2027-01-16T00:00:00Z"),
        // A step clears the star, so this is one of them too.
        ("0 0 */10 * SUN", "2027-01-15T08:00:00Z", "2027-01-17T00:00:00Z"), ("0 0 */1 * SUN", "2027-01-15T08:00:00Z", "2027-01-17T00:00:00Z"),
        ("0 0 ? * 0", "2027-01-15T08:00:00Z", "2027-01-17T00:00:00Z"),
    ])
    func cronFindsTheNextTime(_ schedule: String, _ from: String, _ next: String) throws {
        let start = try #require(Instant(parsing: from))
        #expect(try #require(CronSchedule(schedule)).next(after: start.seconds).map { Instant(seconds: $0).description } == next)
    }

    @Test(arguments: [
        "* * * *", "* * * * * *", "* 10 * * 7", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * 32 * *", "* * * 13 *", "@daily",
        "5-1 * * * *", "*/0 * * * *", "1--2 * * * *", "1-2-3 * * * *", "*/2/3 * * * *", "a * * * *", ", * * * *", "1, * * * *", "-1 * * * *",
    ])
    func refusesWhatIsNoSchedule(_ text: String) {
        #expect(CronSchedule(text) == nil && CronSchedule.fault(in: text) != nil)
    }

    @Test func aScheduleThatNeverComesHasNoNextTime() throws {
        #expect(try #require(CronSchedule("0 0 30 2 *")).next(after: 0) == nil)
    }

    static let office = CalendarWindow(kind: .allow, schedule: "0 9 * * 1-5", duration: .hours(8), timezone: "Europe/Berlin")

    struct Row: Sendable, CustomTestStringConvertible {
        let windows: [CalendarWindow]
        let now: String
        let verdict: Verdict
        let next: String?
        var holidays: [String] = []

        init(_ windows: [CalendarWindow], _ now: String, _ verdict: Verdict, _ next: String? = nil, holidays: [String] = []) {
            (self.windows, self.now, self.verdict, self.next, self.holidays) = (windows, now, verdict, next, holidays)
        }

        var testDescription: String { "\(windows.map(\.description)) at \(now)" }
    }

    private static func window(
        _ kind: CalendarWindow.Kind, _ schedule: String, _ duration: TimeSpan, _ zone: String = "UTC"
    ) -> CalendarWindow {
        CalendarWindow(kind: kind, schedule: schedule, duration: duration, timezone: zone)
    }

    static let rows: [Row] = [
        // Berlin is one hour ahead of UTC in winter: 09:00 is 08:00Z. Not active at the opening itself, nor at the end.
        Row([office], "2027-01-15T08:00:00Z", .waiting, "2027-01-15T08:00:01Z"), Row([office], "2027-01-15T08:00:01Z", .passed),
        Row([office], "2027-01-15T15:59:59Z", .passed), Row([office], "2027-01-15T16:00:00Z", .waiting, "2027-01-18T08:00:01Z"),
        Row([office], "2027-01-16T12:00:00Z", .waiting, "2027-01-18T08:00:01Z"),
        // Summer time began on 2027-03-28: 09:00 is 07:00Z from then on.
        Row([office], "2027-03-26T16:00:00Z", .waiting, "2027-03-29T07:00:01Z"), Row([office], "2027-03-29T07:30:00Z", .passed),
        Row([office], "2027-03-29T15:00:00Z", .waiting, "2027-03-30T07:00:01Z"),
        // Back on 2027-10-31.
        Row([office], "2027-10-29T15:00:00Z", .waiting, "2027-11-01T08:00:01Z"), Row([office], "2027-11-01T07:30:00Z", .waiting, "2027-11-01T08:00:01Z"),
        // A night window across the change of clocks: the present offset counts for both ends.
        Row([window(.allow, "0 22 * * *", .hours(6), "America/New_York")], "2027-03-14T06:30:00Z", .passed),
        Row([window(.allow, "0 22 * * *", .hours(6), "America/New_York")], "2027-03-14T07:59:59Z", .passed),
        Row([window(.allow, "0 22 * * *", .hours(6), "America/New_York")], "2027-03-14T08:00:00Z", .waiting, "2027-03-15T02:00:01Z"),
        Row([window(.allow, "0 22 * * *", .hours(6), "America/New_York")], "2027-11-07T08:59:59Z", .passed),
        Row([window(.allow, "0 22 * * *", .hours(6), "America/New_York")], "2027-11-07T09:00:00Z", .waiting, "2027-11-08T03:00:01Z"),
        // 02:30 does not exist on 2027-03-14 in New York; the shifted clock skips nothing.
        Row([window(.allow, "30 2 * * *", .minutes(30), "America/New_York")], "2027-03-14T06:59:59Z", .waiting, "2027-03-15T06:30:01Z"),
        // Combination.
        Row([window(.deny, "0 0 * * *", .hours(2))], "2027-01-15T01:00:00Z", .waiting, "2027-01-15T02:00:00Z"),
        Row([window(.deny, "0 0 * * *", .hours(2))], "2027-01-15T03:00:00Z", .passed),
        Row([window(.allow, "0 0 * * *", .hours(4)), window(.deny, "0 1 * * *", .hours(1))], "2027-01-15T01:30:00Z", .waiting, "2027-01-15T02:00:00Z"),
        Row([window(.allow, "0 0 * * *", .hours(4)), window(.deny, "0 1 * * *", .hours(1))], "2027-01-15T00:30:00Z", .passed),
        Row([window(.allow, "0 0 * * *", .hours(4)), window(.deny, "0 3 * * *", .hours(4))], "2027-01-15T03:30:00Z", .waiting, "2027-01-16T00:00:01Z"),
        Row([window(.allow, "0 0 * * *", .hours(1)), window(.allow, "0 12 * * *", .hours(1))], "2027-01-15T06:00:00Z", .waiting, "2027-01-15T12:00:01Z"),
        // Re-opened every minute of hour 10: active until 12:59.
        Row([window(.allow, "* 10 * * *", .hours(2))], "2027-01-15T12:58:59Z", .passed),
        Row([window(.allow, "* 10 * * *", .hours(2))], "2027-01-15T12:59:00Z", .waiting, "2027-01-16T10:00:01Z"),
        // Never again.
        Row([window(.deny, "* * * * *", .days(1))], "2027-01-15T12:00:00Z", .waiting), Row([window(.allow, "0 0 30 2 *", .hours(1))], "2027-01-15T12:00:00Z", .waiting),
        // Holidays close allow windows that open on them, and no deny window.
        Row([office], "2027-01-15T10:00:00Z", .waiting, "2027-01-18T08:00:01Z", holidays: ["2027-01-15"]),
        Row([office], "2027-01-15T10:00:00Z", .waiting, "2027-01-19T08:00:01Z", holidays: ["2027-01-15", "2027-01-18"]),
        Row([window(.deny, "0 9 * * *", .hours(8))], "2027-01-15T10:00:00Z", .waiting, "2027-01-15T17:00:00Z", holidays: ["2027-01-15"]),
        Row([window(.allow, "0 22 * * *", .hours(6))], "2027-01-15T01:00:00Z", .passed, holidays: ["2027-01-15"]),
        // Unknown zones are errored, never UTC by mistake.
        Row([window(.allow, "* * * * *", .days(1), "Mars/Base")], "2027-01-15T10:00:00Z", .errored),
    ]

    @Test(arguments: rows)
    func verdictAndNextTime(_ row: Row) throws {
        var scene = Scene()
        scene.qa.entryCriteria = [Criterion(key: "window", kind: .window(row.windows.map(WindowReference.inline)))]
        scene.calendar.holidays = row.holidays.map { .init(date: $0) }
        scene.log.now = try #require(Instant(parsing: row.now))
        let gate = try scene.gate("qa.entry.window")
        #expect(gate.verdict == row.verdict, "\(gate.reason)")
        #expect(gate.nextCheck?.description == row.next)
    }

    @Test func aNamedWindowComesFromTheCalendar() throws {
        var scene = Scene()
        scene.qa.entryCriteria = [Criterion(key: "window", kind: .window([.named("office")]))]
        #expect(try scene.gate("qa.entry.window").verdict == .errored)
        scene.calendar.windows["office"] = Self.office
        scene.log.now = try #require(Instant(parsing: "2027-01-15T10:00:00Z"))
        #expect(try scene.gate("qa.entry.window").verdict == .passed)
    }

    /// The told next time is exact: closed one second before, open at it; so also around changes of clocks.
    @Test(arguments: ["Europe/Berlin", "America/New_York"], 0..<8)
    func theNextTimeIsExact(_ zone: String, _ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let schedules = ["0 9 * * 1-5", "30 2 * * *", "0 22 * * *", "*/30 1-3 * * *", "15 0 1 * *", "0 */6 * * SUN"]
        let spans = [TimeSpan.minutes(20), .hours(1), .hours(5), .hours(30)]
        // Days around the changes of 2027, and beyond the last change that files list.
        let days = ["2027-03-13", "2027-03-27", "2027-10-30", "2027-11-06", "2045-03-11", "2045-10-28"]
        for _ in 0..<6 {
            var scene = Scene()
            let count = Int.random(in: 1...2, using: &generator)
            let windows = (0..<count).map { position in
                CalendarWindow(
                    kind: position == 0 ? .allow : .deny, schedule: generator.pick(schedules), duration: generator.pick(spans), timezone: zone)
            }
            scene.qa.entryCriteria = [Criterion(key: "window", kind: .window(windows.map(WindowReference.inline)))]
            let day = try #require(Instant(parsing: generator.pick(days) + "T00:00:00Z"))
            scene.log.now = day + .seconds(Int.random(in: 0..<172_800, using: &generator))
            let gate = try scene.gate("qa.entry.window")
            guard gate.verdict == .waiting, let next = gate.nextCheck else { continue }
            let start = scene.log.now
            scene.log.now = next
            #expect(try scene.gate("qa.entry.window").verdict == .passed)
            scene.log.now = next + .seconds(-1)
            #expect(try scene.gate("qa.entry.window").verdict == .waiting)
            // And nothing in between was open.
            for _ in 0..<6 where next > start {
                scene.log.now = Instant(seconds: Int.random(in: start.seconds..<next.seconds, using: &generator))
                #expect(try scene.gate("qa.entry.window").verdict == .waiting, "\(windows) at \(scene.log.now)")
            }
        }
    }

    /// Offsets as the C library tells them, from the same files.
    @Test(arguments: ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/Sao_Paulo", "Africa/Casablanca", "UTC"])
    func offsetsAreThoseOfTheDatabase(_ name: String) throws {
        let zone = try #require(MachineZones().zone(named: name))
        for step in 0..<100 {
            let time = Instant(seconds: step * 32_000_003)
            guard let change = zone.change(after: time) else { continue }
            #expect(change > time && zone.offset(at: change + .seconds(-1)) == zone.offset(at: time))
        }
        if name == "Europe/Berlin" {
            #expect(zone.offset(at: try #require(Instant(parsing: "2080-07-01T00:00:00Z"))) == 7_200)
            #expect(zone.offset(at: try #require(Instant(parsing: "2080-12-01T00:00:00Z"))) == 3_600)
            #expect(zone.offset(at: try #require(Instant(parsing: "1945-06-01T00:00:00Z"))) == 10_800)
        }
        if name == "Asia/Kolkata" { #expect(zone.offset(at: .start) == 19_800) }
    }

    @Test(arguments: 0..<40)
    func damagedZoneFilesAreRefused(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let file = try #require(fopen("/usr/share/zoneinfo/Europe/Berlin", "rb"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        bytes = Array(bytes[..<fread(&bytes, 1, bytes.count, file)])
        #expect(ZoneRules(tzif: Array(bytes.prefix(Int.random(in: 0..<bytes.count, using: &generator)))) == nil)
        for _ in 0..<4 { bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator) }
        _ = ZoneRules(tzif: bytes)?.offset(at: .start)
    }
}
