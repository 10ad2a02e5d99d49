import YAMLEdit

/// Decodes `delivery` and `on_failure`, of a stage or as a workflow's default.
struct PolicyDecoder {
    let faults: FaultCollector

    /// Only `commit` in this version.
    func delivery(of reader: inout MappingReader) -> Stage.Delivery? {
        supported(reader.choice("delivery"), .commit, "delivery", &reader)
    }

    /// The `delivery` of `rollback`; only `commit` in this version.
    func rollbackDelivery(_ node: YAMLNode) -> Stage.Delivery? {
        guard var reader = MappingReader(node, WorkflowSchema.rollback, faults) else { return nil }
        let found = delivery(of: &reader)
        reader.finish()
        return found
    }

    func onFailure(of reader: inout MappingReader) -> Stage.FailurePolicy? { reader.choice("on_failure") }

    private func supported<Policy: RawRepresentable & Equatable>(
        _ policy: Policy?, _ only: Policy, _ key: String, _ reader: inout MappingReader
    ) -> Policy? where Policy.RawValue == String {
        if let policy, policy != only, let node = reader.value(key) {
            faults.unsupported("`\(key): \(policy.rawValue)`", at: node)
        }
        return policy
    }
}
