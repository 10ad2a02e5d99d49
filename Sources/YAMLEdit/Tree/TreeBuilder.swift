import CLibYAML

/// Turns libyaml's events into nodes with exact byte ranges.
struct TreeBuilder {
    /// A collection that is not closed yet.
    private struct Frame {
        var isMapping: Bool
        var isFlow: Bool
        var properties: NodeProperties
        var children: [YAMLNode] = []
    }

    /// A generated file can repeat a key a million times; nobody reads more than the first few.
    private static let maxDuplicateDiagnostics = 40

    private let source: SourceText
    private let limits: YAMLLimits
    private let characters: CharacterIndex
    /// Where JSON strings were changed for libyaml, see ``JSONStrings``.
    private let shadowed: [Int]
    private var nextShadowed = 0
    private var frames: [Frame] = []
    private var anchors: [String: YAMLNode] = [:]
    private var nodeCount = 0
    private var aliasCount = 0
    private var duplicates: [Diagnostic] = []
    private var documents: [YAMLNode] = []
    private var root: YAMLNode?

    /// Parses a screened text.
    static func documents(of source: SourceText, limits: YAMLLimits) throws(YAMLError) -> [YAMLNode] {
        var text = source.bytes
        var shadowed: [Int] = []
        if source.path.hasSuffix(".json") {
            (text, shadowed) = JSONStrings.shadow(of: source.bytes)
        }
        var builder = TreeBuilder(source: source, limits: limits, shadowed: shadowed)
        try builder.read(text[source.contentStart...])
        return builder.documents
    }

    private init(source: SourceText, limits: YAMLLimits, shadowed: [Int]) {
        self.source = source
        self.limits = limits
        self.shadowed = shadowed
        characters = CharacterIndex(bytes: source.bytes, base: source.contentStart)
    }

    private mutating func read(_ text: ArraySlice<UInt8>) throws(YAMLError) {
        var reader: EventReader
        do {
            reader = try EventReader(text: text)
        } catch {
            throw syntaxError(error)
        }
        var isDone = false
        while !isDone {
            let outcome = try reader.next { (event) throws(YAMLError) -> Bool in
                try handle(event)
                return event.type == YAML_STREAM_END_EVENT
            }
            switch outcome {
            case .success(let done): isDone = done
            case .failure(let failure): throw syntaxError(failure)
            }
        }
        guard duplicates.isEmpty else {
            throw YAMLError(
                code: .duplicateKey, operation: "read", subject: source.path,
                diagnostics: duplicates)
        }
    }

    private mutating func handle(_ event: borrowing yaml_event_t) throws(YAMLError) {
        let start = characters.byteOffset(ofCharacter: event.start_mark.index)
        let end = characters.byteOffset(ofCharacter: event.end_mark.index)
        switch event.type {
        case YAML_DOCUMENT_START_EVENT:
            anchors = [:]
            root = nil
        case YAML_DOCUMENT_END_EVENT:
            if let root { documents.append(root) }
        case YAML_SCALAR_EVENT:
            let data = event.data.scalar
            let properties = properties(data.anchor, data.tag, start: start, end: end)
            var text = Self.string(data.value, count: data.length)
            let range = properties.valueStart..<end
            // Scalars come in the order of the file, so each changed place is met once.
            while nextShadowed < shadowed.count, shadowed[nextShadowed] < range.lowerBound {
                nextShadowed += 1
            }
            if nextShadowed < shadowed.count, range.contains(shadowed[nextShadowed]) {
                text = try jsonText(range)
            }
            try add(
                YAMLNode(
                    kind: .scalar, range: range, fullStart: start, anchor: properties.anchor,
                    tag: properties.tag, style: Self.style(data.style), scalarText: text),
                at: start)
        case YAML_ALIAS_EVENT:
            try addAlias(Self.string(event.data.alias.anchor) ?? "", range: start..<end)
        case YAML_SEQUENCE_START_EVENT:
            let data = event.data.sequence_start
            let isFlow = data.style == YAML_FLOW_SEQUENCE_STYLE
            try open(
                Frame(
                    isMapping: false, isFlow: isFlow,
                    properties: properties(data.anchor, data.tag, start: start, end: nil)))
        case YAML_MAPPING_START_EVENT:
            let data = event.data.mapping_start
            let isFlow = data.style == YAML_FLOW_MAPPING_STYLE
            try open(
                Frame(
                    isMapping: true, isFlow: isFlow,
                    properties: properties(data.anchor, data.tag, start: start, end: nil)))
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
            try close(end: end)
        default:
            break
        }
    }

    // MARK: Nodes

    private mutating func open(_ frame: Frame) throws(YAMLError) {
        frames.append(frame)
        guard frames.count <= limits.maxDepth else {
            throw limit(
                "collections are nested deeper than \(limits.maxDepth) levels",
                at: frame.properties.valueStart)
        }
    }

    private mutating func close(end: Int) throws(YAMLError) {
        guard let frame = frames.popLast() else { return }
        let start = frame.properties.valueStart
        let bytes = source.bytes
        let opener = frame.isMapping ? UInt8(ascii: "{") : UInt8(ascii: "[")
        // `[a: b]` holds a flow mapping without braces; it ends with its last child, as block collections do.
        let hasBrackets = frame.isFlow && start < bytes.count && bytes[start] == opener
        var node: YAMLNode
        if frame.isMapping {
            var entries: [YAMLNode.Entry] = []
            entries.reserveCapacity(frame.children.count / 2)
            var index = 0
            while index + 1 < frame.children.count {
                let key = frame.children[index]
                entries.append((key, settled(frame.children[index + 1], after: key)))
                index += 2
            }
            let last = entries.last.map { max($0.key.range.upperBound, $0.value.range.upperBound) }
            node = YAMLNode(
                kind: .mapping, range: start..<max(start, hasBrackets ? end : last ?? start),
                fullStart: frame.properties.start, anchor: frame.properties.anchor,
                tag: frame.properties.tag, isFlow: frame.isFlow, entries: entries)
            collectDuplicates(entries)
        } else {
            let last = frame.children.last?.range.upperBound ?? start
            node = YAMLNode(
                kind: .sequence, range: start..<max(start, hasBrackets ? end : last),
                fullStart: frame.properties.start, anchor: frame.properties.anchor,
                tag: frame.properties.tag, isFlow: frame.isFlow, items: frame.children)
        }
        try add(node, at: start)
    }

    private mutating func add(_ node: YAMLNode, at offset: Int) throws(YAMLError) {
        nodeCount += 1
        guard nodeCount <= limits.maxNodes, node.expandedCount <= limits.maxExpandedNodes else {
            throw limit("the file has more than \(limits.maxNodes) nodes, aliases counted in full", at: offset)
        }
        guard node.expandedHeight + frames.count <= limits.maxDepth else {
            throw limit(
                "collections are nested deeper than \(limits.maxDepth) levels, aliases counted in full",
                at: offset)
        }
        if node.kind != .alias, let anchor = node.anchor { anchors[anchor] = node }
        if frames.isEmpty {
            root = node
        } else {
            frames[frames.count - 1].children.append(node)
        }
    }

    private mutating func addAlias(_ name: String, range: Range<Int>) throws(YAMLError) {
        aliasCount += 1
        guard aliasCount <= limits.maxAliases else {
            throw limit("the file has more than \(limits.maxAliases) aliases", at: range.lowerBound)
        }
        if let frame = frames.first(where: { $0.properties.anchor == name }) {
            throw YAMLError(
                code: .recursiveAlias, operation: "read", subject: source.path,
                diagnostics: [
                    source.diagnostic(
                        .error, "the alias `*\(name)` stands inside the node that it names", range: range),
                    source.diagnostic(
                        .note, "the anchor `&\(name)` is here",
                        range: frame.properties.start..<frame.properties.start + 1),
                ])
        }
        guard let target = anchors[name] else {
            let near = Suggestion.nearest(name, among: anchors.keys.sorted())
            throw YAMLError(
                code: .syntax, operation: "read", subject: source.path,
                diagnostics: [
                    source.diagnostic(
                        .error, "the alias `*\(name)` names no anchor above it", range: range,
                        hint: near.map { "did you mean `*\($0)`?" })
                ])
        }
        try add(
            YAMLNode(kind: .alias, range: range, anchor: name, aliasTarget: target),
            at: range.lowerBound)
    }

    /// A missing value's mark may lie at the next token; its place is right after the `:`, or after a key without one.
    private func settled(_ value: YAMLNode, after key: YAMLNode) -> YAMLNode {
        guard value.isMissing, value.anchor == nil, value.tag == nil else { return value }
        let offset = source.offsetAfterColon(from: key.range.upperBound) ?? key.range.upperBound
        return YAMLNode(kind: .scalar, range: offset..<offset, scalarText: "")
    }

    private mutating func collectDuplicates(_ entries: [YAMLNode.Entry]) {
        var first: [String: YAMLNode] = [:]
        first.reserveCapacity(entries.count)
        for entry in entries {
            guard let name = entry.key.resolved.scalarText else { continue }
            guard let earlier = first.updateValue(entry.key, forKey: name) else { continue }
            first[name] = earlier
            guard duplicates.count < Self.maxDuplicateDiagnostics else { return }
            let place = source.position(ofByte: earlier.range.lowerBound)
            duplicates.append(
                source.diagnostic(
                    .error, "the key `\(name)` is given twice in one mapping", range: entry.key.range,
                    hint: name == YAMLNode.mergeKey ? "write `<<: [*first, *second]`" : nil))
            duplicates.append(
                source.diagnostic(
                    .note, "it is first given here, in line \(place.line)", range: earlier.range))
        }
    }

    private func jsonText(_ range: Range<Int>) throws(YAMLError) -> String {
        let inner = source.bytes[range]
        if inner.count >= 2, inner.first == UInt8(ascii: "\""),
            let text = JSONStrings.decode(inner.dropFirst().dropLast())
        {
            return text
        }
        throw YAMLError(
            code: .syntax, operation: "read", subject: source.path,
            diagnostics: [source.diagnostic(.error, "this is not a JSON string", range: range)])
    }

    // MARK: Properties and faults

    private func properties(
        _ anchor: UnsafeMutablePointer<UInt8>?, _ tag: UnsafeMutablePointer<UInt8>?, start: Int, end: Int?
    ) -> NodeProperties {
        NodeProperties(
            bytes: source.bytes, start: start, end: end ?? source.bytes.count,
            anchor: Self.string(anchor), tag: Self.string(tag))
    }

    private static func string(_ pointer: UnsafeMutablePointer<UInt8>?) -> String? {
        pointer.map { String(cString: $0) }
    }

    private static func string(_ pointer: UnsafeMutablePointer<UInt8>?, count: Int) -> String {
        String(decoding: UnsafeBufferPointer(start: pointer, count: pointer == nil ? 0 : count), as: UTF8.self)
    }

    private static func style(_ style: yaml_scalar_style_t) -> YAMLNode.ScalarStyle {
        switch style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
        case YAML_LITERAL_SCALAR_STYLE: .literal
        case YAML_FOLDED_SCALAR_STYLE: .folded
        default: .plain
        }
    }

    private func limit(_ message: String, at offset: Int) -> YAMLError {
        YAMLError(
            code: .limit, operation: "read", subject: source.path,
            diagnostics: [source.diagnostic(.error, message, range: offset..<offset + 1)])
    }

    private func syntaxError(_ failure: EventReader.Failure) -> YAMLError {
        SyntaxFault(failure, source: source, characters: characters).error
    }
}
