/// Builds what a path lacks, so that several creations below one missing key share it.
enum CreationPlan {
    /// Adds the rest of a path, with a value at its end, to new fields of a mapping.
    ///
    /// - Returns: false if the steps cannot be created there, or if the value is given already as another.
    static func add(_ steps: ArraySlice<YAMLPath.Step>, _ value: YAMLContent, to fields: inout [YAMLContent.Field]) -> Bool {
        guard case .key(let name)? = steps.first else { return false }
        let rest = steps.dropFirst()
        guard let index = fields.firstIndex(where: { $0.key == name }) else {
            guard let content = content(rest, value) else { return false }
            fields.append(YAMLContent.Field(name, content))
            return true
        }
        return merge(rest, value, into: &fields[index].value)
    }

    /// Adds the rest of a path to new items of a list; the first step names the item by its fields.
    static func add(_ steps: ArraySlice<YAMLPath.Step>, _ value: YAMLContent, to items: inout [YAMLContent]) -> Bool {
        guard case .item(let conditions)? = steps.first, let named = fields(of: conditions) else { return false }
        for index in items.indices {
            guard case .mapping(var fields) = items[index], named.allSatisfy(fields.contains) else { continue }
            guard add(steps.dropFirst(), value, to: &fields) else { return false }
            items[index] = .mapping(fields)
            return true
        }
        var fields = named
        guard add(steps.dropFirst(), value, to: &fields) else { return false }
        items.append(.mapping(fields))
        return true
    }

    private static func content(_ steps: ArraySlice<YAMLPath.Step>, _ value: YAMLContent) -> YAMLContent? {
        switch steps.first {
        case nil: return value
        case .key:
            var fields: [YAMLContent.Field] = []
            return add(steps, value, to: &fields) ? .mapping(fields) : nil
        case .item:
            var items: [YAMLContent] = []
            return add(steps, value, to: &items) ? .sequence(items) : nil
        case .index, .inside: return nil
        }
    }

    private static func merge(_ steps: ArraySlice<YAMLPath.Step>, _ value: YAMLContent, into content: inout YAMLContent) -> Bool {
        switch content {
        case .mapping(var fields):
            guard add(steps, value, to: &fields) else { return false }
            content = .mapping(fields)
        case .sequence(var items):
            guard add(steps, value, to: &items) else { return false }
            content = .sequence(items)
        case .string, .plain:
            return steps.isEmpty && content == value
        }
        return true
    }

    /// `[name=web]` is an item with that name; conditions on deeper fields name no new item.
    private static func fields(of conditions: [YAMLPath.Condition]) -> [YAMLContent.Field]? {
        guard conditions.allSatisfy({ $0.keys.count == 1 }) else { return nil }
        return conditions.map { YAMLContent.Field($0.keys[0], .string($0.value)) }
    }
}
