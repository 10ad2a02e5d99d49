import Expressions
import Patterns
import YAMLEdit

/// A criterion with the node of its key.
struct DeclaredCriterion {
    var criterion: Criterion
    var node: YAMLNode
}

/// Decodes lists of criteria of one workflow (`design.md` section 6).
struct CriteriaDecoder {
    let faults: FaultCollector
    let stageNames: [String]
    /// The keys that the workflow declares under `evidence:`.
    let evidence: [String: EvidenceRule]
    /// Undeclared keys are then warnings, because the seed form has no place to declare them.
    let isSeedForm: Bool

    private static let stableSuffix = "_stable"

    /// A list of one-entry maps, or one map.
    func criteria(_ node: YAMLNode, of what: String) -> [DeclaredCriterion] {
        let value = node.resolved
        switch value.kind {
        case .mapping: return entries(of: value)
        case .sequence:
            return value.items.flatMap { item -> [DeclaredCriterion] in
                let entry = item.resolved
                guard entry.kind == .mapping else {
                    faults.error(
                        "a criterion must be written `key: value`, not \(entry.typeInWords)", at: entry,
                        hint: entry.scalarText.map { "write `- \($0): …`" })
                    return []
                }
                return entries(of: entry)
            }
        default:
            faults.error("\(what) must be a list of criteria, not \(value.typeInWords)", at: value)
            return []
        }
    }

    private func entries(of mapping: YAMLNode) -> [DeclaredCriterion] {
        mapping.entriesResolvingMerges().flatMap { entry -> [DeclaredCriterion] in
            guard let key = entry.key.resolved.scalarText else {
                faults.error("the key of a criterion must be text", at: entry.key)
                return []
            }
            let value = entry.value.resolved
            if value.isNull {
                faults.error("criterion `\(key)` has no value", at: entry.key)
                return []
            }
            let location = faults.located(entry.key)
            return kinds(key, value, keyNode: entry.key).map { name, kind in
                DeclaredCriterion(criterion: Criterion(key: name, kind: kind, location: location), node: entry.key)
            }
        }
    }

    /// None after a fault; several for a list of dependencies.
    private func kinds(_ key: String, _ value: YAMLNode, keyNode: YAMLNode) -> [(name: String, kind: Criterion.Kind)] {
        if let builtIn = BuiltInCriterion(rawValue: key) {
            if case .dependencies = builtIn.shape { return DependencyDecoder(faults: faults).dependencies(value, key: key) }
            return kind(of: builtIn, value, keyNode: keyNode).map { [(key, $0)] } ?? []
        }
        if key.hasSuffix(Self.stableSuffix), key.count > Self.stableSuffix.count {
            return stable(key, value, keyNode: keyNode).map { [(key, $0)] } ?? []
        }
        return ownKey(key, value, keyNode: keyNode).map { [(key, $0)] } ?? []
    }

    private func kind(of builtIn: BuiltInCriterion, _ value: YAMLNode, keyNode: YAMLNode) -> Criterion.Kind? {
        let key = builtIn.rawValue
        if case .windows = builtIn.shape { return WindowDecoder(faults: faults).criterion(value) }
        guard let text = faults.text(value, "`\(key)`") else { return nil }
        switch builtIn.shape {
        case .percent: return percent(key, text)
        case .text: return self.text(key, text)
        case .span: return faults.span(text, "`\(key)`").map { .soak($0) }
        case .healthy:
            guard text.text.lowercased() == "healthy" else {
                faults.error("`\(key)` must be healthy, not `\(text.text)`", at: text.node)
                return nil
            }
            return builtIn == .upstreamHealth ? .upstreamHealth : .targetHealth
        case .word(let word):
            guard text.text.lowercased() == word else {
                faults.error("`\(key)` must be \(word), not `\(text.text)`", at: text.node)
                return nil
            }
            return builtIn == .checks ? .checks : .pullRequest
        case .pattern: return pattern(key, text)
        case .expression: return condition(key, text)
        case .dependencies, .windows: return nil
        }
    }

    private func percent(_ key: String, _ text: LocatedText) -> Criterion.Kind? {
        guard let (comparison, number) = NumberComparison.parse(text.text, bare: .atLeast),
            let value = Double(number), value >= 0, value <= 100
        else {
            let hint = text.text.hasSuffix("%") ? "write `\(key): \(text.text.dropLast())`" : nil
            faults.error(
                "`\(key)` must be a number of percent from 0 to 100, not `\(text.text)`", at: text.node, hint: hint)
            return nil
        }
        return .number(comparison, threshold: number)
    }

    /// A text that evidence must equal. A number or a time span there is a slip: it would be compared as text.
    private func text(_ key: String, _ text: LocatedText) -> Criterion.Kind? {
        if let comparison = NumberComparison.parse(text.text, bare: nil) {
            faults.error(
                "`\(key)` compares a text, not the number `\(comparison.comparison.rawValue) \(comparison.number)`",
                at: text.node)
            return nil
        }
        if NumberComparison.isNumber(text.text) || TimeSpan(parsing: text.text) != nil {
            faults.error("`\(key)` compares a text such as `pass`, not `\(text.text)`", at: text.node)
            return nil
        }
        return .text(text.text)
    }

    private func condition(_ key: String, _ text: LocatedText) -> Criterion.Kind? {
        do throws(ExpressionError) {
            return .condition(try Expression(text.text, known: ["release", "stage", "evidence", "now"]))
        } catch {
            faults.error("`\(key)` is no expression: \(error.message) (column \(error.column) of it)", at: text.node)
            return nil
        }
    }

    private func pattern(_ key: String, _ text: LocatedText) -> Criterion.Kind? {
        do throws(PatternError) {
            _ = try Pattern(text.text)
            return .changeTicket(pattern: text.text)
        } catch {
            faults.error("`\(key)` must be a regular expression; `\(text.text)` is none", at: text.node, hint: "\(error)")
            return nil
        }
    }

    private func stable(_ key: String, _ value: YAMLNode, keyNode: YAMLNode) -> Criterion.Kind? {
        let stage = String(key.dropLast(Self.stableSuffix.count))
        let text = faults.text(value, "`\(key)`")
        let span = text.flatMap { faults.span($0, "`\(key)`") }
        guard stageNames.contains(stage) else {
            let nearest = FaultCollector.nearest(stage, among: stageNames)
            faults.error(
                "`\(key)` names no stage of this workflow: there is no stage `\(stage)`", at: keyNode,
                hint: nearest.map { "did you mean `\($0)\(Self.stableSuffix)`?" })
            return nil
        }
        return span.map { .stable(stage: stage, $0) }
    }

    // MARK: Keys that are not built in

    private func ownKey(_ key: String, _ value: YAMLNode, keyNode: YAMLNode) -> Criterion.Kind? {
        let declared = evidence[key]
        if declared == nil, let builtIn = BuiltInCriterion.misspelled(by: key) {
            faults.error("unknown criterion `\(key)`", at: keyNode, hint: "did you mean `\(builtIn)`?")
            return nil
        }
        // The key becomes part of a gate's id and of `gradus report … KEY=VALUE`. Declared ones are checked there.
        guard declared != nil || NameRule.evidenceKey.allows(key) else {
            faults.error(NameRule.evidenceKey.complaint(about: key), at: keyNode)
            return nil
        }
        guard let text = faults.text(value, "`\(key)`") else { return nil }
        if TimeSpan(parsing: text.text) != nil {
            faults.error(
                "`\(key)` is no criterion that takes a time span", at: text.node,
                hint: "`soak_duration` and `STAGE_stable` take one")
            return nil
        }
        if declared == nil, !isSeedForm {
            faults.error(
                "undeclared criterion `\(key)`", at: keyNode,
                hint: FaultCollector.didYouMean(key, among: evidence.keys.sorted())
                    ?? "declare it under the workflow's `evidence:`, such as `\(key): {type: text}`")
            return nil
        }
        let kind = comparison(key, text, type: declared?.type)
        if declared == nil, let kind {
            let how = if case .number = kind { "a number" } else { "text" }
            faults.warning("undeclared criterion `\(key)` is compared as \(how)", at: keyNode)
        }
        return kind
    }

    private func comparison(_ key: String, _ text: LocatedText, type: EvidenceRule.ValueType?) -> Criterion.Kind? {
        let number = NumberComparison.parse(text.text, bare: nil)
        if number == nil, NumberComparison.isNumber(text.text) {
            faults.error(
                "`\(key): \(text.text)` says no comparison", at: text.node,
                hint: "write an operator, such as `\(key): \"<= \(text.text)\"`")
            return nil
        }
        switch (type, number) {
        case (.number, .some(let number)), (nil, .some(let number)):
            return .number(number.comparison, threshold: number.number)
        case (.number, nil):
            faults.error(
                "`\(key)` is a number and needs an operator with a number, not `\(text.text)`", at: text.node,
                hint: "write, for example, `\(key): \"<= 0\"`")
            return nil
        case (.some(let type), .some):
            faults.error("`\(key)` is declared as \(type.rawValue), so it cannot compare `\(text.text)`", at: text.node)
            return nil
        case (.bool, nil):
            guard ["true", "false"].contains(text.text.lowercased()) else {
                faults.error("`\(key)` must be true or false, not `\(text.text)`", at: text.node)
                return nil
            }
            return .text(text.text)
        case (.text, nil), (nil, nil):
            return .text(text.text)
        }
    }
}
