internal import Cassettes
internal import LosslessJSON

extension [LoadRequest] {
  /// The runs of requests in which each goes on with the one before.
  var conversations: [Range<Int>] {
    var runs: [Range<Int>] = []
    var start = 0
    var last = first?.turns
    for place in indices.dropFirst() {
      let turns = self[place].turns
      if let last, let turns, self[place].goesOn(with: self[place - 1], turns, last) {
      } else {
        runs.append(start..<place)
        start = place
      }
      last = turns
    }
    return isEmpty ? [] : runs + [start..<count]
  }
}

extension LoadRequest {
  /// The turns that a request brings, as the APIs name them, or nil where it is none of these.
  fileprivate var turns: [JSONValue]? {
    guard let body = try? JSONValue(parsing: body) else { return nil }
    return ["messages", "input", "contents"].lazy.compactMap { body[$0]?.elements }.first
  }

  /// The target as it was recorded: what is sent may also tell a deck which recording is meant.
  private var recordedTarget: String { exchange?.request.target ?? target }

  /// Whether this request brings all turns of another, and more.
  fileprivate func goesOn(
    with other: LoadRequest, _ turns: [JSONValue], _ before: [JSONValue]
  ) -> Bool {
    method == other.method && recordedTarget == other.recordedTarget && !before.isEmpty
      && turns.count > before.count && turns.starts(with: before)
  }
}
