import Cassettes
import Formats
import Testing

/// What the readers of mocks make of texts.
enum MockReading {
  /// The captures of a text, in the format of a name.
  static func captures(
    _ text: some Sequence<UInt8>, _ name: String, files: [String: String] = [:]
  ) throws -> [Capture] {
    let format = try #require(ImportFormats.named(name).first)
    var rest = Array(text)[...]
    let input = ImportInput(
      feed: { limit in
        defer { rest = rest.dropFirst(limit) }
        return Array(rest.prefix(limit))
      }, fileName: "x",
      sibling: { files[$0].map { Array($0.utf8) } })
    var captures: [Capture] = []
    try format.read(input) { captures.append($0) }
    return captures
  }

  /// The exchange of a capture, with the pace that imports have.
  static func exchange(_ capture: Capture) throws -> Exchange {
    try CaptureFinisher().exchange(of: capture, format: "test").exchange
  }

  /// A text as one line says it.
  static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
