/// Finds the nodes that edits name and decides which bytes change.
struct EditPlanner {
    private let file: YAMLFile
    private let isJSON: Bool
    private var plan = EditPlan()
    private var deletions: [YAMLLocation] = []
    /// Collections that grow, in the order of the first insertion.
    private var growing: [YAMLLocation] = []

    static func plan(_ edits: [PointEdit], in file: YAMLFile) throws(YAMLError) -> EditPlan {
        var planner = EditPlanner(file: file)
        for edit in edits { try planner.add(edit) }
        // Insertions and deletions are laid out last, because a new entry goes behind the last one that stays.
        for location in planner.deletions {
            let eraser = EntryEraser(source: file.source, location: location, deleted: planner.plan.deleted)
            planner.plan.splices.append(try eraser.splice())
        }
        for location in planner.growing {
            let inserter = EntryInserter(
                file: file, isJSON: planner.isJSON, location: location, deleted: planner.plan.deleted)
            planner.plan.splices.append(
                try inserter.splice(
                    fields: planner.plan.insertedFields[ObjectIdentifier(location.node)] ?? [],
                    items: planner.plan.insertedItems[ObjectIdentifier(location.node)] ?? []))
        }
        return planner.plan
    }

    private init(file: YAMLFile) {
        self.file = file
        isJSON = file.isJSON
    }

    private mutating func add(_ edit: PointEdit) throws(YAMLError) {
        switch edit {
        case .set(let path, let text, let typing):
            try set(try file.resolve(path, access: .writing), to: text, typing: typing)
        case .insert(let key, let value, let path):
            let location = try file.resolve(path, access: .writing)
            try grow(location, kind: .mapping, edit: "insert `\(key)`")
            let id = ObjectIdentifier(location.node)
            let exists =
                location.node.entry(forKey: key).map { !plan.deleted.contains(ObjectIdentifier($0.value)) }
                ?? false
            guard !exists, !(plan.insertedFields[id]?.contains { $0.key == key } ?? false) else {
                throw fault(.duplicateKey, "the key `\(key)` exists already", at: location)
            }
            plan.insertedFields[id, default: []].append(YAMLContent.Field(key, value))
        case .append(let content, let path):
            let location = try file.resolve(path, access: .writing)
            try grow(location, kind: .sequence, edit: "append an item")
            plan.insertedItems[ObjectIdentifier(location.node), default: []].append(content)
        case .delete(let path):
            let location = try file.resolve(path, access: .writing)
            if plan.deleted.insert(ObjectIdentifier(location.node)).inserted { deletions.append(location) }
        }
    }

    private mutating func set(
        _ location: YAMLLocation, to text: String, typing: ValueTyping
    ) throws(YAMLError) {
        let node = location.node
        guard node.kind == .scalar, let old = node.scalarText else {
            throw file.wrongKind(location, operation: "set \(location.path)")
        }
        let id = ObjectIdentifier(node)
        if let earlier = plan.assignments[id] {
            guard earlier.text == text else {
                throw fault(
                    .conflictingEdits, "`\(location.path)` is set to `\(earlier.text)` and to `\(text)`",
                    at: location)
            }
            return
        }
        if old == text {
            plan.assignments[id] = EditPlan.Assignment(text: text, isString: node.readsAsString)
            return
        }
        let writer = ScalarWriter(source: file.source, isJSON: isJSON, location: location)
        let (splice, isString) = try writer.replacement(text, typing: typing)
        plan.splices.append(splice)
        plan.assignments[id] = EditPlan.Assignment(text: text, isString: isString)
    }

    private mutating func grow(
        _ location: YAMLLocation, kind: YAMLNode.Kind, edit: String
    ) throws(YAMLError) {
        guard location.node.kind == kind else {
            let wanted = kind == .mapping ? "a mapping" : "a list"
            let what = location.node.isMissing ? "empty" : location.node.kindPhrase
            throw fault(
                .wrongKind, "cannot \(edit): `\(location.path)` is \(what), not \(wanted)", at: location)
        }
        if !growing.contains(where: { $0.node === location.node }) { growing.append(location) }
    }

    private func fault(
        _ code: YAMLError.Code, _ message: String, at location: YAMLLocation
    ) -> YAMLError {
        YAMLError(
            code: code, operation: "edit \(location.path)", subject: file.path,
            diagnostics: [file.diagnostic(.error, message, at: location.key ?? location.node)])
    }
}
