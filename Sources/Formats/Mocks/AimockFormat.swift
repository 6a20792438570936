internal import Documents

/// The fixtures of aimock: what a model says and with which pauses, without bytes.
struct AimockFormat: ImportFormat {
  let name = "aimock"
  let title = "aimock fixtures"

  /// Keys that other files with fixtures do not have.
  private static let ownKeys = [
    "userMessage", "recordedTimings", "streamingProfile", "toolCalls", "chunkSize", "inputText",
    "toolCallId", "hasToolResult", "turnIndex", "sequenceIndex",
  ]

  /// What fixtures of other APIs answer with, which is no stream.
  private static let otherKinds = [
    "embedding", "image", "images", "audio", "transcription", "video",
  ]

  func recognizes(_ opening: Opening) -> Certainty {
    guard opening.isJSON, opening.contains("\"match\""), opening.contains("\"response\"") else {
      return .no
    }
    guard opening.contains("\"fixtures\"") else { return .no }
    return Self.ownKeys.contains { opening.contains("\"\($0)\"") } ? .certain : .possible
  }

  func read(_ input: ImportInput, _ emit: (Capture) throws -> Void) throws {
    let reader = DocumentReader(input.feed, syntax: .json, limits: input.limits)
    var count = 0
    var others: [String: Int] = [:]
    let document = try reader.next(streaming: [["fixtures"], []]) { node, _ in
      count += 1
      if let kind = Self.otherKinds.first(where: { node["response"]?[$0] != nil }) {
        others[kind, default: 0] += 1
        return
      }
      try emit(AimockFixture(node).capture())
    }
    guard let document else { throw ImportError("expected a JSON document, found nothing") }
    try reader.expectEnd()
    if count == 0, document["fixtures"]?.items == nil, document.items == nil {
      throw ImportError("expected fixtures, a list, found \(document.kind)", line: document.line)
    }
    for (kind, count) in others.sorted(by: { $0.key < $1.key }) {
      input.note("left out: \(count) fixture\(count == 1 ? "" : "s") with \(kind) (no chat)")
    }
  }
}
