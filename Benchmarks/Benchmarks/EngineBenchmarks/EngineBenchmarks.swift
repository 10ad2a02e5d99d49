import Benchmark
import BenchmarkScene
import Foundation

/// In-process cases on a repository that `monorepo/generate.py` wrote; its path comes as `GRADUS_BENCH_REPO`.
let benchmarks: @Sendable () -> Void = {
    guard let path = ProcessInfo.processInfo.environment["GRADUS_BENCH_REPO"] else { return }

    Benchmark(
        "one promotion", configuration: .init(metrics: [.wallClock, .cpuTotal, .peakMemoryResident], maxDuration: .seconds(20), maxIterations: 500)
    ) { benchmark in
        let fleet = try Fleet(path)
        let version = "2.\(UInt32.random(in: 0...UInt32.max)).0"
        try fleet.register(0..<500, version)
        var service = 0
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations {
            try fleet.promote(service, version)
            service += 1
        }
        benchmark.stopMeasurement()
    }
}
