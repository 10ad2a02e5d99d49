import PromotionEngine
import TestSupport
import Testing

/// What people see, at the two usual widths of a terminal, with and without colour.
@Suite(.enabled(if: GradusProcess.canMoveClock, "faketime stops the clock"))
struct ScreenTests {
    struct Look: Sendable, CustomTestStringConvertible {
        let columns: Int
        let isColored: Bool

        var testDescription: String { "\(columns)\(isColored ? "-colour" : "")" }
        var variables: [String: String] {
            ["COLUMNS": "\(columns)"].merging(isColored ? ["FORCE_COLOR": "1"] : [:]) { $1 }
        }
        static let all = [80, 160].flatMap { [Look(columns: $0, isColored: false), Look(columns: $0, isColored: true)] }
    }

    private static let screens: [(name: String, line: String)] = [
        ("matrix", "matrix"), ("status", "status"), ("status-service", "status checkout"), ("history", "history"),
        ("explain", "explain checkout --to prod"), ("plan", "plan checkout --to prod"), ("show", "show PROMOTION"),
        ("diff", "diff staging prod"), ("drift", "drift"), ("release", "release show checkout 1.4.2"), ("train", "train plan --from staging --to prod"),
        ("inbox", "inbox --actor olga"), ("releases", "release list"), ("freezes", "freeze list"),
    ]

    /// A morning in October: checkout is on its way to prod, web was changed by hand, and dev is frozen.
    @Test func screensLookAsTheyWereLookedAt() throws {
        let site = try Site(.bare, storefront)
        func step(_ line: String, exits code: Int32 = 0, as actor: String = "rita", at time: String) throws {
            try site(line, exits: code, as: actor, clock: "2026-10-15 \(time)")
        }
        try step("release create checkout 1.4.1 --commit 3f6a1c9e2b7d4f8091a2b3c4d5e6f708192a3b4c", as: "ci", at: "08:00:00")
        try step("release create checkout 1.4.2 --commit 8c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f60718293 --author sam", as: "ci", at: "08:10:00")
        try step("report checkout 1.4.2 test_pass_rate=100 security_scan=pass", as: "ci", at: "08:20:00")
        try step("promote checkout --to dev --version 1.4.2", at: "08:30:00")
        try step("promote checkout --to qa", at: "09:00:00")
        try step("promote checkout --to staging", at: "10:00:00")
        try step("release create web 2.0.0", as: "ci", at: "10:10:00")
        try step("report web 2.0.0 test_pass_rate=100 security_scan=pass", as: "ci", at: "10:11:00")
        try step("promote web --to dev", at: "10:15:00")
        let path = Storefront.kustomizationPath("web", "dev")
        try site.git.commit(
            [path: site.file(path).replacing("newTag: 2.0.0", with: "newTag: 2.0.1")], "urgent", to: site.authority)
        let asked = try site.run(
            ["promote", "checkout", "--to", "prod", "--reason", "faster basket", "--ticket", "CHG-1234", "-o", "json"],
            clock: "2026-10-15 11:00:00")
        #expect(asked.code == 8)
        let id = try #require(asked.json?.text("id"))
        #expect(
            try site.run(
                ["freeze", "add", "--stage", "dev", "--reason", "database move", "--start", "2026-10-15T11:00:00Z", "--until", "2026-10-16T06:00:00Z"],
                clock: "2026-10-15 11:10:00").code == 0)
        for look in Look.all {
            for screen in Self.screens {
                let words = screen.line.replacing("PROMOTION", with: id).split(separator: " ").map(String.init)
                let result = try site.run(words, clock: "2026-10-15 12:00:00", adding: look.variables)
                #expect(result.code == 0, "\(screen.line): \(result.errors)")
                try expectFits(result.output, look, screen.name)
                try Snapshot.expect(result.output, "\(screen.name)-\(look.testDescription)")
            }
        }
    }

    private var storefront: Storefront {
        var storefront = Storefront()
        storefront.automatic = []
        storefront.rules["staging"] = ["exit_criteria: [{performance_baseline: met}]"]
        return storefront
    }

    /// No table is wider than the terminal. A diff is shown as it is.
    private func expectFits(_ text: String, _ look: Look, _ name: String) throws {
        guard name != "plan", name != "show", name != "drift", name != "train" else { return }
        for line in text.split(separator: "\n") where !line.contains("gradus ") {
            var visible = 0
            var isEscape = false
            for scalar in line.unicodeScalars {
                if scalar == "\u{1B}" { isEscape = true }
                if !isEscape { visible += 1 }
                if isEscape, scalar == "m" { isEscape = false }
            }
            #expect(visible <= look.columns, "\(name) at \(look.testDescription): \(line)")
        }
    }
}
