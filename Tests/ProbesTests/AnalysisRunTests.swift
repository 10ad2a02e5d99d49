import Testing
import WorkflowModel

@testable import Probes

/// Several metrics together (`semantics.md` 4.7).
@Suite struct AnalysisRunTests {
    private static func run(_ metrics: [AnalysisMetric], dryRun: [String] = [], _ measurements: [(Int, AnalysisPhase)]) -> AnalysisRun {
        var run = AnalysisRun(metrics, dryRun: dryRun, startedAt: 0)
        for (position, phase) in measurements { run.record(Measurement(phase, finishedAt: 1), of: position) }
        return run
    }

    private static let once = AnalysisMetric(name: "once")
    private static let twice = AnalysisMetric(name: "twice", interval: 5, count: 2)
    private static let always = AnalysisMetric(name: "always", interval: 5)
    private static let strict = AnalysisMetric(name: "strict", consecutiveErrorLimit: 0)

    @Test func allMetricsMustEnd() {
        #expect(Self.run([Self.once, Self.twice], [(0, .successful), (1, .successful)]).phase == .running)
        #expect(Self.run([Self.once, Self.twice], [(0, .successful), (1, .successful), (1, .successful)]).phase == .successful)
    }

    @Test func oneBadMetricEndsTheRunAndTheOthersCountAsTheyStand() {
        let run = Self.run([Self.once, Self.always], [(1, .successful), (0, .failed)])
        #expect(run.phase == .failed)
        #expect(run.message == "Metric \"once\" assessed Failed due to failed (1) > failureLimit (0)")
        #expect(run.metrics[1].phase == .successful)
        #expect(run.due(at: 1_000).isEmpty)
    }

    @Test func overSeveralMetricsFailedIsWorseThanError() {
        var run = AnalysisRun([Self.strict, AnalysisMetric(name: "bad", interval: 1)], startedAt: 0)
        run.record(Measurement(.error, message: "no route", finishedAt: 1), of: 0)
        #expect(run.phase == .error)
        #expect(run.message == "Metric \"strict\" assessed Error due to consecutiveErrors (1) > consecutiveErrorLimit (0): \"Error Message: no route\"")
        #expect(AnalysisPhase.failed.badness > AnalysisPhase.error.badness)
        #expect(AnalysisPhase.error.badness > AnalysisPhase.inconclusive.badness)
    }

    @Test func metricsOfADryRunNeverDecide() {
        let run = Self.run([Self.once, Self.twice], dryRun: ["on"], [(0, .failed), (1, .successful), (1, .successful)])
        #expect(run.phase == .successful)
        #expect(Self.run([Self.once], dryRun: [".*"], [(0, .failed)]).phase == .successful)
    }

    @Test func aPatternThatFitsNoMetricIsAnError() {
        for pattern in ["other", "["] {
            let run = AnalysisRun([Self.once], dryRun: [pattern], startedAt: 0)
            #expect(run.phase == .error)
            #expect(run.message == "Rule didn't match any metric name(s)")
            #expect(run.due(at: 1).isEmpty)
        }
    }

    @Test func anInvalidAnalysisMeasuresNothing() {
        #expect(AnalysisRun([], startedAt: 0).phase == .error)
        #expect(AnalysisRun([Self.once, Self.once], startedAt: 0).phase == .error)
        #expect(AnalysisRun([AnalysisMetric(name: "m", failureLimit: -1)], startedAt: 0).due(at: 5).isEmpty)
    }

    @Test func terminationEndsWhatIsUnderWay() {
        var run = Self.run([Self.always], [(0, .successful)])
        run.terminate()
        #expect(run.phase == .successful)
        #expect(run.message == "Run Terminated")
        var fresh = AnalysisRun([Self.always], startedAt: 0)
        fresh.terminate()
        #expect(fresh.phase == .successful)
    }

    @Test func tellsWhatIsDueNext() {
        let run = AnalysisRun([AnalysisMetric(name: "a", initialDelay: 7), AnalysisMetric(name: "b", interval: 5)], startedAt: 100)
        #expect(run.due(at: 100) == [1])
        #expect(run.due(at: 107) == [0, 1])
        #expect(run.nextDue == 100)
    }
}
