import Testing
import WorkflowModel

@testable import Probes

/// Counting, limits and times of one metric (`semantics.md` 4.1, 4.4 to 4.6).
@Suite struct MetricRunTests {
    /// Measurements by letter: `s`uccessful, `f`ailed, `i`nconclusive, `e`rror; each assessed when it was recorded.
    static func run(_ metric: AnalysisMetric, _ letters: String, terminating: Bool = false) -> MetricRun {
        var run = MetricRun(metric)
        for (position, letter) in letters.enumerated() {
            let phase: AnalysisPhase =
                switch letter {
                case "s": .successful
                case "f": .failed
                case "i": .inconclusive
                default: .error
                }
            run.record(Measurement(phase, finishedAt: Double(position)))
            run.assess(isTerminating: false)
        }
        run.assess(isTerminating: terminating)
        return run
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let metric: AnalysisMetric
        let letters: String
        let phase: AnalysisPhase
        var terminating = false

        var testDescription: String { "\(letters) -> \(phase.rawValue)" }
    }

    private static func endless(
        failures: Int = 0, inconclusive: Int = 0, errors: Int = 4, successes: Int = 0
    ) -> AnalysisMetric {
        AnalysisMetric(
            name: "m", interval: 60, failureLimit: failures, inconclusiveLimit: inconclusive, consecutiveErrorLimit: errors,
            consecutiveSuccessLimit: successes)
    }

    private static func counted(_ count: Int, failures: Int = 0, successes: Int = 0) -> AnalysisMetric {
        AnalysisMetric(name: "m", interval: 60, count: count, failureLimit: failures, consecutiveSuccessLimit: successes)
    }

    static let rows: [Row] = [
        Row(metric: endless(), letters: "", phase: .pending),
        Row(metric: endless(), letters: "", phase: .successful, terminating: true),
        Row(metric: endless(), letters: "s", phase: .running),
        Row(metric: endless(), letters: "ss", phase: .successful, terminating: true),
        Row(metric: AnalysisMetric(name: "once"), letters: "s", phase: .successful),
        Row(metric: AnalysisMetric(name: "once"), letters: "f", phase: .failed),
        Row(metric: AnalysisMetric(name: "once"), letters: "i", phase: .inconclusive),
        Row(metric: AnalysisMetric(name: "once"), letters: "e", phase: .running),
        Row(metric: AnalysisMetric(name: "once"), letters: "eeees", phase: .successful),
        Row(metric: endless(failures: 3), letters: "fff", phase: .running),
        Row(metric: endless(failures: 3), letters: "ffff", phase: .failed),
        Row(metric: endless(failures: 3), letters: "fsfsfsf", phase: .failed),
        Row(metric: endless(failures: -1, successes: 9), letters: "ffffff", phase: .running),
        Row(metric: endless(inconclusive: 1), letters: "i", phase: .running),
        Row(metric: endless(inconclusive: 1), letters: "ii", phase: .inconclusive),
        Row(metric: endless(errors: 4), letters: "eeee", phase: .running),
        Row(metric: endless(errors: 4), letters: "eeeee", phase: .error),
        Row(metric: endless(errors: 4), letters: "eeeeseeee", phase: .running),
        Row(metric: endless(errors: 0), letters: "e", phase: .error),
        Row(metric: counted(3), letters: "sse", phase: .running),
        Row(metric: counted(3), letters: "sses", phase: .successful),
        Row(metric: counted(3, failures: 1), letters: "sfs", phase: .successful),
        Row(metric: counted(3, failures: 1), letters: "sff", phase: .failed),
        Row(metric: endless(successes: 2), letters: "s", phase: .running),
        Row(metric: endless(successes: 2), letters: "ss", phase: .successful),
        Row(metric: endless(failures: 5, successes: 2), letters: "sfses", phase: .running),
        Row(metric: endless(failures: 5, successes: 2), letters: "sfss", phase: .successful),
        Row(metric: counted(3, failures: 1, successes: 2), letters: "sfs", phase: .inconclusive),
        Row(metric: counted(3, failures: -1, successes: 2), letters: "sfs", phase: .failed),
        Row(metric: counted(4, failures: -1, successes: 2), letters: "ffss", phase: .successful),
        Row(metric: endless(failures: 0, inconclusive: 0), letters: "f", phase: .failed, terminating: true),
        Row(metric: endless(failures: 9), letters: "e", phase: .successful, terminating: true),
    ]

    @Test(arguments: rows)
    func theMeasurementsDecideThePhase(row: Row) {
        #expect(Self.run(row.metric, row.letters, terminating: row.terminating).phase == row.phase)
    }

    @Test func insideOneMetricErrorBeatsInconclusiveAndThatBeatsFailed() {
        var run = MetricRun(Self.endless(failures: 0, inconclusive: 0, errors: 0))
        for phase in [AnalysisPhase.failed, .inconclusive, .error] { run.record(Measurement(phase, finishedAt: 0)) }
        var without = MetricRun(Self.endless(failures: 0, inconclusive: 0, errors: 9))
        for phase in [AnalysisPhase.failed, .inconclusive] { without.record(Measurement(phase, finishedAt: 0)) }
        run.assess(isTerminating: false)
        without.assess(isTerminating: false)
        #expect(run.phase == .error)
        #expect(without.phase == .inconclusive)
    }

    @Test func errorsDoNotUseUpTheCount() {
        let run = Self.run(Self.counted(3, failures: 2), "sefes")
        #expect((run.count, run.errors, run.successful, run.failed) == (3, 2, 2, 1))
    }

    @Test func anErrorIsRepeatedAfterTenSecondsWhateverTheInterval() {
        var run = MetricRun(AnalysisMetric(name: "m", interval: 600, initialDelay: 30))
        #expect(!run.isDue(at: 29, startedAt: 0))
        #expect(run.isDue(at: 30, startedAt: 0))
        run.record(Measurement(.error, finishedAt: 30))
        run.assess(isTerminating: false)
        #expect(!run.isDue(at: 40, startedAt: 0))
        #expect(run.isDue(at: 40.1, startedAt: 0))
        run.record(Measurement(.successful, finishedAt: 41))
        run.assess(isTerminating: false)
        #expect(!run.isDue(at: 641, startedAt: 0))
        #expect(run.isDue(at: 641.5, startedAt: 0))
        #expect(run.nextDue(startedAt: 0) == 641)
    }

    @Test(arguments: [
        (AnalysisMetric(name: "m", failureLimit: -2), 1), (AnalysisMetric(name: "m", consecutiveSuccessLimit: -1), 1),
        (AnalysisMetric(name: "m", failureLimit: -1), 1), (AnalysisMetric(name: "m", inconclusiveLimit: -1), 1),
        (AnalysisMetric(name: "m", consecutiveErrorLimit: -1), 1), (AnalysisMetric(name: "m", interval: 1, count: 2, failureLimit: 3), 1),
        (AnalysisMetric(name: "m", interval: 1, count: 3, failureLimit: 2, consecutiveSuccessLimit: 2), 1),
        (AnalysisMetric(name: "m", interval: 1, count: 1, failureLimit: -1, consecutiveSuccessLimit: 2), 1),
        (AnalysisMetric(name: "m", interval: 1, count: 2, inconclusiveLimit: 3), 1), (AnalysisMetric(name: "m", count: 2), 1),
        (AnalysisMetric(name: "m"), 0), (AnalysisMetric(name: "m", count: 1, failureLimit: 1), 0),
        (AnalysisMetric(name: "m", interval: 1, count: 5, failureLimit: 2, consecutiveSuccessLimit: 3), 0),
    ])
    func settingsThatMakeNoSenseAreFaults(metric: AnalysisMetric, count: Int) {
        #expect(metric.faults.count == count)
    }
}
