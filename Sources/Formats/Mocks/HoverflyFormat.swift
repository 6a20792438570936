internal import Documents

/// The simulations of Hoverfly, of every version of their schema.
struct HoverflyFormat: ImportFormat {
  let name = "hoverfly"
  let title = "Hoverfly simulations"

  func recognizes(_ opening: Opening) -> Certainty {
    guard opening.isJSON, opening.contains("\"pairs\"") else { return .no }
    let isOwn = ["hoverflyVersion", "schemaVersion", "encodedBody", "globalActions"].contains {
      opening.contains("\"\($0)\"")
    }
    return isOwn ? .certain : opening.contains("\"data\"") ? .likely : .no
  }

  func read(_ input: ImportInput, _ emit: (Capture) throws -> Void) throws {
    let reader = DocumentReader(input.feed, syntax: .json, limits: input.limits)
    // The delays of all pairs stand behind them, so that none is whole before the end.
    var pairs: [HoverflyPair] = []
    let document = try reader.next(streaming: [["data", "pairs"]]) { node, _ in
      pairs.append(try HoverflyPair(node))
    }
    guard let document else { throw ImportError("expected a JSON document, found nothing") }
    try reader.expectEnd()
    guard let data = document["data"], data["pairs"]?.items != nil else {
      throw ImportError(
        "expected a simulation with data.pairs, a list, found \(document.kind)",
        line: document.line)
    }
    let delays = data["globalActions"]?["delays"]?.items ?? []
    let logNormal = data["globalActions"]?["delaysLogNormal"]?.items ?? []
    for pair in ScenarioOrder.sorted(pairs, from: "1", by: \.step) {
      try emit(pair.capture(of: input.sibling, delays: delays + logNormal))
    }
  }
}
