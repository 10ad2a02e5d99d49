import PromotionEngine
import TestSupport
import Testing

/// Windows, conditions, freezes, holds and rollbacks through the command line.
@Suite struct RestrictionCommandTests {
    private func shop(_ stages: String = Shop.stages, files: [String: String] = [:]) throws -> Shop {
        let shop = try Shop(stages: stages, files: files)
        try shop.must("release", "create", "web", "1.0.0", "--author", "ann")
        return shop
    }

    @Test func aFreezeStopsAndItsRemovalLetsThrough() throws {
        let shop = try shop()
        let added = try shop.must("freeze", "add", "--stage", "dev", "--reason", "quiet", "--until", "+8h", "-o", "json", by: "olga")
        let id = try #require(added.json?["record"]?["freeze"]?.stringValue)
        let blocked = try shop.run("promote", "web", "--to", "dev", "-o", "json")
        #expect(blocked.code == 8 && blocked.json?["result"] == "pending")
        #expect(try shop.gate("freeze", to: "dev")["clear_with"]?.stringValue?.contains("gradus freeze remove \(id)") == true)
        let check = try shop.run("freeze", "check", "--service", "web", "--stage", "dev", "-o", "json", "--exit-code")
        #expect(check.code == 8 && check.json?["frozen"] == true && check.json?["next_open"] == added.json?["record"]?["until"])
        #expect(try shop.run("freeze", "check", "--stage", "qa", "--exit-code").code == 0)
        let matrix = try shop.must("matrix", "-o", "json").json
        guard case .array(let services)? = matrix?["services"] else { throw TestSupportError("no matrix") }
        #expect(services[0]["cells"]?["dev"]?["freeze"]?["owner"] == "olga" && services[0]["cells"]?["qa"]?["freeze"] == .null)
        try shop.must("freeze", "remove", id, by: "olga")
        try shop.must("reconcile")
        #expect(try shop.version(in: "dev").contains("1.0.0"))
        #expect(try shop.must("audit", "verify").code == 0)
    }

    @Test func aFreezeToComeIsTold() throws {
        let shop = try shop()
        try shop.must("freeze", "add", "--service", "web", "--reason", "later", "--start", "2090-01-01", "--until", "2090-01-02")
        let check = try shop.must("freeze", "check", "--service", "web", "-o", "json").json
        #expect(check?["frozen"] == false && check?["next_close"] == "2090-01-01T00:00:00Z")
        let then = try shop.must("freeze", "check", "--service", "web", "--at", "2090-01-01T12:00:00Z", "-o", "json").json
        #expect(then?["frozen"] == true && then?["next_open"] == "2090-01-02T00:00:00Z")
        try shop.must("promote", "web", "--to", "dev")
    }

    @Test(arguments: [
        (["freeze", "add", "--reason", "x"], 2), (["freeze", "add", "--all", "--reason", "x"], 4), (["freeze", "add", "--stage", "nowhere", "--reason", "x"], 2),
        (["freeze", "add", "--stage", "qa", "--reason", "x", "--until", "2020-01-01"], 2), (["freeze", "remove", "freeze-99"], 2),
        (["hold", "add", "--service", "web", "--stage", "nowhere", "--reason", "x"], 2), (["hold", "remove", "hold-99"], 2), (["hold", "remove"], 2),
        (["rollback", "web", "--stage", "dev", "--reason", "x"], 2), (["release", "yank", "web", "1.0.0", "--reason", "x"], 4),
    ])
    func whatCannotBeIsRefused(_ arguments: [String], _ code: Int) throws {
        let shop = try shop()
        let result = try shop.gradus.run(arguments + ["--repo", shop.place, "--actor", "rita"])
        #expect(result.code == Int32(code), "\(result.errors)")
    }

    @Test func aHoldStopsUntilResumed() throws {
        let shop = try shop()
        try shop.must("hold", "add", "--service", "web", "--stage", "dev", "--reason", "looking")
        #expect(try shop.run("promote", "web", "--to", "dev").code == 8)
        #expect(try shop.must("hold", "list").output.contains("looking"))
        try shop.must("resume", "web", "--stage", "dev")
        try shop.must("promote", "web", "--to", "dev")
    }

    @Test func aRollbackPutsBackTheVeryBytesAndSurvivesTenCycles() throws {
        let shop = try shop(Shop.stages.replacing("{name: dev,", with: "{name: dev, auto_promote: true,"))
        let original = try shop.version(in: "dev")
        try shop.must("reconcile")
        let first = try shop.version(in: "dev")
        #expect(first.contains("1.0.0"))
        try shop.must("release", "create", "web", "1.1.0")
        try shop.must("reconcile")
        let back = try shop.must("rollback", "web", "--stage", "dev", "--reason", "errors", "-o", "json")
        #expect(back.json?["version"] == "1.0.0" && back.json?["result"] == "promoted")
        #expect(try shop.version(in: "dev") == first)
        for _ in 0..<10 { try shop.must("reconcile") }
        #expect(try shop.version(in: "dev") == first)
        #expect(try shop.run("rollback", "web", "--stage", "dev", "--reason", "errors", "-o", "json").json?["result"] == "unchanged")
        // The baseline is a target too: the file is what it was before the first promotion, to the byte.
        try shop.must("rollback", "web", "--stage", "dev", "--version", "0.9.0", "--reason", "all bad")
        #expect(try shop.version(in: "dev") == original)
        #expect(try shop.run("audit", "verify").code == 0)
    }

    @Test func aRollbackKeepsWhatOthersChangedInTheFile() throws {
        let shop = try shop()
        try shop.must("promote", "web", "--to", "dev")
        let changed = try shop.version(in: "dev").replacing("replicas: 2", with: "replicas: 5")
        try shop.environment.folder.write("shop/environments/dev/web.yaml", changed)
        try shop.git.git("commit", "-qam", "scale", in: shop.place)
        try shop.must("rollback", "web", "--stage", "dev", "--reason", "errors")
        #expect(try shop.version(in: "dev") == "# dev\nversion:   '0.9.0'   # by hand\nreplicas: 5\n")
    }

    @Test func aYankedReleaseGoesNowhere() throws {
        let groups = "groups: {leads: [olga]}\npermissions: [{allow: [promote, yank], groups: ['*']}]\n"
        let shop = try shop(files: ["workflows/groups.yaml": groups.replacing("leads", with: "platform-team")])
        try shop.must("release", "yank", "web", "1.0.0", "--reason", "loses orders")
        let result = try shop.run("promote", "web", "--to", "dev", "--version", "1.0.0", "-o", "json")
        #expect(result.code == 6 && result.output.contains("loses orders"))
        #expect(try shop.run("release", "yank", "web", "1.0.0", "--reason", "again", "-o", "json").json?["result"] == "unchanged")
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let criterion: String
        let time: String
        let verdict: JSONValue
        let next: JSONValue

        init(_ time: String, _ criterion: String, _ verdict: JSONValue, _ next: JSONValue = .null) {
            testDescription = "\(criterion) at \(time)"
            (self.criterion, self.time, self.verdict, self.next) = (criterion, time, verdict, next)
        }
    }

    static let berlin = "window: office"
    static let newYork = "window: {kind: allow, schedule: \"0 22 * * *\", duration: 6h, timezone: America/New_York}"

    /// The clock is moved around the changes of 2027 in both zones.
    @Test(
        .enabled(if: GradusProcess.canMoveClock, "faketime is not installed"),
        arguments: [
            Row("2027-01-15 08:30:00", berlin, "passed"), Row("2027-01-15 07:30:00", berlin, "waiting", "2027-01-15T08:00:01Z"),
            Row("2027-03-26 20:00:00", berlin, "waiting", "2027-03-29T07:00:01Z"), Row("2027-03-29 07:30:00", berlin, "passed"),
            Row("2027-10-29 16:00:00", berlin, "waiting", "2027-11-01T08:00:01Z"), Row("2027-12-24 10:00:00", berlin, "waiting", "2027-12-27T08:00:01Z"),
            Row("2027-03-14 07:30:00", newYork, "passed"), Row("2027-03-14 09:00:00", newYork, "waiting", "2027-03-15T02:00:01Z"),
            Row("2027-11-07 08:30:00", newYork, "passed"), Row("2027-11-07 10:00:00", newYork, "waiting", "2027-11-08T03:00:01Z"),
            Row("2027-01-15 08:30:00", "condition: 'now.Hour() == 8 and stage.name == \"dev\"'", "passed"),
            Row("2027-01-15 08:30:00", "condition: 'release.version startsWith \"2.\"'", "failed"),
            Row("2027-01-15 08:30:00", "condition: 'evidence.cves <= 3'", "waiting"), Row("2027-01-15 08:30:00", "condition: 'release.version > 3'", "errored"),
        ])
    func windowsAndConditionsAtTheirTimes(_ row: Row) throws {
        let calendar = "windows: {office: {kind: allow, schedule: '0 9 * * 1-5', duration: 8h, timezone: Europe/Berlin}}\nholidays: [2027-12-24]\n"
        let stages = "  - name: dev\n    entry_criteria: [{\(row.criterion)}]"
        let shop = try shop(stages, files: ["workflows/calendar.yaml": calendar])
        let key = row.criterion.prefix { $0 != ":" }
        let gate = try shop.gate("dev.entry.\(key)", to: "dev", clock: row.time)
        #expect(gate["verdict"] == row.verdict && gate["next_check"] == row.next, "\(gate)")
    }

    @Test func anUnknownZoneOfTheCalendarIsToldWithTheNearest() throws {
        let shop = try Shop(files: ["workflows/calendar.yaml": "windows:\n  office: {kind: allow, schedule: '0 9 * * 1-5', duration: 8h, timezone: Europe/Berlinn}\n"])
        let result = try shop.run("validate")
        #expect(result.code == 2 && result.errors.contains("workflows/calendar.yaml:2:"), "\(result.errors)")
        #expect(result.errors.contains("unknown time zone `Europe/Berlinn`") && result.errors.contains("did you mean `Europe/Berlin`?"))
    }

    @Test func ofSeveralWindowsAllMustLetThrough() throws {
        let always = "window: {kind: allow, schedule: '* * * * *', duration: 1h}"
        let never = "window: {kind: allow, schedule: '0 3 30 2 *', duration: 1h}"
        let shop = try shop("  - name: dev\n    entry_criteria:\n      - \(always)\n      - \(never)\n  - name: qa\n    after: [dev]")
        try shop.must("validate")
        #expect(try shop.gate("dev.entry.window", to: "dev")["verdict"] == "passed")
        #expect(try shop.gate("dev.entry.window_2", to: "dev")["verdict"] == "waiting")
        #expect(try shop.run("promote", "web", "--to", "dev").code == 8)
    }

    @Test(arguments: [
        ("condition: 'env.HOME'", "unknown name 'env'"), ("condition: '1 +'", "is no expression"), ("window: ofice", "did you mean `office`?"),
        ("window: {kind: allow, schedule: '* 10 * * 7', duration: 1h}", "is no day of week"), ("window: {kind: maybe, schedule: '* * * * *', duration: 1h}", "`kind` must be"),
        ("window: {kind: deny, schedule: '* * * * *', duration: 1h, timezone: ../../etc/passwd}", "is no name of a time zone"), ("window: []", "names no window"),
        ("window: {kind: deny, schedule: '* * * * *', duration: 1h, timezone: Europe/Berlinn}", "unknown time zone `Europe/Berlinn`"),
    ])
    func faultsAreToldAtTheirPlace(_ criterion: String, _ message: String) throws {
        let stages = "  - name: dev\n    entry_criteria: [{\(criterion)}]"
        let shop = try Shop(
            stages: stages, files: ["workflows/calendar.yaml": "windows: {office: {kind: allow, schedule: '0 9 * * 1-5', duration: 8h}}\n"])
        let result = try shop.run("validate")
        #expect(result.code == 2 && result.errors.contains("workflows/shop.yaml:10:") && result.errors.contains(message), "\(result.errors)")
    }
}
