internal import Documents

/// Cassettes of VCR.py, in YAML or JSON, and of those that write the same with other serializers.
///
/// Before its format had a version the list was the document, and the request had its URL in parts.
/// Serializers of users write `parsed_body` in place of `body`, one interaction a file, or requests
/// and responses in a list each.
struct VCRPyFormat: ImportFormat {
  let name = "vcrpy"
  let title = "VCR.py"

  func recognizes(_ opening: Opening) -> Certainty {
    let clues = CassetteClues(opening)
    return clues.isJSON ? json(clues, opening) : yaml(clues, opening)
  }

  private func yaml(_ clues: CassetteClues, _ opening: Opening) -> Certainty {
    if clues.topKeys.contains("interactions") {
      if clues.has("uri") || clues.has("parsed_body") { return .certain }
      return GoVCRFormat.hasSigns(clues) ? .possible : .likely
    }
    if clues.topKeys.contains("requests"), clues.has("uri") { return .certain }
    guard clues.listKeys.contains("request"), !opening.contains("!ruby/") else { return .no }
    return opening.contains("!!python/") || clues.has("protocol") ? .certain : .possible
  }

  private func json(_ clues: CassetteClues, _ opening: Opening) -> Certainty {
    if clues.has("interactions", "request") {
      if clues.recordedAtByte != nil || clues.beginsWithInteractions { return .possible }
      if GoVCRFormat.hasSigns(clues) { return .possible }
      return clues.has("uri") || clues.has("parsed_body") ? .certain : .likely
    }
    guard clues.has("request", "response", "headers", "status", "code") else { return .no }
    if opening.firstByte == UInt8(ascii: "[") { return .likely }
    return clues.has("url") && !clues.has("mappings") && !clues.has("log") ? .possible : .no
  }

  func read(_ input: ImportInput, _ emit: (Capture) throws -> Void) throws {
    let list = InteractionList(paths: [["interactions"], []], takesHalves: true)
    try list.read(input, capture: Interaction.capture, emit)
  }
}
