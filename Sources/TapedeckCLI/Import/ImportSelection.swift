/// Which exchanges of a file are imported: `2`, `2-5`, `7-`, and several of these with commas.
struct ImportSelection {
  private let ranges: [ClosedRange<Int>]

  /// Parses selections; none of them selects all.
  init(parsing texts: [String]) throws {
    ranges = try texts.flatMap { text in
      try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
        guard let range = Self.range(part) else {
          throw Failure(
            .usage, "--select takes numbers of exchanges, like 2 or 1-3,7-, and not '\(text)'")
        }
        return range
      }
    }
  }

  /// Whether the exchange of that number, from 1, is selected.
  func contains(_ number: Int) -> Bool {
    ranges.isEmpty || ranges.contains { $0.contains(number) }
  }

  /// The largest number that is selected by itself, or nil where there is none.
  var largest: Int? { ranges.map(\.lowerBound).max() }

  private static func range(_ text: Substring) -> ClosedRange<Int>? {
    let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = ends.first.flatMap({ Int($0) }), first > 0 else { return nil }
    guard ends.count == 2 else { return first...first }
    guard !ends[1].isEmpty else { return first...Int.max }
    guard let last = Int(ends[1]), last >= first else { return nil }
    return first...last
  }
}
