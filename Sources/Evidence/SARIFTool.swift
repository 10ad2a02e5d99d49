/// The rules of a run's tool, and what its invocations set for them (SARIF 2.1.0, sections 3.18, 3.19, 3.20 and 3.51).
struct SARIFTool {
    /// A rule by its position: the driver's component is 0, extensions follow.
    private struct Position: Hashable {
        let component: Int
        let rule: Int
    }

    private struct Rule {
        var id: String?
        var guid: String?
        /// The default; nil: none is given.
        var level: SARIFLevel?
    }

    private struct Component {
        var name: String?
        var guid: String?
        var rules: [Rule] = []
    }

    private struct Override {
        var rule: SARIFRuleReference
        var level: SARIFLevel
        let place: JSONScan
    }

    /// Levels that invocations set, by rule where the tool lists it, else by the rule's id.
    private struct Overrides {
        var byPosition: [Position: SARIFLevel] = [:]
        var byID: [String: SARIFLevel] = [:]

        mutating func set(_ level: SARIFLevel, for positions: [Position], id: String?) {
            for position in positions { byPosition[position] = max(byPosition[position] ?? level, level) }
            if positions.isEmpty, let id { byID[id] = max(byID[id] ?? level, level) }
        }

        func level(_ positions: [Position], id: String?) -> SARIFLevel? {
            positions.isEmpty ? id.flatMap { byID[$0] } : positions.compactMap { byPosition[$0] }.max()
        }
    }

    private var driver = Component()
    private var extensions: [Component] = []
    private var invocations: [[Override]] = []
    // Made by `settle()`.
    private var components: [Component] = []
    private var byID: [String: [Position]] = [:]
    private var byGUID: [String: [Position]] = [:]
    private var overrides: [Overrides] = []
    /// What any invocation sets.
    private var anyOverrides = Overrides()

    mutating func read(_ scan: inout JSONScan) throws(ReportFault) {
        var (driver, extensions) = (Component(), [Component]())
        try scan.object { (scan, key) throws(ReportFault) in
            switch key {
            case "driver": driver = try Self.component(&scan, rules: "tool.driver.rules")
            case "extensions":
                if try scan.passesNull() { return }
                try scan.items("tool.extensions") { (scan) throws(ReportFault) in extensions.append(try Self.component(&scan, rules: "rules")) }
            default: try scan.skip()
            }
        }
        (self.driver, self.extensions) = (driver, extensions)
    }

    /// - Parameter name: of the list of rules, by which faults in it are told.
    private static func component(_ scan: inout JSONScan, rules name: String) throws(ReportFault) -> Component {
        var component = Component()
        try scan.object { (scan, key) throws(ReportFault) in
            switch key {
            case "name": component.name = try scan.optionalString()
            case "guid": component.guid = try scan.optionalString()?.lowercased()
            case "rules":
                if try scan.passesNull() { return }
                try scan.items(name) { (scan) throws(ReportFault) in component.rules.append(try rule(&scan)) }
            default: try scan.skip()
            }
        }
        return component
    }

    private static func rule(_ scan: inout JSONScan) throws(ReportFault) -> Rule {
        var rule = Rule()
        try scan.object { (scan, key) throws(ReportFault) in
            switch key {
            case "id": rule.id = try scan.optionalString()
            case "guid": rule.guid = try scan.optionalString()?.lowercased()
            case "defaultConfiguration":
                if try scan.passesNull() { return }
                rule.level = try level(&scan)
            default: try scan.skip()
            }
        }
        return rule
    }

    /// The level of a reportingConfiguration (section 3.50).
    private static func level(_ scan: inout JSONScan) throws(ReportFault) -> SARIFLevel? {
        var level: SARIFLevel?
        try scan.object { (scan, key) throws(ReportFault) in
            if key == "level" { level = try scan.optionalWord("level", SARIFLevel.self) } else { try scan.skip() }
        }
        return level
    }

    /// Reads an invocation. Throws for one that did not finish, or does not say whether it did.
    mutating func readInvocation(_ scan: inout JSONScan) throws(ReportFault) {
        let place = scan
        var succeeded: Bool?
        var overrides: [Override] = []
        try scan.object { (scan, key) throws(ReportFault) in
            switch key {
            case "executionSuccessful": succeeded = try scan.flag()
            case "ruleConfigurationOverrides":
                if try scan.passesNull() { return }
                try scan.items(key) { (scan) throws(ReportFault) in
                    let place = scan
                    var (rule, level): (SARIFRuleReference?, SARIFLevel?)
                    try scan.object { (scan, key) throws(ReportFault) in
                        switch key {
                        case "descriptor": rule = try SARIFRuleReference(&scan)
                        case "configuration": level = try Self.level(&scan)
                        default: try scan.skip()
                        }
                    }
                    guard let rule else { throw place.fault("it does not tell whose configuration it overrides") }
                    if let level { overrides.append(Override(rule: rule, level: level, place: place)) }
                }
            default: try scan.skip()
            }
        }
        guard let succeeded else { throw place.fault("the tool does not say whether it finished: executionSuccessful is missing") }
        guard succeeded else { throw place.fault("the tool says that it did not finish: executionSuccessful is false") }
        invocations.append(overrides)
    }

    /// Puts together what was read, after all of the run. Throws for overrides that mean no rule of the tool.
    mutating func settle() throws(ReportFault) {
        components = [driver] + extensions
        for (number, component) in components.enumerated() {
            for (position, rule) in component.rules.enumerated() {
                let position = Position(component: number, rule: position)
                if let id = rule.id { byID[id, default: []].append(position) }
                if let guid = rule.guid { byGUID[guid, default: []].append(position) }
            }
        }
        for invocation in invocations {
            var levels = Overrides()
            for override in invocation {
                let positions = try positions(of: override.rule, at: override.place)
                levels.set(override.level, for: positions, id: override.rule.id)
                anyOverrides.set(override.level, for: positions, id: override.rule.id)
            }
            overrides.append(levels)
        }
    }

    /// The level that counts: the result's own; else what the invocation that found it sets for its rule, else the rule's
    /// default, else `warning` (section 3.27.10).
    ///
    /// Where it is not told which invocation or which of several rules is meant, the gravest level is taken. Throws for a
    /// result that names a rule or an invocation which the run does not have.
    func level(of result: SARIFResult, at place: JSONScan) throws(ReportFault) -> SARIFLevel {
        if let level = result.level { return level }
        guard let reference = result.rule else { return .warning }
        let positions = try positions(of: reference, at: place)
        let usual = positions.map { components[$0.component].rules[$0.rule].level ?? .warning }.max() ?? .warning
        guard let invocation = result.invocation else {
            return max(usual, anyOverrides.level(positions, id: reference.id) ?? usual)
        }
        guard overrides.indices.contains(invocation) else {
            throw place.fault("it was found by invocation \(invocation), but the run lists \(overrides.count)")
        }
        return overrides[invocation].level(positions, id: reference.id) ?? usual
    }

    /// The rules that a reference may mean; empty when the tool does not list them.
    private func positions(of reference: SARIFRuleReference, at place: JSONScan) throws(ReportFault) -> [Position] {
        var candidates: [Int]?
        if let component = reference.component { candidates = try candidateComponents(component, at: place) }
        if let index = reference.index {
            let listed = (candidates ?? [0]).filter { components[$0].rules.indices.contains(index) }
            guard !listed.isEmpty else { throw place.fault("its rule has the index \(index), which the tool does not list") }
            let fitting = listed.filter { Self.fits(components[$0].rules[index], reference) }
            guard !fitting.isEmpty else {
                let name = components[listed[0]].rules[index].id ?? ""
                throw place.fault("the rule with the index \(index) is '\(name.prefix(80))', which is not the one that it names")
            }
            return fitting.map { Position(component: $0, rule: index) }
        }
        func known(_ positions: [Position]?) -> [Position] {
            (positions ?? []).filter { candidates?.contains($0.component) ?? true }
        }
        if let guid = reference.guid {
            let positions = known(byGUID[guid])
            guard positions.isEmpty else { return positions }
            if reference.id == nil { throw place.fault("the tool lists no rule with the guid \(guid.prefix(80))") }
        }
        // `CA1000/1` is a part of rule `CA1000` (section 3.27.5).
        var id = reference.id?[...]
        while let name = id {
            let positions = known(byID[String(name)])
            if !positions.isEmpty { return positions }
            id = name.lastIndex(of: "/").map { name[..<$0] }
        }
        return []
    }

    private static func fits(_ rule: Rule, _ reference: SARIFRuleReference) -> Bool {
        if let guid = reference.guid, let own = rule.guid, guid != own { return false }
        guard let id = reference.id, let own = rule.id else { return true }
        return id == own || id.hasPrefix(own + "/")
    }

    /// The components that a reference may mean, by position.
    private func candidateComponents(_ reference: SARIFRuleReference.Component, at place: JSONScan) throws(ReportFault) -> [Int] {
        if let index = reference.index {
            guard extensions.indices.contains(index) else {
                throw place.fault("its rule is one of extension \(index), but the tool lists \(extensions.count)")
            }
            return [index + 1]
        }
        if let guid = reference.guid {
            let found = components.indices.filter { components[$0].guid == guid }
            guard !found.isEmpty else { throw place.fault("its rule is one of a component that the tool does not list") }
            return found
        }
        // A name alone only tells people which one is meant.
        let named = components.indices.filter { reference.name != nil && components[$0].name == reference.name }
        return named.isEmpty ? reference.name == nil ? [0] : Array(components.indices) : named
    }
}
