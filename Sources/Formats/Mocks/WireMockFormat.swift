internal import Documents

/// The mappings of WireMock: one stub a file, or several.
struct WireMockFormat: ImportFormat {
  let name = "wiremock"
  let title = "WireMock mappings"

  /// Keys that other mocks do not have.
  private static let ownKeys = [
    "urlPath", "urlPattern", "urlPathPattern", "urlPathTemplate", "bodyFileName", "jsonBody",
    "base64Body", "chunkedDribbleDelay", "fixedDelayMilliseconds", "bodyPatterns", "scenarioName",
    "newScenarioState", "persistent", "mappings", "delayDistribution", "proxyBaseUrl",
  ]

  func recognizes(_ opening: Opening) -> Certainty {
    guard opening.isJSON, opening.contains("\"request\""), opening.contains("\"response\""),
      !opening.contains("\"interactions\""), !opening.contains("\"entries\""),
      !opening.contains("\"pairs\"")
    else { return .no }
    return Self.ownKeys.contains { opening.contains("\"\($0)\"") } ? .likely : .possible
  }

  func read(_ input: ImportInput, _ emit: (Capture) throws -> Void) throws {
    let reader = DocumentReader(input.feed, syntax: .json, limits: input.limits)
    var stubs: [WireMockStub] = []
    let document = try reader.next(streaming: [["mappings"], []]) { node, _ in
      stubs.append(try WireMockStub(node))
    }
    guard let document else { throw ImportError("expected a JSON document, found nothing") }
    try reader.expectEnd()
    if stubs.isEmpty, document["mappings"]?.items == nil, document.items == nil {
      stubs = [try WireMockStub(document)]
    }
    // Of stubs that fit a request the one of the smallest number answers.
    let byPriority = stubs.enumerated().sorted {
      ($0.element.priority, $0.offset) < ($1.element.priority, $1.offset)
    }.map(\.element)
    for stub in ScenarioOrder.sorted(byPriority, from: "Started", by: \.step) {
      try emit(stub.capture(of: input.sibling))
    }
  }
}
