import YAMLEdit

/// Reads the keys of one mapping, remembers which were asked for, and reports the others.
///
/// Every getter reports a wrong type and then answers nil, so that reading goes on after a fault. Aliases and
/// `<<` are resolved before.
struct MappingReader {
    /// The mapping itself.
    let node: YAMLNode
    let faults: FaultCollector
    /// In words with an article, for messages: `a stage`.
    private let what: String
    private let entries: [(key: YAMLNode, value: YAMLNode)]
    private var asked: [String] = []
    /// The keys that there may be; nil: those that are asked for.
    private let schema: MapSchema?

    /// Nil, with an error, when the node is no mapping.
    init?(_ node: YAMLNode, _ what: String, _ faults: FaultCollector) {
        let mapping = node.resolved
        guard mapping.kind == .mapping else {
            faults.error("\(what) must be a map, not \(mapping.typeInWords)", at: node)
            return nil
        }
        self.node = mapping
        self.what = what
        self.faults = faults
        entries = mapping.entriesResolvingMerges()
        schema = nil
    }

    /// Reads a map whose keys a table gives; `what` names it more precisely than the table.
    init?(_ node: YAMLNode, _ schema: MapSchema, _ faults: FaultCollector, as what: String? = nil) {
        let mapping = node.resolved
        let what = what ?? schema.what
        guard mapping.kind == .mapping else {
            faults.error("\(what) must be a map, not \(mapping.typeInWords)", at: node)
            return nil
        }
        self.node = mapping
        self.what = what
        self.faults = faults
        entries = mapping.entriesResolvingMerges()
        self.schema = schema
    }

    /// The key's value with aliases resolved; nil when absent, and, with an error, when nothing stands after the colon.
    mutating func value(_ key: String) -> YAMLNode? {
        guard let entry = entry(key) else { return nil }
        let value = entry.value.resolved
        guard value.isNull else { return value }
        faults.error("`\(key)` has no value", at: entry.key)
        return nil
    }

    /// The key's own node, for messages about the key.
    mutating func key(_ key: String) -> YAMLNode? { entry(key)?.key }

    mutating func text(_ key: String) -> LocatedText? {
        value(key).flatMap { faults.text($0, "`\(key)`") }
    }

    /// The text of a key that must be there; an error at `node`, or at the mapping, when it is not.
    mutating func required(_ key: String, at place: YAMLNode? = nil, hint: String? = nil) -> LocatedText? {
        guard entry(key) != nil else {
            faults.error("\(what) needs `\(key)`", at: place ?? node, hint: hint)
            return nil
        }
        return text(key)
    }

    mutating func bool(_ key: String) -> Bool? {
        guard let value = value(key) else { return nil }
        if case .bool(let flag) = value.plainType { return flag }
        faults.error("`\(key)` must be true or false, not \(value.typeInWords)", at: value)
        return nil
    }

    mutating func span(_ key: String) -> TimeSpan? {
        text(key).flatMap { faults.span($0, "`\(key)`") }
    }

    mutating func items(_ key: String) -> [YAMLNode]? {
        guard let value = value(key) else { return nil }
        guard value.kind == .sequence else {
            faults.error("`\(key)` must be a list, not \(value.typeInWords)", at: value)
            return nil
        }
        return value.items
    }

    /// A list of texts.
    mutating func texts(_ key: String) -> [LocatedText]? {
        items(key)?.compactMap { faults.text($0, "an item of `\(key)`") }
    }

    /// A map whose values are texts, in file order.
    mutating func assignments(_ key: String) -> [(key: LocatedText, value: LocatedText)]? {
        guard let value = value(key) else { return nil }
        guard value.kind == .mapping else {
            faults.error("`\(key)` must be a map, not \(value.typeInWords)", at: value)
            return nil
        }
        return value.entriesResolvingMerges().compactMap { entry in
            let name = entry.key.resolved.scalarText ?? ""
            guard let text = faults.text(entry.value, "`\(name)`") else { return nil }
            return (LocatedText(name, entry.key), text)
        }
    }

    mutating func choice<Value: RawRepresentable & CaseIterable>(
        _ key: String, of type: Value.Type = Value.self
    ) -> Value? where Value.RawValue == String {
        text(key).flatMap { faults.choice($0, "`\(key)`") }
    }

    /// Reports each of the keys that is there as not supported by this version.
    mutating func refuse(_ keys: [String]) {
        for key in keys {
            if let node = self.key(key) { faults.unsupported("`\(key)`", at: node) }
        }
    }

    /// Reports every key that is not known, and every known one that nobody asked for.
    func finish() {
        let known = schema.map { $0.keys.map(\.name) } ?? asked
        for entry in entries {
            guard let key = entry.key.resolved.scalarText else {
                faults.error("a key of \(what) must be text", at: entry.key)
                continue
            }
            if asked.contains(key) || (schema?.freePrefix.map(key.hasPrefix) ?? false) { continue }
            if known.contains(key) {
                faults.unsupported("`\(key)`", at: entry.key)
            } else {
                faults.error(
                    "unknown key `\(key)` in \(what)", at: entry.key, hint: FaultCollector.didYouMean(key, among: known))
            }
        }
    }

    private mutating func entry(_ key: String) -> (key: YAMLNode, value: YAMLNode)? {
        assert(schema == nil || schema?.key(key)?.isSupported == true, "`\(key)` is not in the table of \(what)")
        asked.append(key)
        return entries.first { $0.key.resolved.scalarText == key }
    }
}

extension FaultCollector {
    /// The text of a scalar that is not null; an error naming `what` otherwise.
    func text(_ node: YAMLNode, _ what: String) -> LocatedText? {
        let value = node.resolved
        guard let text = value.scalarText, !value.isNull else {
            error("\(what) must be text, not \(value.typeInWords)", at: value)
            return nil
        }
        return LocatedText(text, value)
    }

    func span(_ text: LocatedText, _ what: String) -> TimeSpan? {
        guard let span = TimeSpan(parsing: text.text) else {
            let isBare = Int(text.text) != nil
            error(
                "\(what) must be a time span such as 90s, 24h or 7d, not `\(text.text)`", at: text.node,
                hint: isBare ? "write the unit: `\(text.text)h` is hours, `\(text.text)m` minutes" : nil)
            return nil
        }
        return span
    }

    func choice<Value: RawRepresentable & CaseIterable>(
        _ text: LocatedText, _ what: String, of type: Value.Type = Value.self
    ) -> Value? where Value.RawValue == String {
        if let value = Value(rawValue: text.text) { return value }
        let names = Value.allCases.map(\.rawValue)
        error(
            "\(what) must be \(names.dropLast().joined(separator: ", ")) or \(names.last ?? ""), not `\(text.text)`",
            at: text.node, hint: Self.didYouMean(text.text, among: names))
        return nil
    }
}

extension YAMLNode {
    /// The YAML 1.2 type of a plain scalar; quoted scalars are strings.
    var plainType: ScalarType { style == .plain ? scalarType : .string }

    var isNull: Bool {
        if kind == .scalar, case .null = plainType { true } else { false }
    }

    /// What the node is, for messages about wrong types.
    var typeInWords: String {
        switch kind {
        case .mapping: "a map"
        case .sequence: "a list"
        case .alias: "an alias"
        case .scalar: isNull ? "nothing" : "`\(scalarText ?? "")`"
        }
    }
}
