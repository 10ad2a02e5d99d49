import PromotionEngine
import TestSupport
import Testing

/// What `doctor` finds, and the command that it names for it.
@Suite struct DoctorTests {
    @Test(arguments: Place.allCases)
    func findsNothingWhereNothingIsWrong(_ place: Place) throws {
        let site = try Site(place, .open())
        try site("release create checkout 1.4.2")
        try site("promote checkout --to dev")
        let findings = try findings(site)
        for name in ["rules", "push rights", "ledger", "chain", "clock", "promotions"] {
            #expect(findings.first { $0.text("check") == name }?.text("state") == "ok", "\(name): \(findings)")
        }
        let isServed = place == .cloneOfDaemon || place == .gitURL
        #expect(findings.contains { $0.text("check") == "credentials" && $0.text("state") == "ok" } == isServed)
    }

    enum Trouble: String, CaseIterable, Sendable {
        case lock, orphan, lapsed, undeclared, unlinked, chain, hook, fastClock, clocksDisagree

        /// The check, its state, and what its detail and its command hold.
        var finding: (check: String, state: String, detail: String, mend: String) {
            switch self {
            case .lock: ("locks", "warning", "refs/heads/main.lock", "rm ")
            case .orphan: ("promotions", "warning", "is admitted since", "gradus reconcile --service checkout --stage dev")
            case .lapsed: ("promotions", "warning", "it has lapsed", "gradus reconcile --service checkout --stage dev")
            case .undeclared: ("promotions", "warning", "is orphaned", "gradus abort checkout-dev-")
            case .unlinked: ("ledger", "problem", "refs/heads/gradus/ledger/notes", "update-ref -d refs/heads/gradus/ledger/notes")
            case .chain: ("chain", "problem", "record 2", "gradus audit verify")
            case .hook: ("push rights", "problem", "pre-receive", "git remote set-url origin URL")
            case .fastClock: ("clock", "warning", "the newest record is of", "timedatectl set-ntp true")
            case .clocksDisagree: ("clock", "warning", "clocks disagreed", "timedatectl set-ntp true")
            }
        }

        var needsAnotherClock: Bool { [.lapsed, .fastClock, .clocksDisagree].contains(self) }
    }

    @Test(arguments: Trouble.allCases)
    func namesWhatIsWrongAndTheCommandThatMendsIt(_ trouble: Trouble) throws {
        if trouble.needsAnotherClock, !GradusProcess.canMoveClock { return }
        let site = try Site(trouble == .hook ? .cloneOfBare : .bare, .open())
        try site("release create checkout 1.4.2", clock: trouble == .fastClock || trouble == .clocksDisagree ? "+1h" : nil)
        try cause(trouble, site)
        let expected = trouble.finding
        let findings = try findings(site, clock: trouble == .lapsed ? "+11m" : nil)
        let found = try #require(findings.first { $0.text("check") == expected.check && $0.text("state") == expected.state }, "\(findings)")
        #expect(found.text("detail")?.contains(expected.detail) == true, "\(found)")
        #expect(found.text("mend")?.contains(expected.mend) == true, "\(found)")
    }

    private func cause(_ trouble: Trouble, _ site: Site) throws {
        switch trouble {
        case .lock: try site.environment.folder.write("origin.git/refs/heads/main.lock", "")
        case .orphan, .lapsed, .undeclared:
            _ = try site.run(["promote", "checkout", "--to", "dev"], adding: ["GRADUS_FAILPOINT": "move.after@1"])
            guard trouble == .undeclared else { return }
            let workflow = Storefront.open(services: ["web"]).workflow
            try site.git.commit(["workflows/storefront.yaml": workflow], "checkout is gone", to: site.authority)
        case .unlinked: try site.git.git("update-ref", "refs/heads/gradus/ledger/notes", "main", in: site.authority)
        case .chain:
            try site("report checkout 1.4.2 smoke_tests=pass")
            try site.git.rewrite("refs/heads/gradus/ledger/000001", in: site.authority) { position, message in
                position == 1 ? "Nothing happened" + message.drop { $0 != "\n" } : message
            }
        case .hook: try site.environment.folder.write("origin.git/hooks/pre-receive", "#!/bin/sh\n", mode: 0o755)
        case .fastClock: break
        case .clocksDisagree: try site("release create checkout 1.4.3")
        }
    }

    @Test func aServerThatTakesNoPushesIsTold() throws {
        let site = try Site(.cloneOfDaemon, .open())
        try site.git.git("config", "daemon.receivepack", "false", in: site.authority)
        let rights = try #require(try findings(site).first { $0.text("check") == "push rights" })
        #expect(rights.text("state") == "problem" && rights.text("mend")?.contains("git push --dry-run") == true, "\(rights)")
    }

    @Test func aRepositoryThatCannotBeOpenedIsAFindingToo() throws {
        let site = try Site(.bare, .open())
        try site.git.git("update-ref", "-d", "refs/heads/main", in: site.authority)
        let document = try site.json("doctor", exits: 1)
        let found = try #require(document["findings"]?.items.first)
        #expect(found.text("check") == "repository" && found.text("state") == "problem" && found.text("mend") != nil, "\(found)")
    }

    private func findings(_ site: Site, clock: String? = nil) throws -> [JSONValue] {
        try #require(try site.json("doctor", exits: 0, 1, clock: clock)["findings"]?.items)
    }
}
