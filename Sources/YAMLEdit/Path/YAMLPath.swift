/// Where a value lives: `spec.source.helm.parameters[name=global.imageTag].value`.
///
/// Steps are keys, list indexes (`images[0]`) and list items chosen by a field (`[name=web]`). A key with special characters is
/// quoted (`metadata.annotations."a.b/c"`) or escaped (`a\.b`). A document of a multi-document file is chosen in front:
/// `kind=Deployment,metadata.name=web#spec.replicas`. A `|` goes into the YAML that a text holds:
/// `spec.source.helm.values|image.tag`.
public struct YAMLPath: Sendable, Hashable, CustomStringConvertible {
    /// A field that must have a text: `metadata.name=web`.
    public struct Condition: Sendable, Hashable {
        /// The keys that lead to the field.
        public var keys: [String]
        public var value: String

        public init(_ keys: [String], equals value: String) {
            self.keys = keys
            self.value = value
        }
    }

    public enum Step: Sendable, Hashable {
        case key(String)
        case index(Int)
        /// The one list item that meets all conditions.
        case item([Condition])
        /// Into the document that the text at this place is.
        case inside
    }

    /// What the document must contain; empty if any document may be meant.
    public var document: [Condition]
    /// The way from the document's root; empty means the root.
    public var steps: [Step]

    public init(document: [Condition] = [], steps: [Step]) {
        self.document = document
        self.steps = steps
    }

    /// A path of keys from the root.
    public init(keys: [String]) {
        self.init(steps: keys.map(Step.key))
    }

    /// Reads the notation.
    ///
    /// - Throws: ``YAMLError`` with code `invalidPath` that points at the fault; an empty text is one.
    public init(parsing text: String) throws(YAMLError) {
        var parser = YAMLPathParser(text)
        self = try parser.parse()
    }

    /// Splits `PATH=VALUE` at the first `=` that is not part of a document selector, a bracket or a quoted key.
    ///
    /// - Throws: as ``init(parsing:)``, and if there is no `=`.
    public static func parsingAssignment(_ text: String) throws(YAMLError) -> (path: YAMLPath, value: String) {
        var parser = YAMLPathParser(text)
        return try parser.parseAssignment()
    }

    /// The path extended by steps.
    public func appending(_ more: Step...) -> YAMLPath {
        YAMLPath(document: document, steps: steps + more)
    }

    /// The way to the first text that the path goes into, and the way inside of it; nil if it goes into none.
    public var embedded: (outer: YAMLPath, inner: YAMLPath)? {
        guard let index = steps.firstIndex(of: .inside) else { return nil }
        return (
            YAMLPath(document: document, steps: Array(steps[..<index])), YAMLPath(steps: Array(steps[(index + 1)...]))
        )
    }

    /// The path inside the text that this path leads to.
    public func inside(_ inner: YAMLPath) -> YAMLPath {
        YAMLPath(document: document, steps: steps + [.inside] + inner.steps)
    }

    /// The notation, quoted where needed; it parses back to an equal path.
    public var description: String {
        var text = document.isEmpty ? "" : Self.list(document) + "#"
        for (index, step) in steps.enumerated() {
            switch step {
            case .key(let key):
                let isFirst = index == 0 || steps[index - 1] == .inside
                text += (isFirst ? "" : ".") + Self.quoted(key, stops: ".[]=#,|")
            case .inside: text += "|"
            case .index(let number): text += "[\(number)]"
            case .item(let conditions): text += "[\(Self.list(conditions))]"
            }
        }
        return text
    }

    private static func list(_ conditions: [Condition]) -> String {
        conditions.map { condition in
            let keys = condition.keys.map { quoted($0, stops: ".[]=#,|") }.joined(separator: ".")
            return keys + "=" + quoted(condition.value, stops: "[],#")
        }.joined(separator: ",")
    }

    private static func quoted(_ text: String, stops: String) -> String {
        let isBare = !text.isEmpty && text.unicodeScalars.allSatisfy { scalar in
            !stops.unicodeScalars.contains(scalar) && scalar != "\"" && scalar != "'" && scalar != "\\"
                && scalar != " " && scalar.value >= 0x20
        }
        guard !isBare else { return text }
        var result = "\""
        for character in text.unicodeScalars {
            if character == "\"" || character == "\\" { result += "\\" }
            result.unicodeScalars.append(character)
        }
        return result + "\""
    }
}
