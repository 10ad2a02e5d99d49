import ArgumentParser
import GitOpsBackend
import PromotionEngine
import WorkflowModel

struct ReconcileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile",
        abstract: "Carry on everything that may go on by itself",
        discussion: """
            Example:
              gradus reconcile --service checkout

            Finishes what was begun, enters stages with auto_promote, settles verifications; repeats until nothing moves.
            Waiting is no failure: exit 0. Exit 5 if a promotion failed, 1 if a cell could not be dealt with or a gate found out.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(help: "Only this service", completion: LiveNames.services)
    var service: String?

    @Option(help: "Only this stage", completion: LiveNames.stages)
    var stage: String?

    @Option(help: "Only this workflow")
    var workflow: String?

    @Flag(help: "Go on until interrupted, one look every 30 seconds")
    var watch = false

    func validate() throws {
        if watch, global.output == .json { throw ValidationError("one document cannot be followed: use --watch -o jsonl") }
    }

    func run() throws {
        repeat {
            let session = try Session(global, for: .writing)
            session.conductor.restNotes = RestFile(
                folder: session.settings.cache + "/rest", location: session.location, engine: GradusVersion.build)
            let report = try session.conductor.reconcile(
                ReconcileScope(service: service, stage: stage, workflow: workflow))
            show(report, session)
            if !watch {
                if report.failed { throw Finished(code: 5) }
                if !report.errors.isEmpty { throw Finished(code: 1) }
                return
            }
            WallPace().wait(.seconds(30))
        } while watch
    }

    private func show(_ report: ReconcileReport, _ session: Session) {
        for failure in report.errors {
            for fault in failure.error.faults { Console.status(fault) }
            session.console.warn("\(failure.service) in \(failure.stage): \(failure.error)")
            if let hint = failure.error.hint { Console.status("Hint: \(hint)") }
        }
        session.console.show(
            [
                "apiVersion": "gradus/v1", "kind": "Reconciliation",
                "moves": .array(
                    report.moves.map { move in
                        [
                            "id": .string(move.subject.promotion), "service": .string(move.subject.service),
                            "version": .string(move.subject.version), "to": .string(move.subject.stage),
                            "phase": .string(move.phase.rawValue), "commit": .optional(move.commit),
                            "reason": .optional(move.reason),
                        ]
                    }),
                "external_changes": .array(
                    report.changes.map { change in
                        [
                            "service": .string(change.service), "stage": .string(change.stage),
                            "version": .optional(change.version), "commit": .string(change.commit),
                            "author": .string(change.author), "edits": .array(change.edits.map(\.json)),
                        ]
                    }),
                "errors": .array(
                    report.errors.map { failure in
                        [
                            "service": .string(failure.service), "stage": .string(failure.stage),
                            "message": .string(failure.error.description),
                        ]
                    }),
            ]
        ) {
            if report.moves.isEmpty, report.changes.isEmpty { return report.errors.isEmpty ? "Nothing to carry on." : "" }
            let changes = report.changes.map { change in
                "\(change.service) in \(change.stage): changed outside Gradus by \(change.author) in \(change.commit.prefix(10))"
            }
            return (changes + report.moves.map { move in
                let commit = move.commit.map { " in \($0.prefix(10))" } ?? ""
                let reason = move.reason.map { " (\($0))" } ?? ""
                return "\(move.subject.service) \(move.subject.version) to \(move.subject.stage): \(move.phase.rawValue)\(commit)\(reason)"
            }).joined(separator: "\n")
        }
    }
}
