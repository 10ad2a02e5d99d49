import YAMLEdit

/// Decodes `delivery` and `on_failure`, of a stage or as a workflow's default.
struct PolicyDecoder {
    func delivery(of reader: inout MappingReader) -> Stage.Delivery? { reader.choice("delivery") }

    func onFailure(of reader: inout MappingReader) -> Stage.FailurePolicy? { reader.choice("on_failure") }
}
