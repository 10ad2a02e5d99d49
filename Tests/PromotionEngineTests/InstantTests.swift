import PromotionEngine
import Testing
import WorkflowModel

@Suite struct InstantTests {
    /// As GNU `date -u` tells them.
    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"), (951_782_399, "2000-02-28T23:59:59Z"),
        (951_782_400, "2000-02-29T00:00:00Z"), (1_709_251_199, "2024-02-29T23:59:59Z"),
        (4_107_542_399, "2100-02-28T23:59:59Z"), (4_107_542_400, "2100-03-01T00:00:00Z"),
        (-2_203_891_201, "1900-02-28T23:59:59Z"), (-11_644_473_600, "1601-01-01T00:00:00Z"),
        (1_800_000_000, "2027-01-15T08:00:00Z"), (253_402_300_799, "9999-12-31T23:59:59Z"),
        (-62_167_219_200, "0000-01-01T00:00:00Z"), (-62_162_121_600, "0000-02-29T00:00:00Z"),
        (-62_162_035_200, "0000-03-01T00:00:00Z"),
    ])
    func knowsTheCalendar(_ seconds: Int, _ text: String) {
        #expect(Instant(seconds: seconds).description == text)
        #expect(Instant(parsing: text)?.seconds == seconds)
    }

    /// Counts the days of four centuries one by one.
    @Test func agreesWithACalendarCountedDayByDay() {
        var (year, month, day) = (1800, 1, 1)
        var seconds = -5_364_662_400
        func pad(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        while year < 2200 {
            let text = "\(year)-\(pad(month))-\(pad(day))T23:59:59Z"
            if Instant(parsing: text)?.seconds != seconds + 86_399 || Instant(seconds: seconds + 86_399).description != text {
                Issue.record("\(text) is not \(seconds + 86_399)")
                return
            }
            seconds += 86_400
            day += 1
            let leap = year % 400 == 0 || year % 4 == 0 && year % 100 != 0
            let length = month == 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
            if day > length { (month, day) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
        }
        #expect(Instant(seconds: seconds).description == "2200-01-01T00:00:00Z")
    }

    @Test func roundTripsRandomSeconds() {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<20_000 {
            let time = Instant(seconds: Int.random(in: -62_167_219_200...253_402_300_799, using: &generator))
            #expect(Instant(parsing: time.description) == time)
        }
    }

    @Test(arguments: [
        ("2027-01-15T10:00:00+02:00", 1_800_000_000), ("2027-01-15T01:30:00-06:30", 1_800_000_000),
        ("2027-01-15T08:00:00.999Z", 1_800_000_000), ("2027-01-15t08:00:00z", 1_800_000_000),
        ("2027-01-15T08:00:00-00:00", 1_800_000_000), ("2016-12-31T23:59:60Z", 1_483_228_799),
        ("2027-01-15T08:00:00.1+00:00", 1_800_000_000),
    ])
    func readsOffsetsFractionsAndLeapSeconds(_ text: String, _ seconds: Int) {
        #expect(Instant(parsing: text)?.seconds == seconds)
    }

    @Test(arguments: [
        "", "2027", "2027-01-15", "2027-01-15T08:00:00", "2027-01-15 08:00:00Z", "2027-1-15T08:00:00Z",
        "2027-00-15T08:00:00Z", "2027-13-15T08:00:00Z", "2027-01-00T08:00:00Z", "2027-01-32T08:00:00Z",
        "2027-02-29T08:00:00Z", "2100-02-29T08:00:00Z", "2027-04-31T08:00:00Z", "2027-01-15T24:00:00Z",
        "2027-01-15T08:60:00Z", "2027-01-15T08:00:61Z", "2027-01-15T08:00:00.Z", "2027-01-15T08:00:00,5Z",
        "2027-01-15T08:00:00+0200", "2027-01-15T08:00:00+24:00", "2027-01-15T08:00:00+02:60", "2027-01-15T08:00:00+2:00",
        "2027-01-15T08:00:00ZZ", "2027-01-15T08:00:00Z ", " 2027-01-15T08:00:00Z", "-027-01-15T08:00:00Z",
        "+2027-01-15T08:00:00Z", "12027-01-15T08:00:00Z", "２027-01-15T08:00:00Z", "2027-01-15T08:00:00é",
        "0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
    ])
    func refusesEverythingElse(_ text: String) {
        #expect(Instant(parsing: text) == nil)
    }

    /// A span comes from a file and may be any number of seconds.
    @Test(arguments: [Int.max, Int.max - 1, 1 << 60, Int.min])
    func hugeSpansStayWritable(_ seconds: Int) throws {
        let time = Instant.start + TimeSpan(seconds: seconds)
        #expect(Instant(parsing: time.description) == time)
        #expect(seconds > 0 ? time > .start : time < .start)
    }

    @Test func subtractsInBothDirections() {
        #expect(Instant.start + .hours(2) - .start == .hours(2))
        #expect((Instant.start - (Instant.start + .minutes(5))).seconds == -300)
    }
}
