/// Ways through documents of others, in which anything may be missing or of another type.
package extension Value {
    /// What stands below the keys; nil when one is missing.
    subscript(_ keys: String...) -> Value? {
        var current = self
        for key in keys {
            guard case .map(let members) = current, let next = members[key] else { return nil }
            current = next
        }
        return current == .null ? nil : current
    }

    var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    var whole: Int? {
        switch self {
        case .int(let number): number
        case .float(let number): Int(exactly: number)
        default: nil
        }
    }

    var flag: Bool? {
        guard case .bool(let flag) = self else { return nil }
        return flag
    }

    /// Empty for anything that is no list.
    var items: [Value] {
        guard case .array(let items) = self else { return [] }
        return items
    }

    /// Empty for anything that is no map.
    var members: [String: Value] {
        guard case .map(let members) = self else { return [:] }
        return members
    }
}
