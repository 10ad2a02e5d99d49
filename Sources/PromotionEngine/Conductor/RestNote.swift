/// What a `reconcile` over everything found at rest: nothing there can move before a record, a file or a rule changes.
///
/// It only spares a second look. What is looked at is judged as ever, from the ledger and the files; a note that is lost or
/// does not fit any more means that everything is looked at again.
public struct RestNote: Sendable, Hashable {
    /// The id of the rules' folder.
    public var rules: String
    /// What reading the rules warned of: a run that need not read them warns of it too.
    public var warnings: [String]
    /// Services are found by the names of files, so that a file that comes or goes may mean any service.
    public var discovers: Bool
    /// How far the ledger was read.
    public var mark: LedgerMark
    /// The commits that the files were read from, by branch.
    public var tips: [String: String]
    /// The services in which time alone, or what others say when they are asked, may move something.
    public var restless: Set<String>
    /// Which files the cells of the services at rest are read from: lines of a path, a tab and the service.
    public var places: String

    public init(
        rules: String, warnings: [String] = [], discovers: Bool, mark: LedgerMark, tips: [String: String],
        restless: Set<String> = [], places: String = ""
    ) {
        self.rules = rules
        self.warnings = warnings
        self.discovers = discovers
        self.mark = mark
        self.tips = tips
        self.restless = restless
        self.places = places
    }

    /// The line of one place; nil for a path that a line cannot hold.
    static func place(_ path: String, of service: String) -> String? {
        path.utf8.allSatisfy { $0 >= 0x20 } ? path + "\t" + service + "\n" : nil
    }

    /// The services that are read from one of these files, or from a folder that holds one.
    func services(at files: [String]) -> Set<String> {
        var wanted: Set<Substring> = []
        for file in files {
            var path = file[...]
            while wanted.insert(path).inserted, let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) { path = path[..<slash] }
        }
        var services: Set<String> = []
        forEachPlace { path, service in
            if wanted.contains(path) { services.insert(String(service)) }
        }
        return services
    }

    /// Replaces the places of some services.
    mutating func setPlaces(of services: Set<String>, _ lines: String) {
        var kept = ""
        forEachPlace { path, service in
            if !services.contains(String(service)) { kept += path + "\t" + service + "\n" }
        }
        places = kept + lines
    }

    private func forEachPlace(_ body: (_ path: Substring, _ service: Substring) -> Void) {
        // By bytes: there are as many lines as there are files in a fleet.
        for line in places[...].utf8.split(separator: UInt8(ascii: "\n")) {
            guard let tab = line.firstIndex(of: UInt8(ascii: "\t")) else { continue }
            body(Substring(line[..<tab]), Substring(line[line.index(after: tab)...]))
        }
    }
}

/// Keeps the note of one repository and target branch.
public protocol RestPort: AnyObject {
    /// Nil when there is none, or none that can be read and understood.
    func read() -> RestNote?
    /// Replaces the note. What cannot be kept is not kept.
    func write(_ note: RestNote)
}
