// swift-tools-version: 6.2

import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InferIsolatedConformances"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
  .treatWarning("DeprecatedDeclaration", as: .warning),
]

let linux: TargetDependencyCondition? = .when(platforms: [.linux])

let package = Package(
  name: "Tapedeck",
  platforms: [.macOS(.v15)],
  products: [
    .library(
      name: "TapedeckKit",
      targets: [
        "EventStream", "LosslessJSON", "HTTP", "Patterns", "Redaction", "Dialects", "Cassettes",
        "Planning", "Matching",
        "Recorder", "Deck",
      ]
    ),
    .library(name: "TapedeckTesting", targets: ["TapedeckTesting"]),
    .executable(name: "tapedeck", targets: ["TapedeckCLI"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    // Without its trait it needs no Foundation, which costs start-up time.
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
  ],
  targets: [
    // The system libraries, and the shims that Swift needs to call them.
    .target(name: "CCurl"),
    .target(name: "CCoders"),
    .target(name: "CDigests"),
    .target(name: "CYAML"),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CLinux"),
    .target(name: "Libc", swiftSettings: settings),
    .target(
      name: "Threads",
      dependencies: ["Libc", .target(name: "CLinux", condition: linux)],
      swiftSettings: settings),

    // The rooms, in the order in which data flows through them.
    .target(
      name: "Units", dependencies: ["Libc", .target(name: "CLinux", condition: linux)],
      swiftSettings: settings),
    .target(name: "Digests", dependencies: ["CDigests"], swiftSettings: settings),
    .target(name: "EventStream", swiftSettings: settings),
    .target(name: "LosslessJSON", swiftSettings: settings),
    .target(
      name: "Documents", dependencies: ["LosslessJSON", "CYAML", "Units"], swiftSettings: settings),
    .target(name: "HTTP", swiftSettings: settings),
    .target(name: "Patterns", swiftSettings: settings),
    .target(
      name: "Dialects", dependencies: ["EventStream", "LosslessJSON"], swiftSettings: settings),
    .target(
      name: "Redaction",
      dependencies: ["EventStream", "LosslessJSON", "HTTP", "Patterns", "Units"],
      swiftSettings: settings),
    .target(
      name: "Cassettes",
      dependencies: [
        "EventStream", "LosslessJSON", "HTTP", "Redaction", "CCoders", "CZlib", "Libc", "Threads",
        "Units",
      ],
      swiftSettings: settings),
    .target(
      name: "Planning",
      dependencies: [
        "EventStream", "LosslessJSON", "HTTP", "Cassettes", "Dialects", "Digests", "Units",
      ],
      swiftSettings: settings
    ),
    .target(
      name: "Formats",
      dependencies: [
        "EventStream", "LosslessJSON", "Documents", "HTTP", "Redaction", "Cassettes", "Dialects",
        "Planning", "Digests", "Units",
      ],
      swiftSettings: settings),
    .target(
      name: "Judging", dependencies: ["LosslessJSON", "Cassettes", "Planning"],
      swiftSettings: settings),
    .target(
      name: "Matching",
      dependencies: [
        "LosslessJSON", "HTTP", "Patterns", "Redaction", "Cassettes", "Dialects", "Digests",
        "Planning", "Judging", "Units",
      ],
      swiftSettings: settings),
    .target(
      name: "Comparing",
      dependencies: [
        "EventStream", "LosslessJSON", "HTTP", "Redaction", "Cassettes", "Dialects", "Planning",
        "Matching",
      ],
      swiftSettings: settings),
    .target(
      name: "Loading",
      dependencies: [
        "EventStream", "LosslessJSON", "HTTP", "Cassettes", "Dialects", "Digests", "Planning",
        "Units",
        .product(name: "Histogram", package: "hdrhistogram-swift"),
      ],
      swiftSettings: settings),
    .target(
      name: "Quotas",
      dependencies: [
        "LosslessJSON", "HTTP", "Cassettes", "Dialects", "Digests", "Planning", "Units",
      ],
      swiftSettings: settings),
    .target(
      name: "Reports",
      dependencies: [
        "EventStream", "LosslessJSON", "Cassettes", "Dialects", "Planning", "Judging", "Loading",
        "Units",
        .product(name: "Histogram", package: "hdrhistogram-swift"),
      ],
      resources: [
        "page.css", "picture.css", "page.mustache", "torture.mustache", "case.mustache",
        "streams.mustache", "stream.mustache", "plan.mustache", "live.mustache",
        "load.mustache",
      ].map { .embedInCode("Templates/\($0)") },
      swiftSettings: settings),
    .target(
      name: "Sockets",
      dependencies: ["Units", "Threads", "Libc", .target(name: "CLinux", condition: linux)],
      swiftSettings: settings),
    .target(
      name: "Recorder",
      dependencies: [
        "EventStream", "LosslessJSON", "HTTP", "Redaction", "Cassettes", "CCurl", "Libc", "Threads",
        "Units", "Sockets",
        .target(name: "CLinux", condition: linux),
      ],
      swiftSettings: settings),
    .target(
      name: "Deck",
      dependencies: [
        "EventStream", "LosslessJSON", "HTTP", "Patterns", "Redaction", "Cassettes", "Dialects",
        "Digests",
        "Planning", "Quotas", "Matching", "Judging", "Reports", "Sockets", "Recorder", "Libc",
        "Threads", "Units",
        .target(name: "CLinux", condition: linux),
        .product(name: "Histogram", package: "hdrhistogram-swift"),
      ],
      swiftSettings: settings
    ),
    .target(
      name: "Torture",
      dependencies: [
        "EventStream", "LosslessJSON", "Documents", "HTTP", "Cassettes", "Dialects", "Planning",
        "Matching", "Judging", "Deck", "Digests", "Libc", "Threads", "Units",
        .target(name: "CLinux", condition: linux),
      ],
      swiftSettings: settings),
    .target(
      name: "Load",
      dependencies: [
        "EventStream", "LosslessJSON", "HTTP", "Cassettes", "Dialects", "Planning", "Loading",
        "Sockets", "Libc", "Threads", "Units",
        .target(name: "CLinux", condition: linux),
      ],
      swiftSettings: settings),
    // It imports Testing, which toolchains have; nothing that the program is made of needs it.
    .target(
      name: "TapedeckTesting",
      dependencies: [
        "LosslessJSON", "Redaction", "Cassettes", "Planning", "Matching", "Judging", "Reports",
        "Deck", "Torture", "Libc", "Units",
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "TapedeckCLI",
      dependencies: [
        "EventStream", "LosslessJSON", "Documents", "HTTP", "Patterns", "Redaction", "Cassettes",
        "Dialects",
        "Planning", "Formats", "Quotas", "Matching", "Comparing", "Judging", "Loading", "Reports",
        "Recorder", "Deck", "Load", "Torture", "Libc", "Sockets",
        .target(name: "CLinux", condition: linux),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(
          name: "SystemPackage", package: "swift-system", condition: .when(platforms: [.linux])),
      ],
      resources: [
        "anthropic-text.tape", "openai-chat.tape", "openai-responses.tape", "gemini-text.tape",
        "init/pytest_anthropic.py", "init/pytest_openai.py", "init/pytest_gemini.py",
        "init/pytest_http.mustache", "init/node.mustache", "init/swift.mustache",
        "init/shell.mustache", "init/github.mustache", "init/gitlab.mustache",
        "init/gitattributes.txt",
      ].map { .embedInCode("Resources/\($0)") },
      swiftSettings: settings
    ),
    .executableTarget(
      name: "TapedeckBenchmarks",
      dependencies: [
        "EventStream", "LosslessJSON", "HTTP", "Patterns", "Redaction", "Cassettes", "Dialects",
        "Planning", "Quotas", "Libc", "Units",
      ],
      path: "Sources/Benchmarks", swiftSettings: settings),

    .target(
      name: "TestSupport", dependencies: ["Libc"], path: "Tests/TestSupport",
      swiftSettings: settings),
    // A client that does everything right, for `tapedeck torture`.
    .executableTarget(
      name: "TortureClient",
      dependencies: [
        "EventStream", "LosslessJSON", "HTTP", "Dialects", "Cassettes", "Recorder", "Libc",
      ],
      path: "Tests/TortureClient", swiftSettings: settings),
    .testTarget(
      name: "EventStreamTests", dependencies: ["EventStream", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "LosslessJSONTests", dependencies: ["LosslessJSON", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "HTTPTests", dependencies: ["HTTP", "TestSupport"],
      resources: [.copy("Resources/llhttp.jsonl")],
      swiftSettings: settings),
    .testTarget(
      name: "PatternsTests", dependencies: ["Patterns", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "RedactionTests",
      dependencies: ["LosslessJSON", "Patterns", "Redaction", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "DialectsTests",
      dependencies: ["Dialects", "EventStream", "LosslessJSON", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "CassettesTests",
      dependencies: [
        "EventStream", "LosslessJSON", "HTTP", "Patterns", "Redaction", "Cassettes", "TestSupport",
        "Units",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "PlanningTests",
      dependencies: [
        "LosslessJSON", "HTTP", "Cassettes", "Dialects", "Planning", "TestSupport", "Units",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "SocketsTests", dependencies: ["Sockets", "Libc", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "MatchingTests",
      dependencies: [
        "LosslessJSON", "Cassettes", "Planning", "Judging", "Matching", "TestSupport", "Units",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "ComparingTests",
      dependencies: [
        "Comparing", "LosslessJSON", "HTTP", "Cassettes", "Planning", "TestSupport",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "DocumentsTests", dependencies: ["Documents", "LosslessJSON", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "FormatsTests",
      dependencies: [
        "EventStream", "LosslessJSON", "Documents", "HTTP", "Redaction", "Cassettes", "Dialects",
        "Planning", "Formats", "Digests", "Libc", "TestSupport", "Units",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "JudgingTests", dependencies: ["Cassettes", "Judging", "Planning"],
      swiftSettings: settings),
    .testTarget(
      name: "ReportsTests",
      dependencies: [
        "LosslessJSON", "HTTP", "Cassettes", "Judging", "Planning", "Loading", "Reports",
        "TestSupport",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "TortureTests",
      dependencies: [
        "LosslessJSON", "Cassettes", "Dialects", "Judging", "Planning", "Matching", "Deck",
        "Torture",
        "Libc", "TestSupport", "Units",
      ],
      exclude: ["Goldens"],
      swiftSettings: settings),
    .testTarget(
      name: "LoadingTests",
      dependencies: [
        "LosslessJSON", "HTTP", "Cassettes", "Planning", "Loading", "TestSupport", "Units",
        .product(name: "Histogram", package: "hdrhistogram-swift"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "LoadTests",
      dependencies: [
        "LosslessJSON", "HTTP", "Cassettes", "Dialects", "Planning", "Loading", "Matching", "Deck",
        "Load", "Sockets", "Libc", "TestSupport", "Units",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "QuotasTests",
      dependencies: [
        "LosslessJSON", "HTTP", "Cassettes", "Dialects", "Planning", "Quotas", "TestSupport",
        "Units",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "TapedeckTestingTests",
      dependencies: [
        "LosslessJSON", "HTTP", "Cassettes", "Planning", "Matching", "Recorder", "Deck",
        "TapedeckTesting",
      ],
      exclude: ["cassettes"],
      swiftSettings: settings),
    .testTarget(
      name: "UnitsTests", dependencies: ["TestSupport", "Units"], swiftSettings: settings),
    .testTarget(
      name: "DigestsTests", dependencies: ["Digests", "CDigests"], swiftSettings: settings),
    .testTarget(name: "ThreadsTests", dependencies: ["Threads"], swiftSettings: settings),
    .testTarget(
      name: "RecorderTests",
      dependencies: ["LosslessJSON", "HTTP", "Redaction", "Cassettes", "Recorder", "Libc"],
      swiftSettings: settings),
    .testTarget(
      name: "DeckTests",
      dependencies: [
        "LosslessJSON", "HTTP", "Redaction", "Cassettes", "Planning", "Quotas", "Judging",
        "Matching", "Sockets", "Deck", "Libc",
        "TestSupport",
        "Units",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "CommandLineTests",
      dependencies: [
        "LosslessJSON", "Redaction", "Cassettes", "Deck", "Libc", "TapedeckCLI",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
  ]
)
