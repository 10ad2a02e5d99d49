// swift-tools-version: 6.1
import PackageDescription

// Its own package, so that nobody who builds gradus builds the benchmark library.
let package = Package(
    name: "gradus-benchmarks",
    dependencies: [
        .package(name: "gradus", path: ".."),
        // Without its traits: they count allocations, which these benchmarks do not ask for.
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
    ],
    targets: [
        .target(name: "BenchmarkScene", dependencies: [.product(name: "GradusEngine", package: "gradus")]),
        .executableTarget(name: "promotion-loop", dependencies: ["BenchmarkScene"]),
        .executableTarget(
            name: "EngineBenchmarks",
            dependencies: ["BenchmarkScene", .product(name: "Benchmark", package: "benchmark")],
            path: "Benchmarks/EngineBenchmarks",
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
    ],
    swiftLanguageModes: [.v6]
)
