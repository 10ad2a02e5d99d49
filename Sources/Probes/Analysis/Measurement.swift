internal import Expressions
internal import WorkflowModel

/// What one look at a metric came to.
public struct Measurement: Sendable, Hashable {
    public let phase: AnalysisPhase
    /// As it is shown: `0.5`, `[1,2]`, `NaN`.
    public let value: String
    /// Why it errored; empty otherwise.
    public let message: String
    /// Seconds since 1970.
    public let finishedAt: Double

    public init(_ phase: AnalysisPhase, value: String = "", message: String = "", finishedAt: Double) {
        self.phase = phase
        self.value = value
        self.message = message
        self.finishedAt = finishedAt
    }
}

/// A value from a provider before anything is said of it.
public struct ProviderValue: Sendable, Hashable {
    let value: Value
    /// As it is shown.
    let text: String

    init(_ value: Value, text: String) {
        self.value = value
        self.text = text
    }

    /// A number or a list of numbers, shown as Argo Rollouts shows them.
    static func scalar(_ number: Double) -> ProviderValue { ProviderValue(.float(number), text: Numbers.text(number)) }

    static func vector(_ numbers: [Double]) -> ProviderValue {
        ProviderValue(.array(numbers.map(Value.float)), text: "[" + numbers.map(Numbers.text).joined(separator: ",") + "]")
    }
}

/// Decides about one value by a metric's conditions (`semantics.md` 4.2, 4.3).
struct Judgement {
    let successCondition: String
    let failureCondition: String

    init(_ metric: AnalysisMetric) {
        successCondition = metric.successCondition
        failureCondition = metric.failureCondition
    }

    /// Success is evaluated first, so its error hides the failure condition.
    func phase(of result: ProviderValue) throws(JudgementFault) -> AnalysisPhase {
        let success = try successCondition.isEmpty ? nil : holds(successCondition, "successCondition", result)
        let failure = try failureCondition.isEmpty ? nil : holds(failureCondition, "failureCondition", result)
        switch (success, failure) {
        case (nil, nil): return .successful
        case (let success?, nil): return success ? .successful : .failed
        case (nil, let failure?): return failure ? .failed : .successful
        case (_, true?): return .failed
        case (let success?, _): return success ? .successful : .inconclusive
        }
    }

    private func holds(_ text: String, _ name: String, _ result: ProviderValue) throws(JudgementFault) -> Bool {
        do {
            return try Expression(text, known: ["result"]).holds(["result": result.value])
        } catch {
            // An out-of-range look into nothing is told as what it is.
            let isEmpty = result.value == .null || result.value == .array([])
            let reason = isEmpty ? "metric result is nil or empty: no data returned from the metric provider" : error.message
            throw JudgementFault(description: "could not evaluate \(name) \"\(text)\": \(reason)")
        }
    }
}

/// Why a condition gave no answer.
struct JudgementFault: Error, CustomStringConvertible {
    let description: String
}

/// Decimal texts.
enum Numbers {
    /// The shortest text that reads back as the same number; whole ones without a point.
    static func text(_ number: Double) -> String {
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number < 0 ? "-Inf" : "+Inf" }
        if number == number.rounded(), abs(number) < 1e15 { return String(Int(number)) }
        return "\(number)"
    }
}
