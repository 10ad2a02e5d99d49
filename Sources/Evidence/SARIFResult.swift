/// What of a result decides (SARIF 2.1.0, section 3.27).
struct SARIFResult: Hashable {
    /// Section 3.27.9.
    private enum Kind: String, CaseIterable {
        case fail, pass, review, open, notApplicable, informational
    }

    /// Section 3.27.24.
    private enum BaselineState: String, CaseIterable {
        case new, unchanged, updated, absent
    }

    /// Section 3.35.2.
    private enum SuppressionKind: String, CaseIterable {
        case inSource, external
    }

    /// Section 3.35.3.
    private enum SuppressionStatus: String, CaseIterable {
        case accepted, underReview, rejected
    }

    /// Nil where the result names none.
    private(set) var rule: SARIFRuleReference?
    /// Its own; nil where the rule decides.
    private(set) var level: SARIFLevel?
    /// The position of the invocation that found it; nil where it is not told.
    private(set) var invocation: Int?
    private(set) var isSuppressed = false
    private(set) var isAbsent = false

    private init() {}

    init(_ scan: inout JSONScan) throws(ReportFault) {
        let place = scan
        var result = SARIFResult()
        var kind = Kind.fail
        var named = SARIFRuleReference()
        var rule: SARIFRuleReference?
        try scan.object { (scan, key) throws(ReportFault) in
            switch key {
            case "ruleId": named.id = try scan.optionalRuleID()
            case "ruleIndex": named.index = try scan.optionalIndex()
            case "rule": rule = try scan.passesNull() ? nil : try SARIFRuleReference(&scan)
            case "level": result.level = try scan.optionalWord("level", SARIFLevel.self)
            case "kind": kind = try scan.optionalWord("kind of result", Kind.self) ?? .fail
            case "baselineState": result.isAbsent = try scan.optionalWord("baseline state", BaselineState.self) == .absent
            case "provenance":
                if try scan.passesNull() { return }
                try scan.object { (scan, key) throws(ReportFault) in
                    if key == "invocationIndex" { result.invocation = try scan.optionalIndex() } else { try scan.skip() }
                }
            case "suppressions":
                if try scan.passesNull() { return }
                result.isSuppressed = try Self.readSuppressions(&scan)
            default: try scan.skip()
            }
        }
        result.rule = try (rule ?? SARIFRuleReference()).merged(with: named, at: place)
        if kind != .fail {
            // "if present, it SHALL have the value "none"" (section 3.27.10).
            if result.level == .error { throw place.fault("its level is error, but its kind is \(kind.rawValue)") }
            result.level = SARIFLevel.none
        }
        self = result
    }

    private static func readSuppressions(_ scan: inout JSONScan) throws(ReportFault) -> Bool {
        var (count, open) = (0, 0)
        try scan.items("suppressions") { (scan) throws(ReportFault) in
            let place = scan
            var kind: SuppressionKind?
            var status: SuppressionStatus?
            try scan.object { (scan, key) throws(ReportFault) in
                switch key {
                case "kind": kind = try scan.optionalWord("kind of suppression", SuppressionKind.self)
                case "status": status = try scan.optionalWord("status of a suppression", SuppressionStatus.self)
                default: try scan.skip()
                }
            }
            guard kind != nil else { throw place.fault("a suppression without a kind") }
            count += 1
            if let status, status != .accepted { open += 1 }
        }
        return count > 0 && open == 0
    }
}

/// A reference to a rule: a reportingDescriptorReference (section 3.52), or what of it a result names by `ruleId` and
/// `ruleIndex` (sections 3.27.5 and 3.27.6).
struct SARIFRuleReference: Hashable {
    /// A reference to a part of the tool: a toolComponentReference (section 3.54).
    struct Component: Hashable {
        var name: String?
        var index: Int?
        var guid: String?
    }

    var id: String?
    var index: Int?
    var guid: String?
    /// Nil: the driver for an index, any for the rest.
    var component: Component?

    init() {}

    init(_ scan: inout JSONScan) throws(ReportFault) {
        var reference = SARIFRuleReference()
        try scan.object { (scan, key) throws(ReportFault) in
            switch key {
            case "id": reference.id = try scan.optionalRuleID()
            case "index": reference.index = try scan.optionalIndex()
            case "guid": reference.guid = try scan.optionalString()?.lowercased()
            case "toolComponent":
                if try scan.passesNull() { return }
                var component = Component()
                try scan.object { (scan, key) throws(ReportFault) in
                    switch key {
                    case "name": component.name = try scan.optionalString()
                    case "index": component.index = try scan.optionalIndex()
                    case "guid": component.guid = try scan.optionalString()?.lowercased()
                    default: try scan.skip()
                    }
                }
                reference.component = component
            default: try scan.skip()
            }
        }
        self = reference
    }

    /// Both references as one; nil when neither names anything. Throws where they name different rules.
    func merged(with other: SARIFRuleReference, at place: JSONScan) throws(ReportFault) -> SARIFRuleReference? {
        var merged = self
        merged.id = id ?? other.id
        merged.index = index ?? other.index
        guard merged.id == other.id || other.id == nil, merged.index == other.index || other.index == nil else {
            throw place.fault("its `rule` names another rule than its `ruleId` and `ruleIndex`")
        }
        return merged.id == nil && merged.index == nil && merged.guid == nil ? nil : merged
    }
}

extension JSONScan {
    /// The id of a rule; nil for `null`. Very long ones are refused, because they are compared part by part.
    fileprivate mutating func optionalRuleID() throws(ReportFault) -> String? {
        _ = next()
        let start = self
        guard let id = try optionalString() else { return nil }
        guard id.utf8.count <= 4096 else { throw start.fault("the id of a rule has \(id.utf8.count) bytes") }
        return id
    }

    /// A position in a list; nil for `null` and -1, which stand for none (section 3.7.4).
    fileprivate mutating func optionalIndex() throws(ReportFault) -> Int? {
        _ = next()
        let start = self
        guard let index = try optionalInt(), index != -1 else { return nil }
        guard index >= 0 else { throw start.fault("\(index) is no position in a list") }
        return index
    }
}
