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
        .executable(name: "gradus", targets: ["gradus"]),
        // For the benchmarks, which are a package of their own.
        .library(name: "GradusEngine", targets: ["WorkflowModel", "PromotionEngine", "GitOpsBackend", "GitKit"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
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
        .target(name: "CCertificates"),
        .target(name: "Patterns", swiftSettings: strict),
        .target(
            name: "GitKit", dependencies: ["CCertificates", "CLibgit2", .product(name: "Crypto", package: "swift-crypto")], swiftSettings: strict),
        .target(name: "YAMLEdit", dependencies: ["CLibYAML"], swiftSettings: strict),
        .target(name: "Manifests", dependencies: ["YAMLEdit", "Patterns"], swiftSettings: strict),
        .target(name: "Expressions", dependencies: ["Patterns"], swiftSettings: strict),
        .target(name: "WorkflowModel", dependencies: ["YAMLEdit", "Expressions", "Patterns"], swiftSettings: strict),
        .target(
            name: "PromotionEngine",
            dependencies: ["WorkflowModel", "Expressions", "Patterns", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: strict),
        .target(
            name: "Auditing",
            dependencies: ["PromotionEngine", "WorkflowModel", .product(name: "Crypto", package: "swift-crypto")],
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
            name: "Probes",
            dependencies: [
                "PromotionEngine", "WorkflowModel", "Expressions", "Patterns", "YAMLEdit", "Web",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict),
        .target(
            name: "Forges",
            dependencies: [
                "PromotionEngine", "Expressions", "Web", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ],
            swiftSettings: strict),
        .target(name: "Evidence", dependencies: ["PromotionEngine", "CExpat"], swiftSettings: strict),
        .target(
            name: "GitOpsBackend",
            dependencies: [
                "PromotionEngine", "WorkflowModel", "GitKit", "Manifests", "YAMLEdit",
                .product(name: "Mustache", package: "swift-mustache"),
            ],
            swiftSettings: strict),
        .target(
            name: "HistoryIndex", dependencies: ["PromotionEngine", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: strict),
        .executableTarget(
            name: "gradus",
            dependencies: [
                "GitKit", "YAMLEdit", "Manifests", "WorkflowModel", "PromotionEngine",
                "GitOpsBackend", "Evidence", "HistoryIndex", "Auditing", "Probes", "Web", "Forges",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict,
            // Starts sooner: no name but one is there for others to find (docs/benchmarks.md).
            linkerSettings: [
                .unsafeFlags(
                    [
                        "-use-ld=lld", "-Xlinker", "--icf=safe",
                        "-Xlinker", "--version-script=\(Context.packageDirectory)/scripts/release-symbols.map",
                    ],
                    .when(platforms: [.linux], configuration: .release))
            ]),
        .target(
            name: "TestSupport",
            dependencies: [
                "PromotionEngine", "WorkflowModel", "Expressions",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: strict),
        .testTarget(name: "PatternsTests", dependencies: ["Patterns"], swiftSettings: strict),
        .testTarget(name: "GitKitTests", dependencies: ["GitKit", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "YAMLEditTests", dependencies: ["YAMLEdit"], exclude: ["Oracle/judge.py"], swiftSettings: strict),
        .testTarget(name: "ManifestsTests", dependencies: ["Manifests", "YAMLEdit"], swiftSettings: strict),
        .testTarget(name: "WorkflowModelTests", dependencies: ["WorkflowModel", "YAMLEdit"], swiftSettings: strict),
        .testTarget(
            name: "PromotionEngineTests", dependencies: ["PromotionEngine", "WorkflowModel"], swiftSettings: strict),
        .testTarget(name: "ExpressionsTests", dependencies: ["Expressions"], swiftSettings: strict),
        .testTarget(name: "EvidenceTests", dependencies: ["Evidence", "PromotionEngine"], swiftSettings: strict),
        .testTarget(name: "AuditingTests", dependencies: ["Auditing", "PromotionEngine", "AuditYear"], swiftSettings: strict),
        .target(
            name: "AuditYear", dependencies: ["PromotionEngine", "GitKit", "WorkflowModel"], path: "Tests/AuditYear",
            swiftSettings: strict),
        .executableTarget(
            name: "audit-year", dependencies: ["AuditYear"], path: "Tests/AuditYearRunner", swiftSettings: strict),
        .testTarget(
            name: "ProbesTests",
            dependencies: ["Probes", "PromotionEngine", "WorkflowModel", "Expressions", "Web", "TestSupport"],
            exclude: ["Fixtures"], swiftSettings: strict),
        .testTarget(
            name: "ForgesTests", dependencies: ["Forges", "PromotionEngine", "Expressions", "Web", "TestSupport"],
            exclude: ["Descriptions"], swiftSettings: strict),
        .testTarget(name: "WebTests", dependencies: ["Web", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "CriteriaTests", dependencies: ["TestSupport", "PromotionEngine", "gradus"], swiftSettings: strict),
        .target(
            name: "Simulation", dependencies: ["PromotionEngine", "WorkflowModel"], path: "Tests/Simulation",
            swiftSettings: strict),
        .executableTarget(
            name: "simulate", dependencies: ["Simulation"], path: "Tests/SimulationRunner", swiftSettings: strict),
        .executableTarget(
            name: "ledger-generator", dependencies: ["GitKit", "GitOpsBackend", "PromotionEngine", "WorkflowModel"],
            path: "Benchmarks/LedgerGenerator", swiftSettings: strict),
        .testTarget(name: "SimulationTests", dependencies: ["Simulation"], swiftSettings: strict),
        .testTarget(
            name: "GitOpsBackendTests",
            dependencies: ["GitOpsBackend", "HistoryIndex", "GitKit", "PromotionEngine", "WorkflowModel", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "GradusTests", dependencies: ["gradus", "TestSupport", "PromotionEngine", "WorkflowModel", "AuditYear"],
            exclude: ["Schemas/validate.py", "Snapshots", "Verdicts"],
            swiftSettings: strict),
        .testTarget(
            name: "TransportTests",
            dependencies: ["gradus", "TestSupport", "PromotionEngine", "WorkflowModel", "GitOpsBackend", "GitKit"],
            swiftSettings: strict),
        .testTarget(name: "SampleTests", dependencies: ["WorkflowModel", "Manifests", "YAMLEdit"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
