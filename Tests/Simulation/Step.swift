import PromotionEngine
import WorkflowModel

/// What one process, or one person, does.
enum Action: Hashable, Sendable {
    case register(String, String)
    /// Registers the release and posts evidence that passes everywhere.
    case ready(String, String)
    case report(String, String, key: String, value: String)
    /// Health of what stands in the stage's files.
    case health(String, stage: String, HealthStatus)
    /// What the agent of the stage says from now on, when it is asked.
    case agent(String, stage: String, AgentWord)
    case promote(String, stage: String, version: String?, by: String)
    /// Promotes past these gates.
    case breakGlass(String, stage: String, version: String?, gates: [String], by: String)
    /// Closes the review of the service that is open longest.
    case closeReview(String, by: String)
    case reconcile
    case approve(String, stage: String, by: String, withdraw: Bool)
    case reject(String, stage: String, by: String, withdraw: Bool)
    case abort(String, stage: String)
    /// Takes back the last approval or rejection of the service that stands.
    case takeBack(String)
    /// Closes everything of a scope, from so many seconds from now and for so many; nil: until it is removed.
    case freeze(FreezeScope, delay: Int, seconds: Int?, rollbacksToo: Bool, by: String)
    /// Removes the freeze that stands longest.
    case thaw(by: String)
    case hold(String, stage: String, seconds: Int?, by: String)
    /// Removes the hold of the service that stands longest.
    case unhold(String, by: String)
    /// Resumes the cell of the service that was held last.
    case resume(String, by: String)
    case rollback(String, stage: String, version: String?, by: String)
    case yank(String, version: String, by: String)
    case adopt(String, by: String)
    /// Puts back what was changed by hand in the service's stages, or accepts it.
    case restore(String, by: String)
    case adoptDrift(String, by: String)
    /// A commit by hand that sets a version.
    case edit(String, stage: String, version: String)
    /// The last commits of the branch become one with the same files, or are thrown away, by force.
    case squash(commits: Int)
    case rewind(commits: Int)
    /// The rules change on the branch, to those of that number.
    case rules(Int, by: String)
    /// A push that was under way arrives, or arrives a second time.
    case arrive
    /// One machine reconciles by its note until nothing moves; then a look at everything must find nothing.
    case rest(machine: Int)
}

/// What happens to one effect of a process: an append to the ledger, or a move of the branch.
enum Trouble: String, CaseIterable, Hashable, Sendable {
    /// Somebody else was first.
    case lost
    case diesBefore = "dies before"
    case diesAfter = "dies after"
    /// The connection breaks; the process learns of an error and may go on.
    case breaksBefore = "the connection breaks before"
    case breaksAfter = "the connection breaks after"
    /// The push is still under way when the process dies, or gives up.
    case diesUnderWay = "dies while it is under way at"
    case breaksUnderWay = "the connection breaks while it is under way at"
    /// The push is carried out, and arrives again later.
    case doubled = "is sent twice at"
}

/// One line of a script. Every part has a number, so that a script is told by its seed and the numbers that are kept.
struct Step: Sendable {
    let number: Int
    var action: Action
    /// Seconds by which the time moves before the step; negative when the clock is set back.
    var advance = 0
    /// Seconds by which the process's own clock is wrong.
    var skew = 0
    var troubles: [Strike] = []
    var interludes: [Interlude] = []

    /// A trouble at the effect of that number.
    struct Strike: Sendable {
        let number: Int
        let effect: Int
        let trouble: Trouble
    }

    /// Another process that runs from start to end inside this one's call of that number.
    struct Interlude: Sendable {
        let call: Int
        var step: Step
    }

    func kept(_ keep: Set<Int>) -> Step? {
        guard keep.contains(number) else { return nil }
        var step = self
        step.troubles = troubles.filter { keep.contains($0.number) }
        step.interludes = interludes.compactMap { item in item.step.kept(keep).map { Interlude(call: item.call, step: $0) } }
        return step
    }

    /// The numbers of the step and of all its parts.
    var numbers: [Int] { [number] + troubles.map(\.number) + interludes.flatMap { $0.step.numbers } }

    func lines(_ indent: String = "") -> [String] {
        var text = "\(indent)\(number). "
        if advance != 0 { text += "[\(advance > 0 ? "+" : "")\(advance) s] " }
        text += "\(action)"
        if skew != 0 { text += ", its clock off by \(skew) s" }
        var lines = [text]
        for trouble in troubles {
            lines.append("\(indent)   \(trouble.number). \(trouble.trouble.rawValue) effect \(trouble.effect)")
        }
        for interlude in interludes {
            lines.append("\(indent)   inside its call \(interlude.call):")
            lines += interlude.step.lines(indent + "     ")
        }
        return lines
    }
}
