public import PromotionEngine

/// Which records an export holds, taken one after the other from the first on.
///
/// A freeze is about the stages and services that its scope covers; its removal names only the freeze.
public struct RecordSelection {
    private let scope: AuditScope
    private var freezes: [String: FreezeScope] = [:]
    /// The stages and services that any record named.
    public private(set) var stages: Set<String> = []
    public private(set) var services: Set<String> = []

    public init(_ scope: AuditScope) { self.scope = scope }

    public mutating func takes(_ record: LedgerRecord) -> Bool {
        if let stage = record.fact.stage { stages.insert(stage) }
        if let service = record.fact.service { services.insert(service) }
        var covered: FreezeScope?
        if case .freezeAdded(let freeze) = record.fact {
            freezes[freeze.id] = freeze.scope
            covered = freeze.scope
        }
        if case .freezeRemoved(let removed) = record.fact { covered = freezes[removed.id] }
        guard let covered else { return scope.holds(record) }
        let isStage = scope.stages.isEmpty || (covered.stage.map(scope.stages.contains) ?? true)
        let isService = scope.service == nil || covered.service == nil || covered.service == scope.service
        return isStage && isService && scope.holds(record.at)
    }
}
