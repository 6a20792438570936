// swift-tools-version: 6.2

import PackageDescription

let package = Package(
  name: "Answers",
  platforms: [.macOS(.v15)],
  products: [.library(name: "Answers", targets: ["Answers"])],
  dependencies: [.package(path: "../tapedeck")],
  targets: [
    .target(name: "Answers"),
    .testTarget(
      name: "AnswersTests",
      dependencies: ["Answers", .product(name: "TapedeckTesting", package: "tapedeck")],
      exclude: ["cassettes"]),
  ]
)
