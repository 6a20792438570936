internal import Cassettes
internal import Documents
internal import HTTP

/// Cassettes of go-vcr 1 to 4: versions 1 and 2 of its format in YAML, and JSON as Go's encoder
/// writes it without being told names.
struct GoVCRFormat: ImportFormat {
  let name = "go-vcr"
  let title = "go-vcr"

  /// Whether keys are there that only go-vcr has.
  static func hasSigns(_ clues: CassetteClues) -> Bool {
    guard !clues.has("uri") else { return false }
    return clues.has("proto_major") || clues.has("duration", "code")
      || clues.topKeys.first == "version"
  }

  func recognizes(_ opening: Opening) -> Certainty {
    let clues = CassetteClues(opening)
    if clues.isJSON, clues.has("Interactions", "Request") { return .certain }
    let hasList =
      clues.isJSON ? clues.has("interactions", "request") : clues.topKeys.contains("interactions")
    guard hasList, Self.hasSigns(clues) else { return .no }
    return clues.has("url") ? .certain : .likely
  }

  func read(_ input: ImportInput, _ emit: (Capture) throws -> Void) throws {
    let list = InteractionList(paths: [["interactions"], ["Interactions"]])
    try list.read(input, capture: Self.capture, emit)
  }

  private static func capture(of node: Node) throws -> Capture {
    var capture = try Interaction.capture(of: node)
    guard let response = node.first(of: "response", "Response") else { return capture }
    if let trailer = response.first(of: "trailer", "Trailer") {
      capture.trailers = try InteractionHeaders(trailer, in: response).fields
    }
    // The clock stops when Go has the head; a replay of go-vcr sends the body right behind it.
    let duration = response.first(of: "duration", "Duration")?.text
    if let time = duration.flatMap(RecordedDuration.init)?.time {
      capture.times = .span(head: time, end: time)
    }
    let isDecoded = response.first(of: "uncompressed", "Uncompressed")?.text == "true"
    capture.framing = framing(of: response, capture, isDecoded: isDecoded)
    return capture
  }

  /// The framing that version 2 shows: Go takes its fields out of the head.
  private static func framing(
    of response: Node, _ capture: Capture, isDecoded: Bool
  ) -> ResponseHead.Framing? {
    guard capture.http?.hasPrefix("1") == true else { return nil }
    let codings = response.first(of: "transfer_encoding", "TransferEncoding")?.items ?? []
    if codings.contains(where: { $0.text == "chunked" }) { return .chunked }
    guard let length = response.first(of: "content_length", "ContentLength")?.int, !isDecoded else {
      return nil
    }
    if length == -1 { return .eof }
    return length == capture.body.count ? .length(Int64(length)) : nil
  }
}
