/// Compares the edited file's tree with the old tree and the plan: nothing else may have changed.
struct EditVerifier {
    let plan: EditPlan

    /// Where the new tree is not what was intended.
    struct Difference {
        /// The old node, nil if the file as a whole differs.
        var node: YAMLNode?
    }

    func firstDifference(_ old: [YAMLNode], _ new: [YAMLNode]) -> Difference? {
        guard old.count == new.count else { return Difference() }
        for (before, after) in zip(old, new) {
            if let node = difference(before, after) { return Difference(node: node) }
        }
        return nil
    }

    private func difference(_ old: YAMLNode, _ new: YAMLNode) -> YAMLNode? {
        let id = ObjectIdentifier(old)
        guard old.anchor == new.anchor, old.tag == new.tag else { return old }
        if old.isMissing, let content = plan.contentInsertedInto(id) { return matches(content, new) ? nil : old }
        guard old.kind == new.kind else { return old }
        if let assignment = plan.assignments[id] {
            return new.scalarText == assignment.text && new.readsAsString == assignment.isString ? nil : old
        }
        switch old.kind {
        case .scalar:
            return old.scalarText == new.scalarText && old.style == new.style ? nil : old
        case .alias:
            return nil
        case .sequence:
            return itemsDifference(old, new, inserted: plan.insertedItems[id] ?? [])
        case .mapping:
            return entriesDifference(old, new, inserted: plan.insertedFields[id] ?? [])
        }
    }

    private func itemsDifference(_ old: YAMLNode, _ new: YAMLNode, inserted: [YAMLContent]) -> YAMLNode? {
        let kept = old.items.filter { !plan.deleted.contains(ObjectIdentifier($0)) }
        guard new.items.count == kept.count + inserted.count else { return old }
        for (before, after) in zip(kept, new.items) {
            if let node = difference(before, after) { return node }
        }
        let areRight = zip(inserted, new.items.dropFirst(kept.count)).allSatisfy(matches)
        return areRight ? nil : old
    }

    private func entriesDifference(
        _ old: YAMLNode, _ new: YAMLNode, inserted: [YAMLContent.Field]
    ) -> YAMLNode? {
        let kept = old.entries.filter { !plan.deleted.contains(ObjectIdentifier($0.value)) }
        guard new.entries.count == kept.count + inserted.count else { return old }
        for (before, after) in zip(kept, new.entries) {
            if let node = difference(before.key, after.key) { return node }
            if let node = difference(before.value, after.value) { return node }
        }
        let areRight = zip(inserted, new.entries.dropFirst(kept.count)).allSatisfy { field, entry in
            entry.key.scalarText == field.key && matches(field.value, entry.value)
        }
        return areRight ? nil : old
    }

    private func matches(_ content: YAMLContent, _ node: YAMLNode) -> Bool {
        switch content {
        case .string(let text):
            return node.scalarText == text && node.readsAsString
        case .plain(let text):
            return node.scalarText == text && node.kind == .scalar && node.style == .plain
        case .sequence(let items):
            return node.kind == .sequence && node.items.count == items.count
                && zip(items, node.items).allSatisfy(matches)
        case .mapping(let fields):
            return node.kind == .mapping && node.entries.count == fields.count
                && zip(fields, node.entries).allSatisfy { field, entry in
                    entry.key.scalarText == field.key && matches(field.value, entry.value)
                }
        }
    }
}
