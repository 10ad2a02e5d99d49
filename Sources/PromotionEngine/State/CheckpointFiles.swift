/// The layout of a checkpoint's files and how each part of the state is written in them (`design.md` section 4).
///
/// Every file is canonical JSON, so equal states make equal files and equal trees.
public enum CheckpointFiles {
    public static let global = "global.json"

    public static func cells(_ service: String) -> String { "services/\(service)/cells.json" }
    public static func open(_ service: String) -> String { "services/\(service)/open.json" }

    /// Releases are spread over up to 256 folders by the first byte of the version's hash, so that no folder grows without bound.
    public static func release(_ service: String, _ version: String) -> String {
        "services/\(service)/releases/\(Digest.sha256(version).prefix(2))/\(version).json"
    }

    /// All files of one service's state that is loaded; with `before` only those of releases that are not as they were.
    public static func files(of service: String, _ state: ServiceState, since before: ServiceState? = nil) -> [String: JSONValue] {
        var files: [String: JSONValue] = [
            cells(service): .object(state.cells.mapValues(\.json)),
            open(service): .compact([
                "promotions": .array(state.open.map(\.json)),
                "recent_versions": .array(state.recentVersions.map(JSONValue.string)),
                "denials": .array(state.denials.map(\.json)),
                "rule_bases": state.ruleBases.isEmpty ? .null : .object(state.ruleBases.mapValues(JSONValue.string)),
                "reviews": state.reviews.isEmpty ? .null : .array(state.reviews.map(\.json)),
                "holds": state.holds.isEmpty ? .null : .array(state.holds.map(\.json)),
                "owed_hooks": state.owedHooks.isEmpty ? .null : .array(state.owedHooks.map(\.json)),
                "sync_pauses": state.pauses.isEmpty ? .null : .array(state.pauses.map(\.json)),
                "baselines": state.baselines.isEmpty ? .null : .object(state.baselines.mapValues(\.json)),
            ]),
        ]
        for (version, release) in state.releases where before?.releases[version] != release {
            files[Self.release(service, version)] = release.json
        }
        return files
    }

    /// Whether a file of a checkpoint says what the fold of the records says. Of what engines did not keep at first it may say less.
    public static func agrees(_ stored: JSONValue?, with folded: JSONValue) -> Bool {
        guard stored != folded else { return true }
        let key = ReleaseState.verifiedBeforeKey
        guard case .object(var members)? = stored, case .object(var expected) = folded, case .array(let all)? = expected[key] else { return false }
        var known: [JSONValue] = []
        if case .array(let items)? = members[key] { known = items }
        guard known.allSatisfy(all.contains) else { return false }
        (members[key], expected[key]) = (nil, nil)
        return members == expected
    }

    public static func globalFile(_ state: LedgerState) -> JSONValue {
        .compact([
            "unknown_types": .array(state.unknownTypes.sorted().map(JSONValue.string)),
            "rule_files": state.ruleFiles.isEmpty ? .null : .object(state.ruleFiles.mapValues(JSONValue.string)),
            "denials": state.denials.isEmpty ? .null : .array(state.denials.map(\.json)),
            "freezes": state.freezes.isEmpty ? .null : .array(state.freezes.map { .object($0.members) }),
            "pseudonyms": state.pseudonyms.isEmpty ? .null : .array(state.pseudonyms.map { .object($0.members) }),
        ])
    }

    /// Reads `global.json`. Throws `RecordFault` when it is not of this schema.
    public static func readGlobal(_ json: JSONValue, into state: inout LedgerState) throws(RecordFault) {
        let fields = try JSONFields(json, "checkpoint")
        state.unknownTypes = Set(try fields.strings("unknown_types"))
        state.ruleFiles = try fields.stringMap("rule_files")
        for denial in try fields.list("denials") { state.denials.append(try Denial(JSONFields(denial, "denial"))) }
        for given in try fields.list("pseudonyms") { state.pseudonyms.append(try SubjectPseudonymised(JSONFields(given, "pseudonym"))) }
        for freeze in try fields.list("freezes") { state.freezes.append(try Freeze(JSONFields(freeze, "freeze"))) }
    }

    /// Reads the files of one service, without its releases. Throws `RecordFault` when one is not of this schema.
    public static func service(
        cells: JSONValue, open: JSONValue
    ) throws(RecordFault) -> ServiceState {
        var state = ServiceState()
        for (stage, cell) in try JSONFields(cells, "cells").members {
            state.cells[stage] = try Cell(JSONFields(cell, "cell"))
        }
        let fields = try JSONFields(open, "list of open promotions")
        for promotion in try fields.list("promotions") {
            state.open.append(try Promotion(JSONFields(promotion, "promotion")))
        }
        for denial in try fields.list("denials") { state.denials.append(try Denial(JSONFields(denial, "denial"))) }
        state.ruleBases = try fields.stringMap("rule_bases")
        for review in try fields.list("reviews") { state.reviews.append(try Review(JSONFields(review, "review"))) }
        for hold in try fields.list("holds") { state.holds.append(try Hold(JSONFields(hold, "hold"))) }
        for owed in try fields.list("owed_hooks") { state.owedHooks.append(try OwedHook(JSONFields(owed, "owed hook"))) }
        for pause in try fields.list("sync_pauses") { state.pauses.append(try SyncPause(JSONFields(pause, "pause"))) }
        for (stage, baseline) in try fields.object("baselines") {
            state.baselines[stage] = try Baseline(JSONFields(baseline, "baseline"))
        }
        state.recentVersions = try fields.strings("recent_versions")
        return state
    }

    /// Adds one release's file to a service's state. Throws `RecordFault` when it is not of this schema.
    public static func readRelease(_ json: JSONValue, into state: inout ServiceState) throws(RecordFault) {
        let release = try ReleaseState(JSONFields(json, "release"))
        state.releases[release.version] = release
    }
}
