// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
    name: "gradus",
    products: [
        .executable(name: "gradus", targets: ["gradus"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.36.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CLibgit2", pkgConfig: "libgit2", providers: [.apt(["libgit2-dev"])]),
        .systemLibrary(
            name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CExpat", pkgConfig: "expat", providers: [.apt(["libexpat1-dev"])]),
        .target(name: "GitKit", dependencies: ["CLibgit2"], swiftSettings: strict),
        .target(name: "YAMLEdit", dependencies: ["CLibYAML"], swiftSettings: strict),
        .target(name: "Manifests", dependencies: ["YAMLEdit"], swiftSettings: strict),
        .target(name: "Expressions", swiftSettings: strict),
        .target(name: "WorkflowModel", dependencies: ["YAMLEdit", "Expressions"], swiftSettings: strict),
        .target(
            name: "PromotionEngine",
            dependencies: ["WorkflowModel", "Expressions", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: strict),
        .target(
            name: "Web",
            dependencies: [
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: strict),
        .target(
            name: "Probes", dependencies: ["PromotionEngine", "WorkflowModel", "Expressions", "YAMLEdit", "Web"],
            swiftSettings: strict),
        .target(name: "Evidence", dependencies: ["PromotionEngine", "CExpat"], swiftSettings: strict),
        .target(
            name: "GitOpsBackend",
            dependencies: [
                "PromotionEngine", "WorkflowModel", "GitKit", "Manifests", "YAMLEdit",
                .product(name: "Mustache", package: "swift-mustache"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "gradus",
            dependencies: [
                "GitKit", "YAMLEdit", "Manifests", "WorkflowModel", "PromotionEngine",
                "GitOpsBackend", "Evidence", "Probes", "Web",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        .target(
            name: "TestSupport",
            dependencies: [
                "PromotionEngine", "WorkflowModel",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: strict),
        .testTarget(name: "GitKitTests", dependencies: ["GitKit"], swiftSettings: strict),
        .testTarget(
            name: "YAMLEditTests", dependencies: ["YAMLEdit"], exclude: ["Oracle/judge.py"], swiftSettings: strict),
        .testTarget(name: "ManifestsTests", dependencies: ["Manifests", "YAMLEdit"], swiftSettings: strict),
        .testTarget(name: "WorkflowModelTests", dependencies: ["WorkflowModel", "YAMLEdit"], swiftSettings: strict),
        .testTarget(
            name: "PromotionEngineTests", dependencies: ["PromotionEngine", "WorkflowModel"], swiftSettings: strict),
        .testTarget(name: "ExpressionsTests", dependencies: ["Expressions"], swiftSettings: strict),
        .testTarget(name: "EvidenceTests", dependencies: ["Evidence", "PromotionEngine"], swiftSettings: strict),
        .testTarget(
            name: "ProbesTests",
            dependencies: ["Probes", "PromotionEngine", "WorkflowModel", "Expressions", "Web", "TestSupport"],
            swiftSettings: strict),
        .testTarget(name: "WebTests", dependencies: ["Web", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "CriteriaTests", dependencies: ["TestSupport", "PromotionEngine", "gradus"], swiftSettings: strict),
        .target(
            name: "Simulation", dependencies: ["PromotionEngine", "WorkflowModel"], path: "Tests/Simulation",
            swiftSettings: strict),
        .executableTarget(
            name: "simulate", dependencies: ["Simulation"], path: "Tests/SimulationRunner", swiftSettings: strict),
        .testTarget(name: "SimulationTests", dependencies: ["Simulation"], swiftSettings: strict),
        .testTarget(
            name: "GitOpsBackendTests",
            dependencies: ["GitOpsBackend", "GitKit", "PromotionEngine", "WorkflowModel", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "GradusTests", dependencies: ["gradus", "TestSupport", "PromotionEngine"], swiftSettings: strict),
        .testTarget(name: "SampleTests", dependencies: ["WorkflowModel", "Manifests", "YAMLEdit"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
