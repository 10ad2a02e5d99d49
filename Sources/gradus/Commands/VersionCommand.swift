import ArgumentParser
import GitKit
import Glibc
import PromotionEngine

/// What this binary is.
enum GradusVersion {
    static let text = "0.1.0"

    /// Tells two binaries apart that call themselves the same.
    static var build: String {
        var status = stat()
        guard stat("/proc/self/exe", &status) == 0 else { return text }
        return "\(text) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
    }
}

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version of gradus and of its libraries",
        discussion: "Example:\n  gradus version -o json")

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let console = Console(try Settings(global))
        console.show(
            [
                "apiVersion": "gradus/v1", "kind": "Version", "version": .string(GradusVersion.text),
                "libgit2": .string(LibGit2.version), "ledger_format": .int(LedgerRecord.currentVersion),
            ]
        ) {
            "gradus \(GradusVersion.text) (libgit2 \(LibGit2.version), ledger format \(LedgerRecord.currentVersion))"
        }
    }
}
