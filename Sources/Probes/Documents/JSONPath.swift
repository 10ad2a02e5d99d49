internal import Expressions

/// The part of Kubernetes' JSONPath that health checks use: keys, indices and `[*]`; the first match counts.
///
/// `$.checks[0].state`, `{.status.phase}`, `$['a b']`, `items[*].name`, `{$}`.
struct JSONPath {
    private enum Step {
        case key(String)
        case index(Int)
        case all
    }

    private let steps: [Step]

    /// Nil when the text is no such path.
    init?(_ text: String) {
        var rest = text[...]
        if rest.hasPrefix("{"), rest.hasSuffix("}") { rest = rest.dropFirst().dropLast() }
        if rest.hasPrefix("$") { rest = rest.dropFirst() }
        if !rest.isEmpty, !rest.hasPrefix("."), !rest.hasPrefix("[") { rest = "." + rest }
        var steps: [Step] = []
        while let first = rest.first {
            rest = rest.dropFirst()
            if first == "." {
                let key = rest.prefix { $0 != "." && $0 != "[" }
                guard !key.isEmpty else { return nil }
                steps.append(key == "*" ? .all : .key(String(key)))
                rest = rest.dropFirst(key.count)
            } else {
                guard first == "[", let close = rest.firstIndex(of: "]") else { return nil }
                let inner = rest[..<close]
                rest = rest[rest.index(after: close)...]
                if inner == "*" {
                    steps.append(.all)
                } else if let index = Int(inner) {
                    steps.append(.index(index))
                } else if inner.count >= 2, let quote = inner.first, quote == "'" || quote == "\"", inner.last == quote {
                    steps.append(.key(String(inner.dropFirst().dropLast())))
                } else {
                    return nil
                }
            }
        }
        self.steps = steps
    }

    /// Nil when nothing matches.
    func first(in document: Value) -> Value? {
        var current = [document]
        for step in steps {
            current = current.flatMap { value -> [Value] in
                switch step {
                case .key(let key): return value.members[key].map { [$0] } ?? []
                case .index(let index):
                    let items = value.items
                    let position = index < 0 ? items.count + index : index
                    return items.indices.contains(position) ? [items[position]] : []
                case .all: return value.items.isEmpty ? value.members.sorted { $0.key < $1.key }.map(\.value) : value.items
                }
            }
        }
        return current.first
    }
}
