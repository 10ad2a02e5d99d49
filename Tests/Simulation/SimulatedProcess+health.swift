import PromotionEngine
import WorkflowModel

/// What an agent says of what it runs.
enum AgentWord: String, CaseIterable, Hashable, Sendable {
    case healthy, progressing, degraded
    /// It does not answer.
    case errored
    /// It has not seen the delivered commit yet.
    case behind
    /// Healthy by its own word, but what is measured is not.
    case alarming
}

extension SimulatedProcess: HealthPort {
    func look(at watch: HealthWatch, carries: (String) throws -> Bool) -> HealthLook {
        let word = world.agents["\(watch.subject.service)@\(watch.subject.stage)"] ?? .healthy
        let finding: HealthFinding =
            switch word {
            case .healthy, .alarming: .seen(.healthy, "")
            case .progressing: .seen(.progressing, "starting")
            case .degraded: .seen(.degraded, "crashing")
            case .errored: .errored("no answer")
            case .behind: .notSynced("another commit")
            }
        let sources = watch.policy.sources.filter { $0.settings != .report }
        var look = HealthLook(findings: sources.map { HealthLook.Finding($0.name, finding) })
        // Triggers watch only what is being verified.
        for trigger in watch.policy.triggers where word == .alarming && watch.isVerifying && trigger.kind != .failedChecks {
            look.fired.append(HealthLook.Fired(name: trigger.name, action: trigger.action, reason: "it fires"))
        }
        return look
    }
}
