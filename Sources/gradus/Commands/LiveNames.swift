import ArgumentParser
import Glibc
import GitOpsBackend
import PromotionEngine
import WorkflowModel

/// Names for the shell's completion, asked of the repository itself. A repository that cannot be read offers none.
enum LiveNames {
    static let services = CompletionKind.custom { arguments, _, _ in
        offered(arguments) { try $0.desired.rules(of: nil).serviceNames }
    }

    static let stages = CompletionKind.custom { arguments, _, _ in
        offered(arguments) { session in
            var names: [String] = []
            for stage in try session.desired.rules(of: nil).workflows.flatMap(\.stages) where !names.contains(stage.name) {
                names.append(stage.name)
            }
            return names
        }
    }

    /// The ids of open promotions and of their trains, and each promotion as SERVICE@STAGE.
    static let promotions = CompletionKind.custom { arguments, _, _ in
        offered(arguments) { session in
            let open = try session.ledger.load(LedgerScope()).state.services.values.flatMap(\.open)
            return Set(open.flatMap { [$0.id, "\($0.service)@\($0.stage)"] + [$0.train?.id].compactMap { $0 } }).sorted()
        }
    }

    /// The versions registered last of the services that the line names.
    static let versions = CompletionKind.custom { arguments, _, _ in
        offered(arguments) { session in
            let named = try session.desired.rules(of: nil).serviceNames.filter(arguments.contains)
            guard !named.isEmpty else { return [] }
            let state = try session.ledger.load(LedgerScope(services: Set(named))).state
            return named.flatMap { state.service($0).recentVersions.reversed() }
        }
    }

    /// Only the repository of the line's `--repo` counts; nothing is said when it cannot be read, because a message would
    /// stand in the middle of the line that is being typed.
    private static func offered(_ arguments: [String], _ names: (Session) throws -> [String]) -> [String] {
        var options = ["-q"]
        for (position, argument) in arguments.enumerated() {
            if argument == "--repo", position + 1 < arguments.count { options += ["--repo", arguments[position + 1]] }
            if argument.hasPrefix("--repo=") { options.append(argument) }
        }
        do {
            return try names(try Session(try GlobalOptions.parse(options)))
        } catch {
            return []
        }
    }
}
