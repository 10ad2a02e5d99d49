import YAMLEdit

/// Gathers the faults of one file, so that one run reports all of them.
final class FaultCollector {
    let file: YAMLFile
    /// The time zones there are; nil: they are not known here.
    let zones: (any ZoneNames)?
    private(set) var diagnostics: [Diagnostic] = []

    /// A node that several places use through an alias is read at each of them; its faults are reported once.
    private var seen = Set<Diagnostic>()

    init(file: YAMLFile, zones: (any ZoneNames)? = nil) {
        self.file = file
        self.zones = zones
    }

    func error(_ message: String, at node: YAMLNode, hint: String? = nil) {
        add(file.diagnostic(.error, message, at: node, hint: hint))
    }

    func warning(_ message: String, at node: YAMLNode, hint: String? = nil) {
        add(file.diagnostic(.warning, message, at: node, hint: hint))
    }

    private func add(_ diagnostic: Diagnostic) {
        if seen.insert(diagnostic).inserted { diagnostics.append(diagnostic) }
    }

    /// A known key that this version cannot carry out.
    ///
    /// It is refused, because ignoring it would promote by other rules than those written.
    func unsupported(_ what: String, at node: YAMLNode, hint: String? = nil) {
        error("\(what) is not supported by this version of gradus", at: node, hint: hint)
    }

    /// A name that none of `known` equals.
    func unknown(_ kind: String, _ name: String, among known: some Sequence<String>, at node: YAMLNode) {
        error("unknown \(kind) `\(name)`", at: node, hint: Self.didYouMean(name, among: known))
    }

    /// True when no error was found; warnings do not count.
    var isClean: Bool { !diagnostics.contains { $0.severity == .error } }

    func located(_ node: YAMLNode) -> Located {
        let position = file.position(ofByte: node.range.lowerBound)
        return Located(line: position.line, column: position.column)
    }

    func line(_ node: YAMLNode) -> Int { located(node).line }

    /// The name that was probably meant. Among few known keys a distance of 3 finds a likeness between any short words.
    static func nearest(_ name: String, among known: some Sequence<String>) -> String? {
        Suggestion.nearest(name, among: known).flatMap {
            name.count > 8 || Suggestion.editDistance(name, $0) <= 2 ? $0 : nil
        }
    }

    /// The hint that names it.
    static func didYouMean(_ name: String, among known: some Sequence<String>) -> String? {
        nearest(name, among: known).map { "did you mean `\($0)`?" }
    }
}

/// A text of the file together with the place where it stands.
struct LocatedText {
    var text: String
    var node: YAMLNode

    init(_ text: String, _ node: YAMLNode) {
        self.text = text
        self.node = node
    }
}
