import GitKit
import Testing

@Suite struct ObjectIDTests {
    static let hex = "0123456789abcdef89abcdef012345670f1e2d3c"

    @Test func keepsEveryDigit() throws {
        #expect(try #require(ObjectID(hex: Self.hex)).hex == Self.hex)
        #expect(try #require(ObjectID(hex: Self.hex.uppercased())).description == Self.hex)
    }

    @Test(arguments: [
        "", "0", String(repeating: "0", count: 39), String(repeating: "0", count: 41),
        String(repeating: "0", count: 39) + "g", String(repeating: "0", count: 38) + "é",
    ])
    func refusesWhatIsNotFortyDigits(_ text: String) {
        #expect(ObjectID(hex: text) == nil)
    }

    @Test func ordersAsItsText() {
        let texts = ["00", "01", "0f", "10", "9a", "f0"].map { String(repeating: "0", count: 15) + $0 }
            .flatMap { [$0 + String(repeating: "0", count: 23), $0 + String(repeating: "f", count: 23)] }
        let sorted = texts.compactMap(ObjectID.init(hex:)).sorted().map(\.hex)
        #expect(sorted == texts.sorted())
        #expect(sorted.count == texts.count)
    }

    @Test func knowsZero() throws {
        #expect(ObjectID.zero.isZero)
        #expect(ObjectID.zero.hex == String(repeating: "0", count: 40))
        #expect(try !#require(ObjectID(hex: Self.hex)).isZero)
    }
}
