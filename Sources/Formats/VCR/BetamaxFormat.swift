internal import Documents

/// Cassettes of betamax, for Python's requests.
struct BetamaxFormat: ImportFormat {
  let name = "betamax"
  let title = "betamax"

  func recognizes(_ opening: Opening) -> Certainty {
    let clues = CassetteClues(opening)
    let hasTime = clues.recordedAtByte.map { (0x30...0x39).contains($0) } ?? false
    if clues.has("http_interactions") {
      if opening.contains("betamax/") { return .certain }
      return clues.isJSON ? (hasTime ? .certain : .possible) : .no
    }
    guard clues.isJSON, clues.has("interactions", "request") else { return .no }
    return hasTime || clues.beginsWithInteractions ? .likely : .no
  }

  func read(_ input: ImportInput, _ emit: (Capture) throws -> Void) throws {
    let list = InteractionList(paths: [["http_interactions"], ["interactions"]])
    try list.read(
      input,
      capture: { node in
        var capture = try Interaction.capture(of: node)
        capture.at = node.first(of: "recorded_at")?.text.flatMap(RecordedTime.microseconds)
        return capture
      }, emit)
  }
}
