import PromotionEngine
import Testing

@Suite struct LedgerRecordTests {
    @Test(arguments: FactSamples.all)
    func everyFactReadsBackAsItWasWritten(_ fact: Fact) throws {
        for mark in [nil, CheckpointMark(seq: 6, digest: "tree")] {
            let record = LedgerRecord(
                seq: 7, at: .start, initiator: Identity(id: "olga", name: "Olga"), fact: fact, checkpoint: mark,
                previousHash: .plan)
            let again = try LedgerRecord(canonicalText: record.json.canonicalText, previousHash: .plan)
            #expect(again == record)
            #expect(again.checkpoint == mark)
        }
    }

    @Test func coversEveryType() {
        #expect(Set(FactSamples.full.map(\.type)).count == 35)
        #expect(FactSamples.full.count == 38)
    }

    @Test func exportsTheColumnsOfTheContract() throws {
        let record = FactSamples.record(FactSamples.closedFact)
        guard case .object(let members) = record.exported else { throw RecordFault("no object") }
        let contract = ["seq", "v", "type", "at", "initiator", "service", "version", "stage", "workflow", "hash", "prev"]
        #expect(Set(contract).isSubset(of: members.keys))
        #expect(members["hash"] == .string(record.hash))
        #expect(members["prev"] == .string(record.previousHash))
        #expect(members["v"] == 1)
        #expect(members["at"] == "2027-01-15T08:00:00Z")
    }

    @Test func theHashIsOverThePreviousHashAndTheCanonicalText() {
        let record = FactSamples.record(.segmentSealed(SegmentSealed(segment: 1)))
        #expect(record.hash == Digest.sha256(record.previousHash + record.json.canonicalText))
        #expect(Digest.sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(Digest.sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test func everyHashDependsOnAllRecordsBefore() {
        var one = LedgerLog()
        var other = LedgerLog()
        one.register("1.0.0")
        other.register("1.0.1")
        for _ in 0..<3 {
            one.report(["x": "1"])
            other.report(["x": "1"])
        }
        #expect(one.records.dropFirst().map(\.json) == other.records.dropFirst().map(\.json))
        for (left, right) in zip(one.records, other.records) { #expect(left.hash != right.hash) }
        for (before, after) in zip(one.records, one.records.dropFirst()) { #expect(after.previousHash == before.hash) }
    }

    @Test(arguments: ["release.mended", "Requested", "", "x\ny"])
    func anUnknownTypeIsKeptWhole(_ type: String) throws {
        let text = JSONValue.object([
            "seq": 9, "v": 1, "type": .string(type), "at": "2027-01-15T08:00:00Z", "initiator": "olga",
            "authenticated": false, "novelty": ["a": [1, 2, "x"]], "service": "web",
        ]).canonicalText
        let record = try LedgerRecord(canonicalText: text, previousHash: .plan)
        #expect(record.json.canonicalText == text)
        #expect(record.fact.type == type)
        guard case .unknown = record.fact else {
            Issue.record("\(record.fact) is not unknown")
            return
        }
        var state = LedgerState()
        state.apply(record)
        #expect(state.unknownTypes == [type])
    }

    private func record(holding value: String) throws -> LedgerRecord {
        let text = #"{"at":"2027-01-15T08:00:00Z","initiator":"olga","novelty":"# + value + #","seq":9,"type":"new","v":1}"#
        return try LedgerRecord(canonicalText: text, previousHash: .plan)
    }

    @Test(arguments: [
        #"["\u001f\u000b\b\t\n\f\r\"\\/é"]"#, "{\"\u{1F600}\":1,\"\u{FB33}\":2}", #"{"":-1,"B":0,"a":{},"aa":[]}"#, "\"\u{7F}\"",
        #"[true,false,null,9007199254740991]"#, #"{"é":1,"ê":{"e":2}}"#,
    ])
    func theOneTextOfAValueIsRead(_ value: String) throws {
        #expect(try record(holding: value).json.canonicalText.contains(value))
    }

    /// Each says the same as a text of RFC 8785, in another way.
    @Test(arguments: [
        "{\"a\": 1}", "[1 ,2]", "[1,\t2]", "{ }", "[\n]", #"{"b":1,"a":2}"#, #"{"a":1,"B":2}"#, #"{"aa":1,"a":2}"#, "[-0]",
        "{\"\u{FB33}\":1,\"\u{1F600}\":2}", "{\"é\":1,\"e\":2}", #"["\/"]"#, #"["\u0041"]"#, #"["\u001F"]"#, #"["\u000a"]"#, #"["\u0022"]"#,
        #"["\u00e9"]"#, #"["\ud83d\ude02"]"#, #"{"\u0061":1}"#,
    ])
    func anyOtherTextOfTheSameValueIsRefused(_ value: String) throws {
        let canonical = try JSONValue(parsing: value).canonicalText
        #expect(Array(canonical.utf8) != Array(value.utf8))
        _ = try record(holding: canonical)
        #expect(throws: RecordFault.self) { try record(holding: value) }
    }

    @Test(arguments: [0, 2, 99])
    func aRecordOfAnotherVersionIsUnknownAlsoWhenItsTypeIsKnown(_ version: Int) throws {
        let known = FactSamples.record(FactSamples.closedFact)
        guard case .object(var members) = known.json else { throw RecordFault("no object") }
        members["v"] = .int(version)
        members["extra"] = "x"
        let text = JSONValue.object(members).canonicalText
        let record = try LedgerRecord(canonicalText: text, previousHash: .plan)
        guard case .unknown(let type, _) = record.fact else {
            Issue.record("\(record.fact) is not unknown")
            return
        }
        #expect(type == "succeeded")
        #expect(record.version == version)
        #expect(record.json.canonicalText == text)
    }

    @Test(arguments: FactSamples.full)
    func aRecordThatSaysMoreThanItsTypeKnowsIsRefused(_ fact: Fact) throws {
        guard case .object(var members) = FactSamples.record(fact).json else { throw RecordFault("no object") }
        members["extra"] = "x"
        #expect(throws: RecordFault.self) {
            try LedgerRecord(canonicalText: JSONValue.object(members).canonicalText, previousHash: .plan)
        }
    }

    /// Takes away each member in turn: what remains is refused, or is what an optional member leaves.
    @Test(arguments: FactSamples.full)
    func aRecordWithoutAMemberIsRefusedOrAnotherRecord(_ fact: Fact) throws {
        let record = FactSamples.record(fact)
        guard case .object(let members) = record.json else { throw RecordFault("no object") }
        for key in members.keys {
            var rest = members
            rest[key] = nil
            let text = JSONValue.object(rest).canonicalText
            do {
                let other = try LedgerRecord(canonicalText: text, previousHash: record.previousHash)
                #expect(other.hash != record.hash)
                #expect(other.json.canonicalText == text)
            } catch {
                #expect(!error.description.isEmpty)
            }
        }
        for key in ["seq", "v", "type", "at", "initiator", "authenticated"] {
            var rest = members
            rest[key] = nil
            #expect(throws: RecordFault.self) {
                try LedgerRecord(canonicalText: JSONValue.object(rest).canonicalText, previousHash: .plan)
            }
        }
    }

    @Test(arguments: [
        (#""seq":7"#, #""seq":"7""#), (#""seq":7"#, #""seq":7 "#), (#""v":1"#, #""v":1.0"#), (#""v":1"#, #""v":null"#),
        ("08:00:00Z", "08:00:00+00:00"), ("08:00:00Z", "08:00:00.0Z"), ("08:00:00Z", "later"), (#""authenticated":false"#, #""authenticated":true"#),
        (#""authenticated":false"#, #""authenticated":0"#), (#""initiator":"olga@example.org""#, #""initiator":["olga"]"#),
        ("olga@", #"\u006flga@"#), (#""reason":"#, #""Reason":"#),
    ])
    func aRecordThatIsNotWrittenByTheRulesIsRefused(_ before: String, _ after: String) {
        let text = FactSamples.record(FactSamples.closedFact).json.canonicalText
        let edited = text.replacing(before, with: after)
        #expect(edited != text)
        #expect(throws: RecordFault.self) { try LedgerRecord(canonicalText: edited, previousHash: .plan) }
    }

    @Test(arguments: ["", "{}", "[]", "null", "1", "{\"v\":1}", "{\"seq\":1,\"seq\":1}"])
    func whatIsNoRecordIsRefused(_ text: String) {
        #expect(throws: RecordFault.self) { try LedgerRecord(canonicalText: text, previousHash: .plan) }
    }
}

extension FactSamples {
    static let closedFact = Fact.succeeded(closed)
}
