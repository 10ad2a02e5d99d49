// swift-tools-version: 6.1
import PackageDescription

// Its own package, so that nobody who builds gradus builds it. No benchmark library: those time the cases of one process one
// after the other, and what counts here is two programs in turn (`measure.py`).
let package = Package(
    name: "gradus-benchmarks",
    dependencies: [.package(name: "gradus", path: "..")],
    targets: [
        .target(name: "BenchmarkScene", dependencies: [.product(name: "GradusEngine", package: "gradus")]),
        .executableTarget(name: "promotion-loop", dependencies: ["BenchmarkScene"]),
    ],
    swiftLanguageModes: [.v6]
)
