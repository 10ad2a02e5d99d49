import Auditing
import GitOpsBackend
import PromotionEngine
import WorkflowModel

/// Which changes were made to production: by the rules that were in force at their delivery, or by today's.
///
/// Stages are renamed and classes move; what was production then stays in the population of then, under the name it had.
struct ProductionChanges {
    private let reading: AuditReading
    /// The stages of class production, by workflow, of rule files that records name; nil: they cannot be read any more.
    private var byFiles: [[String: String]: Set<Place>?] = [:]
    /// The same of the commits that changed the rules, oldest first; nil until somebody asks.
    private var versions: [(at: Instant, places: Set<Place>?)]?
    /// What is to be said of the choice.
    private(set) var notes: [String] = []

    private struct Place: Hashable {
        let workflow: String
        let stage: String
    }

    init(_ reading: AuditReading) { self.reading = reading }

    /// The scope with the changes that count, and the names of their stages beside today's.
    mutating func scope(_ given: AuditScope) throws -> AuditScope {
        let present = Self.places(reading.rules)
        let today = Set(present.map(\.stage))
        let declared = Set(reading.rules.workflows.flatMap(\.stages).map(\.name))
        var counted: Set<String> = []
        var former: [String: Int] = [:]
        var unknown = 0
        for change in reading.fold.changes {
            if isProduction(change, present) {
                counted.insert(change.id)
                continue
            }
            switch try wasProduction(change) {
            case true?:
                former[change.stage, default: 0] += given.holds(change) ? 1 : 0
                counted.insert(change.id)
            case false?: break
            case nil:
                // A stage that today's rules know is no production by them, and nothing says that it was.
                guard !declared.contains(change.stage) || !change.rules.isEmpty else { continue }
                unknown += given.holds(change) ? 1 : 0
                former[change.stage, default: 0] += given.holds(change) ? 1 : 0
                counted.insert(change.id)
            }
        }
        var scope = given
        guard !today.isEmpty || !counted.isEmpty else { return scope }
        let names = former.filter { $0.value > 0 && !today.contains($0.key) }
        scope.stages = today.union(names.keys)
        scope.changes = counted
        if !names.isEmpty {
            let list = names.keys.sorted().joined(separator: ", ")
            notes.append("\(Counted.of(names.values.reduce(0, +), "change")) in \(list) counted: production by the rules of then")
        }
        if unknown > 0 {
            notes.append("\(Counted.of(unknown, "change")) counted although the rules of the delivery cannot be read any more, so that nobody can tell whether the stage was production")
        }
        return scope
    }

    private func isProduction(_ change: Change, _ places: Set<Place>) -> Bool {
        guard let workflow = change.workflow else { return places.contains { $0.stage == change.stage } }
        return places.contains(Place(workflow: workflow, stage: change.stage))
    }

    /// Nil: it cannot be told.
    private mutating func wasProduction(_ change: Change) throws -> Bool? {
        try places(change).map { isProduction(change, $0) }
    }

    /// By the rule files that the record names, else by those that the branch held then.
    private mutating func places(_ change: Change) throws -> Set<Place>? {
        if !change.rules.isEmpty {
            if byFiles[change.rules] == nil { byFiles[change.rules] = try reading.desired.rules(ofFiles: change.rules).map(Self.places) }
            if let known = byFiles[change.rules], let places = known { return places }
        }
        let all = try versions ?? reading.history.versions().map { ($0.at, $0.rules.map(Self.places)) }
        versions = all
        return all.last { $0.at <= change.deliveredAt }?.places
    }

    private static func places(_ rules: Rules) -> Set<Place> {
        Set(rules.workflows.flatMap { workflow in
            workflow.stages.filter { $0.stageClass == .production }.map { Place(workflow: workflow.name, stage: $0.name) }
        })
    }
}
