/// Names that a person may have meant.
package enum Spelling {
  /// How much of a word is looked at, so that the work has a bound.
  private static let limit = 64

  /// The name that a word was meant to be.
  ///
  /// That is the only one that it is the beginning of, or one that it differs from in upper and
  /// lower case only, or that takes few edits to get to: one in three of its characters, at least
  /// one. Of equals, one that begins as the word does, then the first.
  ///
  /// - Returns: nil where no name is like it.
  package static func nearest(to word: String, among names: [String]) -> String? {
    let word = word.prefix(limit).lowercased()
    guard !word.isEmpty else { return nil }
    let begun = word.count >= 3 ? names.filter { $0.lowercased().hasPrefix(word) } : []
    if begun.count == 1 { return begun[0] }
    let measured = names.enumerated().map { place, name in
      let name = name.lowercased()
      return (distance(word, name), name.first == word.first ? 0 : 1, place)
    }
    guard let best = measured.min(by: <) else { return nil }
    return best.0 <= max(1, word.count / 3) ? names[best.2] : nil
  }

  /// The end of an error about a word: `; did you mean 'serve'? There are record, serve`, or where
  /// no name is like the word, `: there are record, serve`.
  package static func advice(
    on word: String, among names: [String], listing most: Int = .max
  ) -> String {
    let list = "are \(names.prefix(most).joined(separator: ", "))"
    guard let meant = nearest(to: word, among: names) else { return ": there \(list)" }
    return "; did you mean '\(meant)'? There \(list)"
  }

  /// How many characters must be inserted, left out, replaced or swapped with the next one to make
  /// one word of the other.
  ///
  /// (Optimal string alignment, three rows at a time)
  package static func distance(_ a: String, _ b: String) -> Int {
    let a = Array(a.prefix(limit))
    let b = Array(b.prefix(limit))
    var before: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var best = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, before[j - 1] + 1) }
        row.append(best)
      }
      before = last
      last = row
    }
    return last[b.count]
  }
}
