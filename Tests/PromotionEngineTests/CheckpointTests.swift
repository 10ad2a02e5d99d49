import PromotionEngine
import Testing

@Suite struct CheckpointTests {
    /// What a reader makes of the files must be what the fold made of the records.
    @Test(arguments: 0..<40)
    func theStateReadFromFilesIsTheFoldedState(_ seed: UInt64) throws {
        var facts = FactGenerator(seed: seed)
        for _ in 0..<6 {
            facts.add(50)
            let read = try Self.reread(facts.log.state)
            #expect(read == facts.log.state)
            // Folding goes on from what was read as it would have from memory.
            var (further, later) = (read, facts)
            later.add(10)
            for record in later.log.records.suffix(10) { further.apply(record) }
            #expect(further == later.log.state)
        }
    }

    @Test(arguments: 0..<20)
    func recordsReadFromMessagesFoldToTheSameState(_ seed: UInt64) throws {
        var facts = FactGenerator(seed: seed)
        facts.add(200)
        var (state, previous) = (LedgerState(), Digest.none)
        for record in facts.log.records {
            let read = try RecordMessage.record(in: RecordMessage(record).text, previousHash: previous)
            state.apply(read)
            previous = read.hash
        }
        #expect(state == facts.log.state)
    }

    @Test func equalStatesMakeEqualFiles() {
        var (one, other) = (FactGenerator(seed: 1), FactGenerator(seed: 1))
        one.add(200)
        other.add(200)
        for (name, state) in one.log.state.services {
            let files = CheckpointFiles.files(of: name, state).mapValues(\.canonicalText)
            #expect(files == CheckpointFiles.files(of: name, other.log.state.service(name)).mapValues(\.canonicalText))
        }
    }

    @Test func liesWhereTheDesignSays() throws {
        var log = LedgerLog()
        log.register("1.0.0")
        let files = CheckpointFiles.files(of: "web", log.service)
        let folder = Digest.sha256("1.0.0").prefix(2)
        #expect(
            files.keys.sorted() == [
                "services/web/cells.json", "services/web/open.json", "services/web/releases/\(folder)/1.0.0.json",
            ])
        #expect(CheckpointFiles.global == "global.json")
    }

    @Test func keepsUnknownTypesSoThatNobodyDecidesOverThem() throws {
        var state = LedgerState()
        let text = JSONValue.object([
            "seq": 1, "v": 1, "type": "x.new", "at": "2027-01-15T08:00:00Z", "initiator": "o", "service": "web",
        ]).canonicalText
        state.apply(try LedgerRecord(canonicalText: text, previousHash: Digest.none))
        #expect(try Self.reread(state).unknownTypes == ["x.new"])
    }

    @Test(arguments: [
        ("null", "{}"), ("[]", "{}"), ("{}", "null"), (#"{"dev":1}"#, "{}"), (#"{"dev":{}}"#, "{}"),
        (#"{"dev":{"version":"1","adopted":false,"stay":{},"edits":[]}}"#, "{}"), ("{}", #"{"promotions":{}}"#),
        ("{}", #"{"promotions":[1]}"#), ("{}", #"{"promotions":[{}]}"#), ("{}", #"{"recent_versions":[1]}"#),
    ])
    func refusesFilesOfAnotherShape(_ cells: String, _ open: String) {
        #expect(throws: RecordFault.self) {
            try CheckpointFiles.service(cells: JSONValue(parsing: cells), open: JSONValue(parsing: open))
        }
    }

    /// Of what the first engines of this schema did not keep a checkpoint may say less, and nothing else.
    @Test func whatWasVerifiedBeforeMayBeMissingInOlderCheckpoints() throws {
        var log = LedgerLog()
        log.register("1.0.0")
        log.deliver("1.0.0", to: "dev")
        log.succeed("1.0.0", in: "dev")
        log.deliver("1.0.0", to: "dev")
        let (path, file) = try #require(CheckpointFiles.files(of: "web", log.service).first { $0.key.hasSuffix("1.0.0.json") })
        guard case .object(var members) = file else {
            Issue.record("\(path) is no object")
            return
        }
        #expect(members["verified_before"] == .array(["dev"]) && CheckpointFiles.agrees(file, with: file))
        members["verified_before"] = nil
        #expect(CheckpointFiles.agrees(.object(members), with: file) && !CheckpointFiles.agrees(file, with: .object(members)))
        var state = ServiceState()
        try CheckpointFiles.readRelease(.object(members), into: &state)
        #expect(state.releases["1.0.0"]?.verifiedBefore == [])
        members["outcomes"] = ["dev": "failed"]
        #expect(!CheckpointFiles.agrees(.object(members), with: file) && !CheckpointFiles.agrees(nil, with: file))
        log.fail("1.0.0", in: "dev")
        #expect(log.service.releases["1.0.0"]?.verifiedBefore == [])
    }

    private static func reread(_ state: LedgerState) throws -> LedgerState {
        func text(_ value: JSONValue) throws -> JSONValue { try JSONValue(parsing: value.canonicalText) }
        var services: [String: ServiceState] = [:]
        for (name, service) in state.services {
            var files = CheckpointFiles.files(of: name, service)
            let cells = files.removeValue(forKey: CheckpointFiles.cells(name)) ?? .null
            let open = files.removeValue(forKey: CheckpointFiles.open(name)) ?? .null
            var read = try CheckpointFiles.service(cells: text(cells), open: text(open))
            for release in files.values { try CheckpointFiles.readRelease(text(release), into: &read) }
            services[name] = read
        }
        var read = LedgerState(services: services)
        try CheckpointFiles.readGlobal(text(CheckpointFiles.globalFile(state)), into: &read)
        return read
    }
}
