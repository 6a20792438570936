import Cassettes
import HTTP
import LosslessJSON
import Recorder

/// A client of the Anthropic API for tests: it hands out text as it comes, and tries again once
/// where nothing has come.
struct StreamClient {
  var baseURL: String

  /// Whether it looks for the event that ends an answer.
  var isCareful = true

  /// How often it tries again.
  var retries = 1

  var prompt = "hi"

  struct Broken: Error, CustomStringConvertible {
    var description: String
  }

  /// Asks, and returns the text of the whole answer.
  func ask() async throws -> String {
    var text = ""
    try await stream { text += $0 }
    return text
  }

  /// Asks, and delivers the text in pieces.
  func stream(_ deliver: (String) -> Void) async throws {
    for attempt in 0...retries {
      var hasText = false
      do {
        return try await once {
          hasText = true
          deliver($0)
        }
      } catch let broken as Broken {
        guard !hasText, attempt < retries else { throw broken }
      }
    }
  }

  private func once(_ deliver: (String) -> Void) async throws {
    let recorder = try StreamRecorder()
    let request = RecordingRequest(
      url: "\(baseURL)/v1/messages", method: "POST",
      headers: [HeaderField("content-type", "application/json")],
      body: Array(#"{"stream":true,"messages":[{"role":"user","content":"\#(prompt)"}]}"#.utf8),
      options: RecordingOptions(idleTimeout: .seconds(5)))
    var lines = Lines()
    var isOver = false
    for await event in try recorder.record(request) {
      switch event {
      case .head(let head) where head.status != 200:
        throw Broken(description: "status \(head.status)")
      case .chunk(let bytes, _):
        for data in lines.take(bytes) {
          guard let event = try? JSONValue(parsing: data) else {
            throw Broken(description: "an event is not JSON")
          }
          if let text = event["delta"]?["text"]?.text { deliver(text) }
          if event["type"]?.text == "message_stop" { isOver = true }
          if event["type"]?.text == "error" { throw Broken(description: "an error event") }
        }
      case .ended(let ending, _) where isCareful && ending.how != .complete:
        throw Broken(description: "the answer ended as \(ending.how)")
      default: continue
      }
    }
    if isCareful, !isOver { throw Broken(description: "the answer is not whole") }
  }
}

/// The data of events, as far as their lines have come: enough for what the API sends.
private struct Lines {
  private var rest: [UInt8] = []

  mutating func take(_ bytes: [UInt8]) -> [[UInt8]] {
    rest += bytes
    var data: [[UInt8]] = []
    while let end = rest.firstIndex(of: 0x0A) {
      let line = rest[..<end]
      if line.starts(with: Array("data: ".utf8)) { data.append(Array(line.dropFirst(6))) }
      rest.removeSubrange(...end)
    }
    return data
  }
}
