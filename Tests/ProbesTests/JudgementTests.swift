import Expressions
import Testing
import WorkflowModel

@testable import Probes

/// One measurement by its conditions (`semantics.md` 4.2, 4.3).
@Suite struct JudgementTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let value: ProviderValue
        let success: String
        let failure: String
        /// Nil: an error.
        let phase: AnalysisPhase?

        init(_ value: ProviderValue, _ success: String, _ failure: String, _ phase: AnalysisPhase?) {
            self.value = value
            self.success = success
            self.failure = failure
            self.phase = phase
        }

        var testDescription: String { "\(value.text): '\(success)' '\(failure)'" }
    }

    private static let one = ProviderValue.scalar(1)
    private static let ten = ProviderValue.vector([10, 11])
    private static let none = ProviderValue.vector([])
    private static let nan = ProviderValue.scalar(.nan)
    private static let null = ProviderValue(.null, text: "null")

    static let rows: [Row] = [
        Row(one, "", "", .successful),
        Row(one, "result == 1", "", .successful),
        Row(one, "result == 2", "", .failed),
        Row(one, "", "result == 1", .failed),
        Row(one, "", "result == 2", .successful),
        Row(one, "result == 1", "result == 1", .failed),
        Row(one, "result == 1", "result == 2", .successful),
        Row(one, "result == 2", "result == 1", .failed),
        Row(one, "result == 2", "result == 3", .inconclusive),
        Row(one, "result ==", "", nil),
        Row(one, "result", "", nil),
        Row(one, "other > 1", "", nil),
        Row(one, "result ==", "result == 1", nil),
        Row(one, "result == 1", "result ==", nil),
        Row(ten, "result[0] < 11", "", .successful),
        Row(ten, "result[1] > 11", "", .failed),
        Row(ten, "all(result, {# > 9})", "", .successful),
        Row(ten, "any(result, # > 11)", "", .failed),
        Row(ten, "result[2] > 1", "", nil),
        Row(ten, "len(result) == 2 && result[-1] == 11", "", .successful),
        Row(none, "result[0] < 1", "", nil),
        Row(none, "len(result) == 0 || result[0] < 1", "", .successful),
        Row(none, "default(result, 0) == 0", "", .failed),
        Row(none, "isNil(result)", "", .failed),
        Row(null, "isNil(result)", "", .successful),
        Row(null, "default(result, 0) == 0", "", .successful),
        Row(null, "isNil(7)", "", .successful),
        Row(nan, "result > 0", "", .failed),
        Row(nan, "", "result > 0", .successful),
        Row(nan, "result > 0", "result <= 0", .inconclusive),
        Row(nan, "isNaN(result)", "", .successful),
        Row(one, "isNaN(result)", "", .failed),
        Row(ProviderValue.scalar(-.infinity), "isInf(result)", "", .successful),
        Row(ProviderValue.scalar(1.9), "asInt(result) == 1", "", .successful),
        Row(ProviderValue(.string("1.1"), text: "1.1"), "asFloat(result) > 1", "", .successful),
        Row(ProviderValue(.string("1.1"), text: "1.1"), "asInt(result) == 1", "", nil),
        Row(ProviderValue(.string("12"), text: "12"), "asInt(result) == 12", "", .successful),
        Row(ProviderValue(.string("x"), text: "x"), "asFloat(result) == 1", "", nil),
        Row(one, "asFloat(result) == \"1.1\"", "", nil),
        Row(ProviderValue(.string("a"), text: "a"), "result < 1", "", nil),
        Row(ProviderValue(.string("a"), text: "a"), "result == 1", "", .failed),
        Row(ProviderValue(.map(["ok": .bool(true)]), text: ""), "result.ok", "", .successful),
        Row(one, "2 in [2.0, 2.0] and not (result > 1)", "", .successful),
    ]

    @Test(arguments: rows)
    func oneValueIsJudgedByItsConditions(row: Row) throws {
        let judgement = Judgement(AnalysisMetric(name: "m", successCondition: row.success, failureCondition: row.failure))
        if let phase = row.phase {
            #expect(try judgement.phase(of: row.value) == phase)
        } else {
            #expect(throws: JudgementFault.self) { try judgement.phase(of: row.value) }
        }
    }

    @Test func anEmptyResultIsToldAsOne() {
        let fault = #expect(throws: JudgementFault.self) {
            try Judgement(AnalysisMetric(name: "m", successCondition: "result[0] < 1")).phase(of: .vector([]))
        }
        #expect(
            fault?.description
                == "could not evaluate successCondition \"result[0] < 1\": metric result is nil or empty: no data returned from the metric provider")
    }

    @Test(arguments: [(1.0, "1"), (0.5, "0.5"), (Double.nan, "NaN"), (Double.infinity, "+Inf"), (-Double.infinity, "-Inf")])
    func numbersAreShownAsUpstreamShowsThem(number: Double, text: String) {
        #expect(ProviderValue.scalar(number).text == text)
        #expect(ProviderValue.vector([number, 1]).text == "[\(text),1]")
    }
}
