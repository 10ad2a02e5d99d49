public import YAMLEdit

/// Decodes and checks the files of `workflows/`.
///
/// 1. Every fault is reported with its place, and reading goes on after it, so that one run shows all.
/// 2. What the contract knows and this version cannot carry out is an error: rules that are read are obeyed whole.
/// 3. Nothing is read here: whoever calls hands in the files.
public struct RulesReader {
    /// Reads the files of one commit.
    ///
    /// `groups.yaml` holds people, `calendar.yaml` windows, and every other `.yaml` or `.yml` is a
    /// workflow. The rules may be used only if no diagnostic is an error. Diagnostics are in order of path and place.
    ///
    /// - Parameter isComplete: false when the files are only some of those that belong together: then names that
    ///   another file may declare are not looked up.
    /// - Parameter trees: where services with `from` are looked for; nil: they stay unknown, and so do faults about them.
    /// - Parameter services: of the services with `from`, look for these alone and for those that criteria depend on, so that
    ///   the cost does not grow with their number; nil: for all. What needs all of them is then not checked.
    /// - Parameter zones: where the names of time zones are looked up; nil: only their form is checked.
    public static func read(
        _ files: [RuleFile], isComplete: Bool = true, trees: (any TreeSource)? = nil,
        services: Set<String>? = nil, zones: (any ZoneNames)? = nil
    ) -> (rules: Rules, diagnostics: [Diagnostic]) {
        var reading = Reading(trees: trees, wanted: services, zones: zones)
        let order = files.sorted { $0.path < $1.path }
        reading.collectAttachments(order)
        for file in order { reading.read(file) }
        let check = RulesCheck(
            workflows: reading.workflows, people: reading.people, peopleAreReadable: reading.peopleAreReadable,
            calendar: reading.calendar, isComplete: isComplete)
        check.run()
        let rules = Rules(
            workflows: reading.workflows.map(\.workflow), people: reading.people ?? People(),
            calendar: reading.calendar ?? ReleaseCalendar(), sources: reading.sources)
        if let services, rules.workflows.contains(where: \.discovers) {
            let needed = rules.workflows.reduce(into: services) { $0.formUnion($1.dependencies) }
            if needed != services { return read(files, isComplete: isComplete, trees: trees, services: needed, zones: zones) }
        }
        let diagnostics = reading.loose + reading.collectors.flatMap(\.diagnostics)
        return (rules, sorted(diagnostics))
    }

    /// By path and place. A note stays behind the fault that it explains.
    private static func sorted(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
        var groups: [[Diagnostic]] = []
        for diagnostic in diagnostics {
            if diagnostic.severity == .note, let last = groups.popLast() {
                groups.append(last + [diagnostic])
            } else {
                groups.append([diagnostic])
            }
        }
        return groups.sorted { precedes($0[0], $1[0]) }.flatMap(\.self)
    }

    private static func precedes(_ lhs: Diagnostic, _ rhs: Diagnostic) -> Bool {
        let left = (lhs.path, lhs.position?.line ?? 0, lhs.position?.column ?? 0, lhs.message)
        return left < (rhs.path, rhs.position?.line ?? 0, rhs.position?.column ?? 0, rhs.message)
    }
}

/// What has been read so far.
private struct Reading {
    let trees: (any TreeSource)?
    let wanted: Set<String>?
    let zones: (any ZoneNames)?
    var workflows: [DecodedWorkflow] = []
    var people: People?
    var calendar: ReleaseCalendar?
    /// False after a fault in `groups.yaml`: names are then not looked up in what was left of it.
    var peopleAreReadable = true
    var sources: [String: String] = [:]
    var collectors: [FaultCollector] = []
    /// Faults of files that could not be parsed.
    var loose: [Diagnostic] = []
    var attachments = RuleAttachments()
    /// Files that hold nothing but attachments.
    var attached: Set<String> = []

    init(trees: (any TreeSource)?, wanted: Set<String>?, zones: (any ZoneNames)?) {
        self.trees = trees
        self.zones = zones
        self.wanted = wanted
    }

    /// AnalysisTemplates and ConfigMaps with triggers are known before the first workflow is read.
    mutating func collectAttachments(_ files: [RuleFile]) {
        for file in files where file.role == .workflow {
            do throws(YAMLError) {
                let yaml = try YAMLFile(bytes: file.bytes, path: file.path)
                let faults = FaultCollector(file: yaml)
                var isAttachment = !yaml.documents.isEmpty
                for document in yaml.documents {
                    let isTaken = try attachments.take(document, in: yaml, faults)
                    isAttachment = isAttachment && isTaken
                }
                if isAttachment {
                    attached.insert(file.path)
                    collectors.append(faults)
                }
            } catch {
                // A file that cannot be parsed is told when it is read as a workflow.
                continue
            }
        }
    }

    mutating func read(_ file: RuleFile) {
        guard file.role != .other else { return }
        sources[file.path] = file.blobID
        if attached.contains(file.path) { return }
        do {
            try decode(file, YAMLFile(bytes: file.bytes, path: file.path))
        } catch {
            loose += error.diagnostics
            if file.role == .groups { peopleAreReadable = false }
        }
    }

    private mutating func decode(_ file: RuleFile, _ yaml: YAMLFile) throws(YAMLError) {
        guard let root = onlyDocument(of: file, yaml) else { return }
        switch file.role {
        case .calendar: decodeCalendar(yaml, root)
        case .groups: decodePeople(file, yaml, root)
        case .workflow:
            if let envelope = ConfigMapEnvelope(root, in: yaml) {
                let inner = try envelope.workflowFile()
                guard let innerRoot = onlyDocument(of: file, inner) else { return }
                decodeWorkflow(inner, innerRoot, path: file.path, defaultName: envelope.name ?? file.baseName)
            } else {
                decodeWorkflow(yaml, root, path: file.path, defaultName: file.baseName)
            }
        case .other: break
        }
    }

    /// An empty groups file says that there are no groups; an empty workflow is a fault.
    private mutating func onlyDocument(of file: RuleFile, _ yaml: YAMLFile) -> YAMLNode? {
        if yaml.documents.count > 1 {
            loose.append(yaml.diagnostic(.error, "the file holds more than one document", at: yaml.documents[1]))
        } else if yaml.documents.isEmpty, file.role == .groups {
            people = People(path: file.path)
        } else if yaml.documents.isEmpty, file.role == .calendar {
            calendar = ReleaseCalendar(path: file.path)
        } else if yaml.documents.isEmpty {
            loose.append(Diagnostic(message: "the file is empty", path: file.path))
        }
        return yaml.documents.count == 1 ? yaml.documents[0] : nil
    }

    private mutating func decodePeople(_ file: RuleFile, _ yaml: YAMLFile, _ root: YAMLNode) {
        let faults = FaultCollector(file: yaml)
        if let earlier = people?.path {
            faults.error("groups are already given by \(earlier)", at: root)
        } else {
            people = PeopleDecoder(faults: faults).people(root)
        }
        peopleAreReadable = peopleAreReadable && faults.isClean
        collectors.append(faults)
    }

    private mutating func decodeCalendar(_ yaml: YAMLFile, _ root: YAMLNode) {
        let faults = FaultCollector(file: yaml, zones: zones)
        collectors.append(faults)
        if let earlier = calendar?.path {
            faults.error("the calendar is already given by \(earlier)", at: root)
        } else {
            calendar = CalendarDecoder(faults: faults).calendar(root)
        }
    }

    private mutating func decodeWorkflow(_ yaml: YAMLFile, _ root: YAMLNode, path: String, defaultName: String) {
        let faults = FaultCollector(file: yaml, zones: zones)
        collectors.append(faults)
        let decoder = WorkflowDecoder(faults: faults, defaultName: defaultName, trees: trees, wanted: wanted, attachments: attachments)
        guard var decoded = decoder.workflow(root) else { return }
        decoded.workflow.path = path
        workflows.append(decoded)
    }
}
