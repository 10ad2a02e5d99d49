import PromotionEngine
import TestSupport
import Testing

/// Servers that go away, strangers that move branches, and tools that push in between.
@Suite(.serialized) struct NetworkFaultTests {
    /// Somewhere in the middle of each connection of a promotion the line is cut; the next runs finish.
    @Test func anOriginThatVanishesInTheMiddleOfAPushLosesNothing() throws {
        let site = try Site(.cloneOfDaemon, .open())
        let proxy = try CuttingProxy(to: try #require(site.port))
        try site.git.git("remote", "set-url", "origin", "git://127.0.0.1:\(proxy.port)/origin.git", in: site.repo)
        let rounds = Soak.count(12, soak: 60)
        var failures = 0
        for round in 1...rounds {
            let version = "1.0.\(round)"
            proxy.cut(after: nil)
            try site("release create checkout \(version)")
            proxy.cut(after: 40 + round * 977 % 2_000)
            let cut = try site.run(["promote", "checkout", "--to", "dev"])
            if cut.code != 0 {
                failures += 1
                #expect(cut.code == 1 && cut.errors.contains("Error: ") && cut.errors.contains("Hint: "), "\(cut)")
            }
            proxy.cut(after: nil)
            try site("promote checkout --to dev --version \(version)")
            #expect(try site.deployments().count == round, "one deploy commit per release")
        }
        #expect(failures > 0, "no connection was cut in the middle")
        try site.expectSoundLedger()
    }

    /// The server moves the branch itself after it has told us where it stands.
    @Test func aPushInBetweenIsALostRaceAndNothingElse() throws {
        let site = try Site(.cloneOfDaemon, .open())
        try site("release create checkout 1.4.2")
        let other = try site.git.git("commit-tree", "main^{tree}", "-p", "main", "-m", "by somebody", in: site.authority)
        try site.environment.folder.write(
            "origin.git/hooks/pre-receive",
            """
            #!/bin/sh
            # Once, and only while the target branch is pushed.
            grep -q refs/heads/main || exit 0
            [ -e moved ] && exit 0
            : > moved
            unset GIT_QUARANTINE_PATH GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES
            git update-ref refs/heads/main \(other)
            """, mode: 0o755)
        try site("promote checkout --to dev")
        #expect(try site.git.commits(in: site.authority).contains(other), "the other commit is kept")
        #expect(try site.tag("checkout", "dev") == "1.4.2")
        #expect(try site.deployments().count == 2)
        try site.expectSoundLedger()
    }

    @Test(arguments: [Place.bare, .cloneOfBare, .cloneOfDaemon])
    func aLedgerThatSomebodyMovedBackDecidesNothing(_ place: Place) throws {
        let site = try Site(place, .open())
        let ledger = "refs/heads/gradus/ledger/000001"
        try site("release create checkout 1.4.2")
        try site("promote checkout --to dev")
        let end = try site.git.git("rev-parse", ledger, in: site.authority)
        for moved in ["\(ledger)~2", nil] {
            if let moved {
                try site.git.git("update-ref", ledger, moved, in: site.authority)
            } else {
                try site.git.git("update-ref", "-d", ledger, in: site.authority)
            }
            let refused = try site("promote checkout --to qa", exits: 1)
            #expect(refused.errors.contains("moved back") && refused.errors.contains(end), "\(refused.errors)")
            let doctor = try site.run(["doctor"])
            #expect(doctor.output.contains("moved back"), "\(doctor)")
        }
        try site.git.git("update-ref", ledger, end, in: site.authority)
        try site("promote checkout --to qa")
        try site.expectSoundLedger()
    }
}
