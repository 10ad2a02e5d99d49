import Testing
import WorkflowModel

@Suite struct TimeSpanTests {
    @Test(arguments: [
        ("0s", 0), ("90s", 90), ("1m", 60), ("24h", 86_400), ("1h30m", 5_400), ("7d", 604_800), ("2w", 1_209_600),
        ("1w2d3h4m5s", 788_645), ("036h", 129_600),
    ])
    func readsNumbersWithUnits(text: String, seconds: Int) {
        #expect(TimeSpan(parsing: text)?.seconds == seconds)
    }

    @Test(arguments: [
        "", "24", "h", "24H", "24 h", " 24h", "-1h", "+1h", "1.5h", "30m1h", "1h1h", "1y", "1h30", "٣h",
        "99999999999999999999s", "9223372036854775807w", "9223372036854775807s1s",
    ])
    func rejectsAnythingElse(text: String) {
        #expect(TimeSpan(parsing: text) == nil)
    }

    @Test(arguments: [(0, "0s"), (59, "59s"), (60, "1m"), (5_400, "1h30m"), (172_800, "48h"), (3_661, "1h1m1s"), (-60, "-1m")])
    func isWrittenInHoursAndBelow(seconds: Int, text: String) {
        #expect(TimeSpan(seconds: seconds).description == text)
    }
}
