import GitOpsBackend
import PromotionEngine
import WorkflowModel

/// Asks a person before something happens to production.
struct Confirmation {
    private let session: Session

    init(_ session: Session) { self.session = session }

    /// Asks to type the stage's name when it is of the class production; a nil stage means all, and is asked for by `all`.
    ///
    /// Nobody is asked without a terminal, or with `--yes`. Throws when the answer is another.
    func change(_ what: String, stage name: String?) throws {
        let question = Question(settings: session.settings)
        guard question.isAsked else { return }
        let stages = try session.desired.rules(of: nil).workflows.flatMap(\.stages).filter { name == nil || $0.name == name }
        guard stages.contains(where: { $0.stageClass == .production }) else { return }
        try question.confirm("About to \(what) in \(name ?? "all stages"), which is production.", typing: name ?? "all")
    }
}
