import YAMLEdit

/// Decodes `delivery`, `rollback` and `on_failure`, of a stage or as a workflow's default.
struct PolicyDecoder {
    let faults: FaultCollector

    func delivery(of reader: inout MappingReader) -> Stage.Delivery? { reader.choice("delivery") }

    /// The `delivery` of `rollback`; only `commit` in this version.
    func rollbackDelivery(_ node: YAMLNode) -> Stage.Delivery? {
        guard var reader = MappingReader(node, WorkflowSchema.rollback, faults) else { return nil }
        let found = delivery(of: &reader)
        if let found, found != .commit, let node = reader.value("delivery") {
            faults.unsupported("`delivery: \(found.rawValue)`", at: node)
        }
        reader.finish()
        return found
    }

    func onFailure(of reader: inout MappingReader) -> Stage.FailurePolicy? { reader.choice("on_failure") }
}
