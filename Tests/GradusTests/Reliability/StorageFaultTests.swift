import Glibc
import PromotionEngine
import TestSupport
import Testing

/// Storage that is full, closed or damaged: a clear error, nothing lost, and the next run goes on.
@Suite(.serialized) struct StorageFaultTests {
    @Test(.enabled(if: Mounts.areAllowed, "mounting a small tmpfs needs root"))
    func aFullDiskLosesNothing() throws {
        let site = try Site(.bare, .open())
        let runner = CommandRunner(site.environment)
        let copy = site.environment.folder("copy")
        _ = try runner.run(["cp", "-a", site.authority, copy])
        // Nothing below may happen to a disk that is not ours.
        try #require(try runner.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", site.authority]).status == 0)
        defer { _ = try? runner.run(["umount", "-l", site.authority]) }
        _ = try runner.run(["cp", "-a", copy + "/.", site.authority])
        try site("release create checkout 1.4.2")
        let before = try site.records()

        // Fill it up so that some blocks, or none, are left: the failure strikes at different places.
        for spare in [0, 4, 8, 12, 16, 24] {
            _ = try runner.run(["dd", "if=/dev/zero", "of=\(site.authority)/filler", "bs=4k", "count=1024"])
            if spare > 0 { _ = try runner.run(["truncate", "-s", "-\(spare * 1024)", site.authority + "/filler"]) }
            let result = try site.run(["promote", "checkout", "--to", "dev"])
            if result.code != 0 {
                #expect(result.code == 1 && result.errors.contains("Error: ") && result.errors.contains("Hint: "), "\(result)")
            }
            _ = try runner.run(["rm", site.authority + "/filler"])
            #expect(Array(try site.records().prefix(before.count)) == before)
        }
        try site("promote checkout --to dev")
        #expect(try site.deployments().count == 1)
        try site.expectSoundLedger()
    }

    @Test(.enabled(if: Mounts.areAllowed, "mounting read-only needs root"))
    func aReadOnlyRepositoryIsReadAndNotWritten() throws {
        let site = try Site(.bare, .open())
        try site("release create checkout 1.4.2")
        let runner = CommandRunner(site.environment)
        try #require(try runner.run(["mount", "--bind", site.authority, site.authority]).status == 0)
        defer { _ = try? runner.run(["umount", "-l", site.authority]) }
        try #require(try runner.run(["mount", "-o", "remount,ro,bind", site.authority]).status == 0)
        try site("status")
        try site("history")
        let refused = try site("promote checkout --to dev", exits: 1)
        #expect(refused.errors.contains("Read-only file system") && refused.errors.contains("Hint: "), "\(refused.errors)")
        let doctor = try site.run(["doctor"])
        #expect(doctor.output.contains("Read-only file system"), "\(doctor)")
        _ = try runner.run(["umount", "-l", site.authority])
        try site("promote checkout --to dev")
        try site.expectSoundLedger()
    }

    enum Damage: String, CaseIterable, Sendable {
        case emptyTipOfTheLedger, garbledTipOfTheLedger, truncatedPack, missingTip
    }

    @Test(arguments: Damage.allCases)
    func aDamagedObjectStopsEverythingAndIsNamed(_ damage: Damage) throws {
        let site = try Site(.bare, .open())
        try site("release create checkout 1.4.2")
        let runner = CommandRunner(site.environment)
        _ = try runner.run(["cp", "-a", site.authority, site.authority + ".good"])
        let git = site.git
        func loose(_ revision: String) throws -> String {
            let id = try git.git("rev-parse", revision, in: site.authority)
            return "\(site.authority)/objects/\(id.prefix(2))/\(id.dropFirst(2))"
        }
        switch damage {
        case .emptyTipOfTheLedger: _ = try runner.run(["sh", "-c", "chmod u+w $0 && : > $0", try loose("gradus/ledger/000001")])
        case .garbledTipOfTheLedger:
            _ = try runner.run(["sh", "-c", "chmod u+w $0 && printf garbage > $0", try loose("gradus/ledger/000001")])
        case .truncatedPack:
            try git.git("gc", "-q", "--prune=now", in: site.authority)
            _ = try runner.run(["sh", "-c", "chmod u+w $0/objects/pack/*.pack && truncate -s 60 $0/objects/pack/*.pack", site.authority])
        case .missingTip: _ = try runner.run(["rm", "-f", try loose("gradus/ledger/000001")])
        }
        let refused = try site("promote checkout --to dev", exits: 1)
        #expect(refused.errors.contains("Error: ") && refused.errors.contains("Hint: "), "\(refused.errors)")
        let doctor = try site.run(["doctor"])
        #expect(doctor.code == 1 && doctor.output.contains("problem") && doctor.output.contains("git fsck"), "\(doctor)")
        // The next step that is named: bring the objects back from a copy.
        _ = try runner.run(["rm", "-rf", site.authority])
        _ = try runner.run(["cp", "-a", site.authority + ".good", site.authority])
        try site("promote checkout --to dev")
        #expect(try site.deployments().count == 1)
        try site.expectSoundLedger()
    }
}

enum Mounts {
    /// Mounts need root, and a kernel that lets it.
    static let areAllowed: Bool = {
        do {
            let environment = try HermeticEnvironment()
            let place = environment.folder("try")
            let runner = CommandRunner(environment)
            guard try runner.run(["mkdir", place]).status == 0 else { return false }
            let mounted = try runner.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", place]).status == 0
            if mounted { _ = try runner.run(["umount", place]) }
            return mounted
        } catch {
            return false
        }
    }()
}
