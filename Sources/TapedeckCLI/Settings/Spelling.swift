/// Names that a person may have meant.
enum Spelling {
  /// How much of a word is looked at, so that the work has a bound.
  private static let limit = 64

  /// The name that takes the fewest edits to get to, the first of equals.
  static func nearest(to word: String, among names: [String]) -> String? {
    names.enumerated().map { (distance(word, $1), $0, $1) }.min { ($0.0, $0.1) < ($1.0, $1.1) }?.2
  }

  /// How many characters must be inserted, left out or replaced to make one word of the other.
  ///
  /// (Levenshtein, one row at a time)
  static func distance(_ a: String, _ b: String) -> Int {
    let a = Array(a.prefix(limit))
    let b = Array(b.prefix(limit))
    var row = Array(0...b.count)
    for (i, character) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for j in b.indices {
        let replaced = diagonal + (character == b[j] ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
      }
    }
    return row[b.count]
  }
}
