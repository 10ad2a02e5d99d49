/// Finds the nodes that edits name and decides which bytes change.
struct EditPlanner {
    private let file: YAMLFile
    private let isJSON: Bool
    private let access: PathWalk.Access
    private var plan = EditPlan()
    private var deletions: [YAMLLocation] = []
    /// Collections that grow, in the order of the first insertion.
    private var growing: [YAMLLocation] = []
    private var growingNodes: Set<ObjectIdentifier> = []
    /// Edits inside of texts, by the path of the text as the edits give it.
    private var embedded: [(path: YAMLPath, edits: [PointEdit])] = []

    static func plan(
        _ edits: [PointEdit], in file: YAMLFile, throughAliases: Bool
    ) throws(YAMLError) -> EditPlan {
        var planner = EditPlanner(file: file, access: throughAliases ? .writingAtAnchors : .writing)
        for edit in edits { try planner.add(edit) }
        try planner.editTexts(throughAliases: throughAliases)
        // Insertions and deletions are laid out last, because a new entry goes behind the last one that stays.
        try planner.layOutDeletions()
        try planner.layOutInsertions()
        return planner.plan
    }

    private init(file: YAMLFile, access: PathWalk.Access) {
        self.file = file
        self.access = access
        isJSON = file.isJSON
    }

    private mutating func add(_ edit: PointEdit) throws(YAMLError) {
        if let (path, inner) = edit.embedded {
            if let index = embedded.firstIndex(where: { $0.path == path }) {
                embedded[index].edits.append(inner)
            } else {
                embedded.append((path, [inner]))
            }
            return
        }
        switch edit {
        case .set(let path, let text, let typing):
            try set(try file.resolve(path, access: access), to: text, typing: typing)
        case .insert(let key, let value, let path):
            let location = try file.resolve(path, access: access)
            try checkPlain(value, at: location)
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
            let location = try file.resolve(path, access: access)
            try checkPlain(content, at: location)
            try grow(location, kind: .sequence, edit: "append an item")
            plan.insertedItems[ObjectIdentifier(location.node), default: []].append(content)
        case .delete(let path):
            let location = try file.resolve(path, access: access)
            if plan.deleted.insert(ObjectIdentifier(location.node)).inserted { deletions.append(location) }
        case .create(let path, let text, let typing):
            try create(path, text, typing)
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

    /// Sets the value, or adds it to the deepest place on its path that exists.
    private mutating func create(_ path: YAMLPath, _ text: String, _ typing: ValueTyping) throws(YAMLError) {
        var missing: YAMLError
        do throws(YAMLError) {
            return try set(try file.resolve(path, access: access), to: text, typing: typing)
        } catch where error.code == .notFound {
            missing = error
        }
        for length in (0..<path.steps.count).reversed() {
            let location: YAMLLocation
            do throws(YAMLError) {
                location = try file.resolve(
                    YAMLPath(document: path.document, steps: Array(path.steps[..<length])), access: access)
            } catch where error.code == .notFound {
                continue
            }
            let id = ObjectIdentifier(location.node)
            let rest = path.steps[length...]
            let isList = if case .item? = rest.first { true } else { false }
            guard location.node.kind == (isList ? .sequence : .mapping) || location.node.isMissing else { break }
            let isTruth = typing == .keepType && ["true", "false"].contains(text)
            let value: YAMLContent = isTruth ? .plain(text) : .string(text)
            let isPossible = isList
                ? CreationPlan.add(rest, value, to: &plan.insertedItems[id, default: []])
                : CreationPlan.add(rest, value, to: &plan.insertedFields[id, default: []])
            guard isPossible else { break }
            try grow(location, kind: isList ? .sequence : .mapping, edit: "create `\(path)`")
            return
        }
        missing.operation = "create \(path)"
        throw missing
    }

    /// Edits of the documents that texts hold.
    private mutating func editTexts(throughAliases: Bool) throws(YAMLError) {
        for (path, edits) in embedded {
            let text = try file.embeddedText(at: path, access: access)
            let (splices, new) = try text.splices(edits, in: file, throughAliases: throughAliases)
            let id = ObjectIdentifier(text.location.node)
            guard plan.assignments[id] == nil else {
                throw fault(.conflictingEdits, "`\(path)` is set as a whole and edited inside", at: text.location)
            }
            let isString = splices.isEmpty ? text.location.node.readsAsString : true
            plan.assignments[id] = EditPlan.Assignment(text: new, isString: isString)
            plan.splices += splices
        }
    }

    private mutating func layOutDeletions() throws(YAMLError) {
        var emptied: Set<ObjectIdentifier> = []
        for location in deletions {
            if let parent = location.parent, isEmptied(parent), !plan.deleted.contains(ObjectIdentifier(parent)) {
                guard emptied.insert(ObjectIdentifier(parent)).inserted else { continue }
                let collection = EmptiedCollection(
                    source: file.source, child: location, collection: parent, deleted: plan.deleted)
                plan.splices += try collection.splices(content: replacing(parent, in: location))
                growingNodes.remove(ObjectIdentifier(parent))
            } else {
                let eraser = EntryEraser(source: file.source, location: location, deleted: plan.deleted)
                plan.splices.append(try eraser.splice())
            }
        }
    }

    /// What takes the place of all children of a block collection; nil if nothing does.
    private func replacing(
        _ parent: YAMLNode, in child: YAMLLocation
    ) -> ((_ column: Int) throws(YAMLError) -> [UInt8])? {
        let id = ObjectIdentifier(parent)
        let fields = plan.insertedFields[id] ?? []
        let items = plan.insertedItems[id] ?? []
        guard !fields.isEmpty || !items.isEmpty else { return nil }
        let writer = ContentWriter(
            in: file, document: child.documentIndex, near: parent.range.lowerBound, isJSON: isJSON)
        return { column in
            let parts = fields.map { writer.block($0, indentation: column) }
                + items.map { writer.block(item: $0, indentation: column, gap: 1) }
            return Array(parts.joined(separator: writer.newLine(column)))
        }
    }

    private func isEmptied(_ parent: YAMLNode) -> Bool {
        !parent.isFlow
            && (parent.items + parent.entries.map(\.value)).allSatisfy { plan.deleted.contains(ObjectIdentifier($0)) }
    }

    private mutating func layOutInsertions() throws(YAMLError) {
        for location in growing where growingNodes.contains(ObjectIdentifier(location.node)) {
            let id = ObjectIdentifier(location.node)
            let fields = plan.insertedFields[id] ?? []
            let items = plan.insertedItems[id] ?? []
            if location.node.isMissing {
                let writer = ContentWriter(
                    in: file, document: location.documentIndex, near: location.node.range.lowerBound, isJSON: isJSON)
                let missing = MissingValueWriter(file: file, location: location, writer: writer)
                plan.splices.append(try missing.splice(fields: fields, items: items))
            } else {
                let inserter = EntryInserter(file: file, isJSON: isJSON, location: location, deleted: plan.deleted)
                plan.splices.append(try inserter.splice(fields: fields, items: items))
            }
        }
    }

    private mutating func grow(
        _ location: YAMLLocation, kind: YAMLNode.Kind, edit: String
    ) throws(YAMLError) {
        let id = ObjectIdentifier(location.node)
        let other = kind == .mapping ? plan.insertedItems[id] != nil : plan.insertedFields[id] != nil
        guard location.node.kind == kind || location.node.isMissing && !other && plan.assignments[id] == nil else {
            let wanted = kind == .mapping ? "a mapping" : "a list"
            let what = location.node.isMissing ? "empty" : location.node.kindPhrase
            throw fault(
                .wrongKind, "cannot \(edit): `\(location.path)` is \(what), not \(wanted)", at: location)
        }
        if growingNodes.insert(id).inserted { growing.append(location) }
    }

    private func checkPlain(_ content: YAMLContent, at location: YAMLLocation) throws(YAMLError) {
        switch content {
        case .string: break
        case .plain(let text):
            let isPossible = isJSON ? ScalarText.isJSONLiteral(text) : ScalarText.isSafePlain(text, inFlow: true)
            guard isPossible else {
                throw fault(.notRepresentable, "`\(text)` cannot be written without quotes", at: location)
            }
        case .mapping(let fields):
            for field in fields { try checkPlain(field.value, at: location) }
        case .sequence(let items):
            for item in items { try checkPlain(item, at: location) }
        }
    }

    private func fault(
        _ code: YAMLError.Code, _ message: String, at location: YAMLLocation
    ) -> YAMLError {
        YAMLError(
            code: code, operation: "edit \(location.path)", subject: file.path,
            diagnostics: [file.diagnostic(.error, message, at: location.key ?? location.node)])
    }
}

extension PointEdit {
    /// The text that the edit goes into, and the edit as it is inside; nil if it goes into none.
    fileprivate var embedded: (path: YAMLPath, inner: PointEdit)? {
        switch self {
        case .set(let path, let text, let typing):
            return path.embedded.map { ($0.outer, .set($0.inner, to: text, typing: typing)) }
        case .insert(let key, let value, let path):
            return path.embedded.map { ($0.outer, .insert(key: key, value: value, into: $0.inner)) }
        case .append(let content, let path):
            return path.embedded.map { ($0.outer, .append(content, to: $0.inner)) }
        case .delete(let path):
            return path.embedded.map { ($0.outer, .delete($0.inner)) }
        case .create(let path, let text, let typing):
            return path.embedded.map { ($0.outer, .create($0.inner, to: text, typing: typing)) }
        }
    }
}
