public import YAMLEdit

/// Reads files of `workflows/tests/`.
public struct PolicyTestReader {
    /// The tests of one file, with every fault at its place.
    public static func read(_ file: RuleFile) -> (tests: [PolicyTest], diagnostics: [Diagnostic]) {
        do {
            let yaml = try YAMLFile(bytes: file.bytes, path: file.path)
            let faults = FaultCollector(file: yaml)
            guard let root = yaml.documents.first, yaml.documents.count == 1 else {
                return ([], [Diagnostic(message: "a file of tests holds one document", path: file.path)])
            }
            let tests = PolicyTestDecoder(faults: faults).tests(root)
            return (faults.isClean ? tests : [], faults.diagnostics)
        } catch {
            return ([], error.diagnostics)
        }
    }
}

/// Decodes `{defaults, tests: [{name, facts, expect}]}`.
struct PolicyTestDecoder {
    let faults: FaultCollector

    func tests(_ root: YAMLNode) -> [PolicyTest] {
        guard var reader = MappingReader(root, "a file of tests", faults) else { return [] }
        let defaults = reader.value("defaults").map(settings) ?? [:]
        let items = reader.items("tests")
        if items == nil, reader.key("tests") == nil { faults.error("a file of tests needs `tests`", at: root) }
        reader.finish()
        return (items ?? []).compactMap { test($0, defaults) }
    }

    private static let names = ["service", "stage", "version", "now", "requester", "author", "ticket"]

    private func settings(_ node: YAMLNode) -> [String: LocatedText] {
        guard var reader = MappingReader(node, "`defaults`", faults) else { return [:] }
        let given = Self.names.compactMap { name in reader.text(name).map { (name, $0) } }
        reader.finish()
        return Dictionary(given) { $1 }
    }

    private func test(_ node: YAMLNode, _ defaults: [String: LocatedText]) -> PolicyTest? {
        guard var reader = MappingReader(node, "a test", faults) else { return nil }
        var given = defaults
        for name in Self.names { if let text = reader.text(name) { given[name] = text } }
        let name = reader.required("name")
        let facts = (reader.items("facts") ?? []).compactMap(fact)
        let expected = reader.value("expect")
        if expected == nil, reader.key("expect") == nil { faults.error("a test needs `expect`", at: node) }
        reader.finish()
        for needed in ["service", "stage", "now"] where given[needed] == nil {
            faults.error("a test needs `\(needed)`, its own or of `defaults`", at: node)
        }
        let (verdict, gates) = expected.map(expectations) ?? (nil, [:])
        guard let name, let service = given["service"], let stage = given["stage"], let now = given["now"] else { return nil }
        return PolicyTest(
            name: name.text, service: service.text, stage: stage.text, version: given["version"]?.text ?? "1.0.0", now: now.text,
            requester: given["requester"]?.text ?? "requester", authors: given["author"].map { [$0.text] } ?? [],
            ticket: given["ticket"]?.text, facts: facts, verdict: verdict, gates: gates, path: faults.file.path,
            location: faults.located(node))
    }

    private func fact(_ node: YAMLNode) -> PolicyTest.Fact? {
        guard var reader = MappingReader(node, "a fact", faults) else { return nil }
        let kinds = PolicyTest.Fact.Kind.allCases.filter { reader.key($0.rawValue) != nil }
        let values = kinds == [.evidence] ? reader.assignments("evidence") ?? [] : []
        let subject = kinds.count == 1 && kinds != [.evidence] ? reader.text(kinds[0].rawValue)?.text : nil
        let fact = PolicyTest.Fact(
            kind: kinds.first ?? .evidence, subject: subject ?? "",
            values: Dictionary(values.map { ($0.key.text, $0.value.text) }) { $1 }, stage: reader.text("in")?.text,
            service: reader.text("service")?.text, version: reader.text("version")?.text, by: reader.text("by")?.text,
            ago: reader.span("ago") ?? .seconds(0), lasts: reader.span("lasts"))
        reader.finish()
        guard kinds.count == 1 else {
            let names = PolicyTest.Fact.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            faults.error("a fact has one of \(names)", at: node)
            return nil
        }
        return fact
    }

    private func expectations(_ node: YAMLNode) -> (String?, [String: PolicyTest.Expectation]) {
        guard var reader = MappingReader(node, "`expect`", faults) else { return (nil, [:]) }
        let verdict = reader.text("verdict")
        let gates = reader.value("gates")
        reader.finish()
        if verdict == nil, gates == nil { faults.error("`expect` needs `verdict` or `gates`", at: node) }
        var expected: [String: PolicyTest.Expectation] = [:]
        for entry in gates?.entriesResolvingMerges() ?? [] {
            guard let id = entry.key.resolved.scalarText else { continue }
            expected[id] = expectation(entry.value.resolved, id)
        }
        return (verdict.flatMap(checked), expected)
    }

    /// A verdict alone, or a map.
    private func expectation(_ node: YAMLNode, _ id: String) -> PolicyTest.Expectation? {
        guard node.kind == .mapping, var reader = MappingReader(node, "a gate", faults) else {
            return faults.text(node, "`\(id)`").flatMap(checked).map { .init(verdict: $0) }
        }
        let verdict = reader.text("verdict").flatMap(checked)
        let expectation = PolicyTest.Expectation(verdict: verdict, next: reader.text("next")?.text, reason: reader.text("reason")?.text)
        reader.finish()
        return expectation
    }

    private func checked(_ text: LocatedText) -> String? {
        let verdicts = ["passed", "failed", "waiting", "errored", "absent"]
        guard verdicts.contains(text.text) else {
            faults.error(
                "a verdict is \(verdicts.joined(separator: ", ")), not `\(text.text)`", at: text.node,
                hint: FaultCollector.didYouMean(text.text, among: verdicts))
            return nil
        }
        return text.text
    }
}
