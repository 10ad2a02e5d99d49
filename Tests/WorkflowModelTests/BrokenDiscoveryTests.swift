import Testing
import WorkflowModel

/// Faults of discoveries, environments, template updates, permissions and calendars.
@Suite struct BrokenDiscoveryTests {
    private static func discovering(_ services: String) -> String {
        Fixtures.workflow("stages: [{name: dev}]").replacing("services: [web]", with: "services: \(services)")
    }

    @Test(arguments: [
        BrokenFile(
            "discovery without a capture", discovering("{from: \"apps/web\"}"),
            ["flow.yaml:3:18: error: `from` captures no `{service}`"]),
        BrokenFile(
            "discovery in a list", discovering("[web, {from: \"apps/{name}\"}]"),
            ["flow.yaml:3:24: error: `from` captures no `{service}`"]),
        BrokenFile(
            "discovery by stage", discovering("{from: \"environments/{stage}/{service}\"}"),
            ["flow.yaml:3:18: error: `from` cannot capture `{stage}`, which a promotion gives; name one stage's folder instead"]),
        BrokenFile(
            "two captures in one part", discovering("{from: \"apps/{group}-{service}\"}"),
            ["flow.yaml:3:18: error: `{group}-{service}` captures twice: where the first ends cannot be told"]),
        BrokenFile(
            "capture without an end", discovering("{from: \"apps/{service\"}"),
            ["flow.yaml:3:18: error: `{` without `}` in `apps/{service`"]),
        BrokenFile(
            "capture without a name", discovering("{from: \"apps/{}/{service}\"}"),
            ["flow.yaml:3:18: error: `{}` is no name for a capture"]),
        BrokenFile(
            "discovery outside", discovering("{from: \"../{service}\"}"),
            ["flow.yaml:3:18: error: the path `../{service}` must not leave its folder by `..`"]),
        BrokenFile(
            "owner by an unknown capture", discovering("{from: \"apps/{group}/{service}\", owner: \"{groups}-team\"}"),
            ["flow.yaml:3:51: error: `from` captures no `{groups}` [did you mean `{group}`?]"]),
        BrokenFile(
            "variable that hides a placeholder", discovering("{from: \"apps/{service}\", vars: {tag: x}}"),
            ["flow.yaml:3:43: error: the variable `tag` would hide a placeholder of that name"]),
        BrokenFile(
            "misspelled key of a discovery", discovering("{from: \"apps/{service}\", ownr: x}"),
            ["flow.yaml:3:36: error: unknown key `ownr` in a discovery [did you mean `owner`?]"]),
        BrokenFile(
            "environment elsewhere", Fixtures.workflow(inStage: "environment: {path: envs/dev, repository: ftp://example.com/r.git}"),
            ["flow.yaml:7:47: error: the repository `ftp://example.com/r.git` is no https, ssh, git or file URL"]),
        BrokenFile(
            "empty environment", Fixtures.workflow(inStage: "environment: {}"),
            ["flow.yaml:7:18: error: `environment` needs `path`, `branch` or `repository`"]),
        BrokenFile(
            "misspelled key of an environment", Fixtures.workflow(inStage: "environment: {branche: dev}"),
            ["flow.yaml:7:19: error: unknown key `branche` in `environment` [did you mean `branch`?]"]),
        BrokenFile(
            "branch of the ledger", Fixtures.workflow(inStage: "environment: {branch: gradus/ledger/000001}"),
            ["flow.yaml:7:27: error: the branch `gradus/ledger/000001` is kept for the ledger and for deliveries"]),
        BrokenFile(
            "odd branch", Fixtures.workflow(inStage: "environment: {branch: \"env/dev..\"}"),
            ["flow.yaml:7:27: error: the branch `env/dev..` is no name of a branch"]),
        BrokenFile(
            "whole reference", Fixtures.workflow(inStage: "environment: {branch: refs/heads/dev}"),
            ["flow.yaml:7:27: error: the branch `refs/heads/dev` must be named without `refs/`"]),
        BrokenFile(
            "placeholder in a branch", Fixtures.workflow(inStage: "environment: {branch: \"env/{service}\"}"),
            ["flow.yaml:7:27: error: `environment` may use `{stage}` only, not `{service}`"]),
        BrokenFile(
            "template without a target", Fixtures.workflow(inStage: "updates: [{template: templates/a.yaml}]"),
            ["flow.yaml:7:15: error: an update needs `to` [the path of the file that the template makes]"]),
        BrokenFile(
            "template elsewhere", Fixtures.workflow(inStage: "updates: [{template: a.yaml, to: b.yaml}]"),
            ["flow.yaml:7:26: error: `template` must name a file of templates/, without placeholders, not `a.yaml`"]),
        BrokenFile(
            "template with an unknown placeholder",
            Fixtures.workflow(inStage: "updates: [{template: templates/a.yaml, to: b.yaml, set: {x: \"{versoin}\"}}]"),
            ["flow.yaml:7:65: error: unknown placeholder `{versoin}` [did you mean `{version}`?]"]),
        BrokenFile(
            "permission for nobody", files: ["groups.yaml": "permissions: [{allow: [promote]}]\n"],
            ["groups.yaml:1:15: error: a permission needs `groups`"]),
        BrokenFile(
            "permission for nothing", files: ["groups.yaml": "groups: {a: [b]}\npermissions: [{groups: [a]}]\n"],
            ["groups.yaml:2:15: error: a permission needs `allow`"]),
        BrokenFile(
            "unknown action", files: ["groups.yaml": "groups: {a: [b]}\npermissions: [{allow: [promot], groups: [a]}]\n"],
            ["groups.yaml:2:24: error: an item of `allow` must be promote, rollback, hold, approve, freeze, yank, break-glass, adopt or pseudonymise, not `promot` [did you mean `promote`?]"]),
        BrokenFile(
            "permission of an unknown group", files: ["groups.yaml": "groups: {ops: [b]}\npermissions: [{allow: [hold], groups: [opps]}]\n"],
            ["groups.yaml:2:40: error: unknown group `opps` [did you mean `ops`?]"]),
        BrokenFile(
            "permission for no stage", files: ["groups.yaml": "groups: {ops: [b]}\npermissions: [{allow: [hold], groups: [ops], stages: []}]\n"],
            ["groups.yaml:2:46: error: `stages` is empty, so this allows nothing"]),
        BrokenFile(
            "misspelled key of a permission", files: ["groups.yaml": "groups: {ops: [b]}\npermissions: [{allow: [hold], groups: [ops], stage: [dev]}]\n"],
            ["groups.yaml:2:46: error: unknown key `stage` in a permission [did you mean `stages`?]"]),
        BrokenFile(
            "window without a duration", files: ["calendar.yaml": "windows:\n  hours: {kind: allow, schedule: \"0 9 * * 1-5\"}\n"],
            ["calendar.yaml:2:10: error: window `hours` needs `duration`"]),
        BrokenFile(
            "odd schedule", files: ["calendar.yaml": "windows:\n  hours: {kind: allow, schedule: daily, duration: 8h}\n"],
            ["calendar.yaml:2:34: error: `schedule` must have cron's five fields, such as \"0 9 * * 1-5\", not `daily`: it has 1 fields, not 5"]),
        BrokenFile(
            "kind of a window", files: ["calendar.yaml": "windows:\n  hours: {kind: permit, schedule: \"0 9 * * *\", duration: 8h}\n"],
            ["calendar.yaml:2:17: error: `kind` must be allow or deny, not `permit`"]),
        BrokenFile(
            "window that is never open", files: ["calendar.yaml": "windows:\n  hours: {kind: deny, schedule: \"0 9 * * *\", duration: 0s}\n"],
            ["calendar.yaml:2:56: error: a window that is open for 0s is never open"]),
        BrokenFile(
            "no such day", files: ["calendar.yaml": "holidays: [2026-02-29, {date: 2026-13-01, name: x}, 2028-02-29]\n"],
            [
                "calendar.yaml:1:12: error: `2026-02-29` is no date; write YYYY-MM-DD",
                "calendar.yaml:1:31: error: `2026-13-01` is no date; write YYYY-MM-DD",
            ]),
        BrokenFile(
            "misspelled key of a calendar", files: ["calendar.yaml": "window: {}\n"],
            ["calendar.yaml:1:1: error: unknown key `window` in a calendar file [did you mean `windows`?]"]),
    ])
    func reportsEveryFaultAtItsPlace(broken: BrokenFile) {
        #expect(Fixtures.lines(Fixtures.read(broken.files).diagnostics) == broken.lines)
    }
}
