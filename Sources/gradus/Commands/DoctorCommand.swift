import ArgumentParser
import GitOpsBackend
import PromotionEngine

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look for what stops promotions, and name the command that mends it",
        discussion: "Example:\n  gradus doctor\n\nChanges nothing. Exit 1 when there is a problem.")

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let settings = try Settings(global)
        let console = Console(settings)
        let findings = try examine(settings, console)
        console.show(
            ["apiVersion": "gradus/v1", "kind": "Examination", "findings": .array(findings.map(\.json))]
        ) {
            var table = Table(["STATE", "CHECK", "FOUND"])
            for finding in findings {
                table.add([symbol(finding.state, console.style), finding.check, finding.detail])
                if let mend = finding.mend { table.add(["", "", "-> \(mend)"]) }
            }
            return table.text
        }
        if findings.contains(where: { $0.state == .problem }) { throw Finished(code: 1) }
    }

    private func examine(_ settings: Settings, _ console: Console) throws -> [Finding] {
        do {
            let location = try RepositoryLocation(
                settings.repo, branch: settings.branch, cache: settings.cache, access: try RemoteOptions.access(isQuiet: settings.quiet), warn: console.warn)
            return Doctor(location, now: WallPace.current).examine()
        } catch let error as PromotionError where error.kind == .error || error.kind == .notPermitted {
            return Doctor.unusable(error)
        }
    }

    private func symbol(_ state: Finding.State, _ style: Style) -> String {
        switch state {
        case .ok: style.green("✓ ok")
        case .warning: style.yellow("! warning")
        case .problem: style.red("✗ problem")
        case .unknown: "? unknown"
        }
    }
}
