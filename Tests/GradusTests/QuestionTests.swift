import PromotionEngine
import TestSupport
import Testing

/// Questions are asked on a terminal only, and a wrong answer changes nothing.
@Suite struct QuestionTests {
    private let site: Site

    init() throws {
        site = try Site(.bare, Storefront(rules: ["prod": ["approval_required: true", "approvers: [platform-team]"]]))
        try site("release create checkout 1.4.2")
        for stage in ["dev", "qa", "staging"] { try site("promote checkout --to \(stage) --version 1.4.2") }
    }

    /// Runs in a terminal that `script` makes, with a line typed into it.
    private func typed(_ answer: String, _ line: String, as actor: String) throws -> (code: Int32, screen: String) {
        let command = "\(try GradusProcess.binary()) \(line) --repo \(site.repo) --actor \(actor)"
        let result = try CommandRunner(site.environment).run(
            ["bash", "-c", "printf '%s\\n' '\(answer)' | script -qec '\(command)' /dev/null"], in: site.environment.folder.path)
        return (result.status, result.output)
    }

    @Test func productionAsksForItsName() throws {
        let refused = try typed("yes", "promote checkout --to prod", as: "rita")
        #expect(refused.code == 6)
        #expect(refused.screen.contains("Type prod to go on") && refused.screen.contains("nothing was changed"))
        #expect(try !site.types().contains("approval.given"))
        #expect(try site.records().filter { $0.text("stage") == "prod" }.isEmpty)
        #expect(try typed("prod", "promote checkout --to prod", as: "rita").code == 8)
        #expect(try site.records().last?.text("stage") == "prod")
    }

    @Test func otherStagesAndYesAskNothing() throws {
        try site("release create web 2.0.0")
        let dev = try typed("", "promote web --to dev", as: "rita")
        #expect(dev.code == 0 && !dev.screen.contains("Type"))
        let prod = try typed("", "promote checkout --to prod --yes", as: "rita")
        #expect(prod.code == 8 && !prod.screen.contains("Type"))
    }

    @Test func whoMayNotApproveIsToldSoUnasked() throws {
        try site("promote checkout --to prod", exits: 8)
        let refused = try typed("y", "approve checkout@prod", as: "rita")
        #expect(refused.code == 4 && refused.screen.contains("requested the promotion") && !refused.screen.contains("[y/N]"), "\(refused)")
        #expect(try site.types().last == "denied")
    }

    @Test func approvingShowsVersionDifferenceAndGatesAndAsks() throws {
        try site("promote checkout --to prod", exits: 8)
        let no = try typed("n", "approve checkout@prod", as: "olga")
        #expect(no.code == 6)
        for part in ["checkout 1.4.2 to prod", "+    newTag: 1.4.2", "waiting", "Approve checkout 1.4.2 to prod?", "Plan "] {
            #expect(no.screen.contains(part), "\(part) in \(no.screen)")
        }
        #expect(try !site.types().contains("approval.given"))
        #expect(try typed("y", "approve checkout@prod", as: "olga").code == 0)
        #expect(try site.types().last == "approval.given")
    }
}
