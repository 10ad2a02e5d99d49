internal import WorkflowModel

/// One service that may go with a train, with what was read for the decision.
struct TrainCandidate {
    /// Everything that a decision about it reads, once.
    struct Reading {
        let intent: EditIntent
        let plan: EditPlan
        let planDigest: String
        let release: ReleaseState
        /// The services that must be in the target stage.
        let needs: Set<String>
        let restrictions: Restrictions
    }

    let workflow: Workflow
    let service: Service
    let stage: Stage
    var version: String?
    var reading: Reading?
    var decision: PromotionDecision?
    var skip: TrainSkip?
    var reason: String?

    mutating func leaveOut(_ skip: TrainSkip, _ reason: String) {
        (self.skip, self.reason) = (skip, reason)
    }
}

/// Which candidates may go together: the largest sets whose members hold while they count on each other.
///
/// 1. A dependency on a member counts as satisfied by the version that the train brings.
/// 2. Who falls out takes those along that depend on it, and only they are asked again.
/// 3. `prospective` are those that nothing but approvals keeps; `admissible`, a part of them, those that nothing keeps.
struct TrainAssembly {
    typealias Decide = (_ candidate: TrainCandidate, _ joining: [String: String]) -> PromotionDecision?

    var candidates: [TrainCandidate]
    private(set) var prospective: [Int] = []
    private(set) var admissible: [Int] = []
    private let decide: Decide

    init(_ candidates: [TrainCandidate], decide: @escaping Decide) {
        self.candidates = candidates
        self.decide = decide
        refuseContradictions()
        prospective = largest(of: self.candidates.indices.filter { self.candidates[$0].skip == nil }) { $0 == .approval }
        admissible = largest(of: prospective) { _ in false }
    }

    /// The versions that a set brings, by service.
    func joining(_ positions: [Int]) -> [String: String] {
        positions.reduce(into: [:]) { joining, position in
            joining[candidates[position].service.name] = candidates[position].version
        }
    }

    /// - Parameter stays: whether a candidate with this obstacle stays in the set.
    private mutating func largest(of start: [Int], stays: (TrainSkip) -> Bool) -> [Int] {
        var members = Set(start)
        var joining = self.joining(start)
        var dependents: [String: [Int]] = [:]
        for position in start {
            for name in candidates[position].reading?.needs ?? [] { dependents[name, default: []].append(position) }
        }
        var asked = start
        while !asked.isEmpty {
            var fallen: [Int] = []
            for position in asked where members.contains(position) {
                guard let decision = decide(candidates[position], joining) else { continue }
                candidates[position].decision = decision
                let obstacle = Self.obstacle(decision)
                candidates[position].skip = obstacle?.skip
                candidates[position].reason = obstacle?.reason
                if let obstacle, !stays(obstacle.skip) { fallen.append(position) }
            }
            for position in fallen {
                members.remove(position)
                joining[candidates[position].service.name] = nil
            }
            asked = Set(fallen.flatMap { dependents[candidates[$0].service.name] ?? [] }).sorted()
        }
        return start.filter(members.contains)
    }

    /// What keeps a member, the most deliberate obstacle first; nil when nothing does.
    static func obstacle(_ decision: PromotionDecision) -> (skip: TrainSkip, reason: String)? {
        func first(_ verdict: Verdict, _ fits: (Gate) -> Bool = { _ in true }) -> String? {
            decision.gates.first { $0.verdict == verdict && !$0.isSkipped && fits($0) }.map { "\($0.id): \($0.reason)" }
        }
        if decision.outcome == .unchanged { return (.alreadyThere, "it is there already") }
        if let newer = decision.downgradeFrom { return (.newerThere, "the stage has the newer \(newer)") }
        switch decision.outcome {
        case .refused: return (.refused, first(.failed) ?? "refused")
        case .errored: return (.errored, first(.errored) ?? "a gate could not be evaluated")
        case .pending:
            if let held = first(.waiting, { $0.id == "hold" }) { return (.held, held) }
            if let frozen = first(.waiting, { $0.id == "freeze" }) { return (.frozen, frozen) }
            // Another person's approval clears loosened rules as well.
            let ofTheTrain = ["approval", "rules_settled", "depends_on"]
            if let other = first(.waiting, { !ofTheTrain.contains($0.criterion) }) { return (.waiting, other) }
            if let missing = first(.waiting, { $0.criterion == "depends_on" }) { return (.dependency, missing) }
            return (.approval, first(.waiting) ?? "it waits for approval")
        case .admitted, .unchanged: return nil
        }
    }

    /// Two members cannot both have their way in one place: the later by name is left out.
    private mutating func refuseContradictions() {
        var written: [String: (new: String?, service: String)] = [:]
        var files: Set<String> = []
        var objects: Set<String> = []
        for position in candidates.indices where candidates[position].skip == nil {
            guard let plan = candidates[position].reading?.plan else { continue }
            if let other = plan.edits.lazy.compactMap({ edit in
                written["\(edit.file)#\(edit.field)"].flatMap { $0.new == edit.new ? nil : (edit, $0.service) }
            }).first {
                candidates[position].leaveOut(.conflict, "\(other.0.file): \(other.0.field) is written by \(other.1) too, with another value")
                continue
            }
            let own = Set(plan.edits.lazy.filter(\.isObject).map(\.file))
            if (!own.isEmpty && plan.touches(files)) || plan.files.keys.contains(where: { Self.lies($0, in: objects) }) {
                candidates[position].leaveOut(.conflict, "it writes into a file or folder that another member puts there as a whole")
                continue
            }
            for edit in plan.edits { written["\(edit.file)#\(edit.field)"] = (edit.new, candidates[position].service.name) }
            files.formUnion(plan.paths)
            objects.formUnion(own)
        }
    }

    private static func lies(_ path: String, in folders: Set<String>) -> Bool {
        guard !folders.isEmpty else { return false }
        return folders.contains(path) || path.indices.contains { path[$0] == "/" && folders.contains(String(path[..<$0])) }
    }
}
