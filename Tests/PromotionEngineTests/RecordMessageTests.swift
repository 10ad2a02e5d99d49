import PromotionEngine
import Testing

@Suite struct RecordMessageTests {
    static let previous = String(repeating: "1", count: 64)

    @Test(arguments: FactSamples.all)
    func everyRecordReadsBackFromItsMessage(_ fact: Fact) throws {
        let record = FactSamples.record(fact)
        let text = RecordMessage(record).text
        #expect(try RecordMessage.record(in: text, previousHash: Self.previous) == record)
        #expect(RecordMessage.claimedHash(in: text) == record.hash)
    }

    @Test func hasTheShapeOfTheContract() {
        let record = FactSamples.record(.segmentSealed(SegmentSealed(segment: 1)))
        let text = RecordMessage(record).text
        #expect(
            text == """
                \(text.prefix { $0 != "\n" })

                \(record.json.canonicalText)

                [skip ci]

                Gradus-Record: segment.sealed
                Gradus-Seq: 7
                Gradus-Hash: \(record.hash)

                """)
    }

    @Test(arguments: FactSamples.all)
    func theSubjectIsOneVisibleLine(_ fact: Fact) throws {
        let person = Identity(id: "x", name: "a\nGradus-Hash: 0\r\u{1B}[31m\u{85}\u{2028}\u{202E}\u{2066}\0b\u{7F}")
        let text = RecordMessage(FactSamples.record(fact, by: person)).text
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 10)
        #expect(lines[1].isEmpty && lines[3].isEmpty && lines[5].isEmpty && lines[9].isEmpty)
        let subject = try #require(lines.first)
        #expect(!subject.isEmpty)
        let hidden: [ClosedRange<UInt32>] = [0...0x1F, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069]
        #expect(!subject.unicodeScalars.contains { scalar in hidden.contains { $0.contains(scalar.value) } })
        #expect(!subject.contains("{\""))
    }

    /// Reads a message as an audit does.
    private func audit(_ message: String) throws {
        let record = try RecordMessage.record(in: message, previousHash: Self.previous)
        try RecordMessage.checkWording(of: record, in: message)
    }

    /// What somebody could do to a message while the hash of the record's text still fits or not.
    @Test(arguments: [
        ("web 1.0.0 to qa", "web 1.0.1 to qa"), ("web 1.0.0 to qa", "web  1.0.0 to qa"), ("\n\n{", "\n{"), ("\n\n{", "\n\n {"),
        ("web 1.0.0 to qa", "web 1.0.0\nto qa"), (#""seq":7"#, #""seq":8"#), (#""stage":"qa""#, #""stage":"prod""#),
        ("1.0.0 to qa", "1.0.0 to prod"), ("[skip ci]", "[skip CI]"), ("[skip ci]\n\n", ""), ("Gradus-Seq: 7", "Gradus-Seq: 8"),
        ("Gradus-Record: succeeded", "Gradus-Record: failed"), ("Gradus-Hash: ", "Gradus-Hash: 0"), ("Gradus-Hash:", "gradus-hash:"),
        ("Gradus-Seq: 7\n", ""), ("Gradus-Seq: 7\n", "Gradus-Seq: 7\nSigned-off-by: x\n"), ("\nGradus-Hash", "\nGradus-Seq: 7\nGradus-Hash"),
        ("\n", "\r\n"), ("web 1.0.0 to qa", "we\u{200B}b 1.0.0 to qa"),
    ])
    func anyEditIsNoticed(_ before: String, _ after: String) {
        let text = RecordMessage(FactSamples.record(FactSamples.closedFact)).text
        let edited = text.replacing(before, with: after)
        #expect(edited != text)
        #expect(throws: RecordFault.self) {
            try audit(edited)
        }
    }

    @Test(arguments: ["\n", " ", "x", "\n\n", "Gradus-Hash: 0\n"])
    func anythingAppendedIsNoticed(_ more: String) {
        let text = RecordMessage(FactSamples.record(FactSamples.closedFact)).text
        #expect(throws: RecordFault.self) { try audit(text + more) }
        #expect(throws: RecordFault.self) { try audit(more + text) }
        #expect(throws: RecordFault.self) { try audit(String(text.dropLast())) }
    }

    /// Equal as strings, other bytes.
    @Test func anotherUnicodeNormalisationIsNoticed() {
        let person = Identity(id: "x", name: "Ren\u{E9}")
        let text = RecordMessage(FactSamples.record(.approvalGiven(FactSamples.decision), by: person)).text
        let subject = text.prefix { $0 != "\n" }
        let edited = subject.replacing("\u{E9}", with: "e\u{301}") + text.dropFirst(subject.count)
        #expect(!edited.utf8.elementsEqual(text.utf8))
        #expect(throws: RecordFault.self) { try audit(String(edited)) }
        let inside = text.replacing("Ren\u{E9}\",", with: "Rene\u{301}\",")
        #expect(!inside.utf8.elementsEqual(text.utf8))
        #expect(throws: RecordFault.self) { try audit(inside) }
    }

    @Test func recordsInAnotherOrderDoNotChain() throws {
        var log = LedgerLog()
        log.register("1.0.0")
        log.report(["x": "1"])
        log.report(["x": "2"])
        let messages = log.records.map { RecordMessage($0).text }
        #expect(throws: RecordFault.self) { try RecordMessage.record(in: messages[2], previousHash: log.records[0].hash) }
        #expect(throws: RecordFault.self) { try RecordMessage.record(in: messages[1], previousHash: log.records[2].hash) }
        #expect(throws: RecordFault.self) { try RecordMessage.record(in: messages[0], previousHash: log.records[0].hash) }
        _ = try RecordMessage.record(in: messages[2], previousHash: log.records[1].hash)
        let fault = #expect(throws: RecordFault.self) {
            try RecordMessage.record(in: messages[2], previousHash: Digest.none)
        }
        #expect(fault?.description.hasPrefix("does not chain") == true)
    }

    /// The body of one record under the trailers of another.
    @Test func swappedBodiesAreNoticed() throws {
        let one = FactSamples.record(FactSamples.closedFact)
        let other = FactSamples.record(.failed(FactSamples.closed))
        let swapped = RecordMessage(one).text.replacing(one.json.canonicalText, with: other.json.canonicalText)
        #expect(throws: RecordFault.self) { try RecordMessage.record(in: swapped, previousHash: Self.previous) }
    }

    @Test func anUnknownTypeChainsToo() throws {
        let members: [String: JSONValue] = [
            "seq": 7, "v": 1, "type": "release.praised", "at": "2027-01-15T08:00:00Z", "initiator": "olga", "stars": 5,
        ]
        let record = try LedgerRecord(canonicalText: JSONValue.object(members).canonicalText, previousHash: Self.previous)
        let written = RecordMessage(record).text
        let text = "olga praised web 1.0.0, says a newer engine" + written.drop { $0 != "\n" }
        #expect(try RecordMessage.record(in: text, previousHash: Self.previous) == record)
        #expect(throws: RecordFault.self) {
            try RecordMessage.record(in: text.replacing("\"stars\":5", with: "\"stars\":4"), previousHash: Self.previous)
        }
    }

    @Test(arguments: ["", "\n", "a\n\nb\n", "{}", "a\n\n{}\n", "a\n\n{\"v\":1}\n", "Merge branch 'x'\n\n# {\n"])
    func whatIsNoRecordIsRefused(_ message: String) {
        #expect(throws: RecordFault.self) { try RecordMessage.record(in: message, previousHash: Self.previous) }
    }
}
