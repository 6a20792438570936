internal import Matching
internal import Units

/// When the wire of an answer had come how far: the first writes, and always the last.
struct WriteTrace {
  /// More than a picture shows.
  private static let limit = 512

  private var marks: [(at: Instant, wireBytes: Int)] = []

  /// Notes a write.
  mutating func note(wireBytes: Int) {
    if marks.count == Self.limit { marks.removeLast() }
    marks.append((.now(), wireBytes))
  }

  /// The writes in which body bytes went out, by how many there were then.
  func writes(of plan: SharedPlan) -> [SessionTry.Write] {
    let bytes = plan.bodyBytes(upTo: marks.map(\.wireBytes))
    var last = 0
    return zip(marks, bytes).compactMap { mark, count in
      guard count > last else { return nil }
      last = count
      return SessionTry.Write(at: mark.at, bytes: count)
    }
  }
}
