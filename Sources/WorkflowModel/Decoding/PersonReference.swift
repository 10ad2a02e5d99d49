import YAMLEdit

/// A place that names a group or a person, to be looked up in `groups.yaml` once all files are read.
struct PersonReference {
    enum Role {
        /// Whose approvals count: a name without members would close the stage for good.
        case approver
        /// Whose evidence counts.
        case poster
        /// For whom `service-owner` stands.
        case owner
    }

    var name: String
    var node: YAMLNode
    var role: Role

    init(_ text: LocatedText, _ role: Role) {
        name = text.text
        node = text.node
        self.role = role
    }
}
