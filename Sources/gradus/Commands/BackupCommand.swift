import ArgumentParser
import GitOpsBackend
import PromotionEngine

struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Write all branches, the ledger among them, into one file",
        discussion: """
            Examples:
              gradus backup gradus-2026-11-21.bundle
              gradus restore gradus-2026-11-21.bundle --repo /srv/git/restored.git

            The file is a Git bundle with a manifest of digests in it; `git clone FILE` reads it without gradus. Keep it, and
            its sha256, where the repository's owner cannot write.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The file, which must not exist")
    var file: String

    func run() throws {
        let session = try Session(global)
        let manifest = try BackupWriter(session.location).write(to: file, at: WallPace.current)
        session.console.show(manifest.json) {
            "Wrote \(file): \(manifest.references.count) branches, \(Counted.of(manifest.records, "record")), \(Counted.of(manifest.files.count, "file")) by digest; the chain ends in \(manifest.head?.hash.prefix(12) ?? "nothing")."
        }
        session.console.status("Next: keep the output of `sha256sum \(file)` elsewhere.")
    }
}

struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Make a fresh bare repository out of a backup, verified",
        discussion: """
            Examples:
              gradus restore gradus-2026-11-21.bundle --repo /srv/git/restored.git
              gradus restore gradus-2026-11-21.bundle --repo restored.git --mirror ~/clones/gitops

            --repo names the new repository: nothing may be there yet. With --mirror a clone that may know more is compared: what
            contains the backup's state is taken, and every difference is named.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: "A file that `gradus backup` wrote")
    var file: String

    @Option(help: ArgumentHelp("A clone or mirror that may have seen more", valueName: "path"))
    var mirror: String?

    func run() throws {
        let settings = try Settings(global)
        guard settings.repo != "." else {
            throw PromotionError(.usage, "where to is missing", hint: "name the new repository: `gradus restore \(file) --repo restored.git`")
        }
        let console = Console(settings)
        let report = try BackupRestore(file).restore(to: settings.repo, mirror: mirror)
        console.show(report.json) {
            var lines = [
                "\(console.style.green("✓")) \(settings.repo) holds \(Counted.of(report.audit.records, "record")); the backup of \(report.manifest.createdAt) had \(report.manifest.records). The chain ends in \(report.audit.headHash.prefix(12))."
            ]
            for difference in report.differences where difference.relation != .equal {
                let mark = difference.relation == .diverged ? console.style.red("!") : console.style.yellow("~")
                lines.append("  \(mark) \(difference.reference): \(difference.meaning); kept: the \(difference.isTaken ? "mirror's" : "backup's")")
            }
            return lines.joined(separator: "\n")
        }
        console.status("Next: `gradus audit verify --repo \(settings.repo)`, then point origin at it and protect gradus/ledger/*.")
        if report.differences.contains(where: { $0.relation == .diverged }) { throw Finished(code: 3) }
    }
}
