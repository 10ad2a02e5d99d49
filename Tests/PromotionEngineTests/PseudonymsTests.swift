@testable import PromotionEngine
import Testing

@Suite struct PseudonymsTests {
    private let names = Pseudonyms([
        SubjectPseudonymised(subject: "olga", pseudonym: "person-1", also: ["olga@example.com", "Olga Petrova"], reason: "r"),
        SubjectPseudonymised(subject: "ci", pseudonym: "person-2", reason: "r"),
    ])

    @Test(arguments: [
        ("olga", "person-1"), ("olga read it", "person-1 read it"), ("ask olga.", "ask person-1."), ("(olga, sam)", "(person-1, sam)"),
        ("olga olga", "person-1 person-1"), ("by Olga Petrova <olga@example.com>", "by person-1 <person-1>"),
        ("olga-b", "olga-b"), ("volga", "volga"), ("olga@example.org", "olga@example.org"), ("olga.b", "olga.b"), ("x.olga", "x.olga"),
        ("the ci failed", "the ci failed"), ("", ""),
    ])
    func aNameIsReplacedWhereItIsAWord(_ text: String, _ shown: String) { #expect(names.sentence(text) == shown) }

    @Test(arguments: [
        ("olga", "person-1"), ("ci", "person-2"), ("Olga Petrova <o@example.net>", "person-1"), ("O <olga@example.com>", "person-1"),
        ("olgas", "olgas"), ("sam", "sam"),
    ])
    func aPersonIsReplacedWhole(_ text: String, _ shown: String) { #expect(names.person(text) == shown) }

    @Test(arguments: FactSamples.all)
    func aViewKeepsNumberTypeAndHashes(_ fact: Fact) throws {
        let record = FactSamples.record(fact, by: Identity(id: "olga", name: "Olga"))
        let shown = try names.shown(record)
        #expect((shown.seq, shown.hash, shown.previousHash, shown.fact.type) == (record.seq, record.hash, record.previousHash, record.fact.type))
        #expect(shown.isPseudonymised && shown.initiator == Identity(id: "person-1") && shown.rules == record.rules)
        #expect(try Pseudonyms().shown(record) == record)
    }
}
