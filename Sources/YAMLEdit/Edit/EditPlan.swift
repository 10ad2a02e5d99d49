/// What a set of edits does to the tree and to the bytes.
struct EditPlan {
    /// A scalar's new text.
    struct Assignment: Hashable {
        var text: String
        var isString: Bool
    }

    var splices: [Splice] = []
    /// New texts by scalar node.
    var assignments: [ObjectIdentifier: Assignment] = [:]
    /// Removed values and items.
    var deleted: Set<ObjectIdentifier> = []
    /// Entries put behind a mapping's own, by mapping.
    var insertedFields: [ObjectIdentifier: [YAMLContent.Field]] = [:]
    /// Items put behind a list's own, by list.
    var insertedItems: [ObjectIdentifier: [YAMLContent]] = [:]

    /// What a missing value becomes.
    func contentInsertedInto(_ id: ObjectIdentifier) -> YAMLContent? {
        insertedFields[id].map(YAMLContent.mapping) ?? insertedItems[id].map(YAMLContent.sequence)
    }
}
