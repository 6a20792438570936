internal import Documents

/// Cassettes of Ruby's VCR, in YAML or JSON, and of R's package of that name.
///
/// Before version 2 the list was the document.
struct RubyVCRFormat: ImportFormat {
  let name = "ruby-vcr"
  let title = "VCR (Ruby)"

  func recognizes(_ opening: Opening) -> Certainty {
    let clues = CassetteClues(opening)
    let isBetamax = opening.contains("betamax/")
    if clues.isJSON {
      guard clues.has("http_interactions"), !isBetamax else { return .no }
      let isISO = clues.recordedAtByte.map { (0x30...0x39).contains($0) } ?? false
      return isISO ? .possible : .certain
    }
    if opening.contains("!ruby/struct:VCR::") { return .certain }
    guard clues.topKeys.contains("http_interactions") else { return .no }
    return isBetamax ? .likely : .certain
  }

  func read(_ input: ImportInput, _ emit: (Capture) throws -> Void) throws {
    let list = InteractionList(paths: [["http_interactions"], []])
    try list.read(
      input,
      capture: { node in
        var capture = try Interaction.capture(of: node)
        capture.at = node.first(of: "recorded_at")?.text.flatMap(RecordedTime.microseconds)
        // The time is the last that VCR writes of an interaction.
        if node["recorded_at"] == nil, InteractionList.endsWithBody(node) { capture.cut() }
        return capture
      }, emit)
  }
}
