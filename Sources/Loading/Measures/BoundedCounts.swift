/// Counts by a text that others choose; no more than so many texts are told apart.
package struct BoundedCounts: Hashable, Sendable {
  /// The most texts; those beyond are counted as `other`.
  package static let limit = 64
  /// The most bytes of a text; the rest is left out.
  package static let textLimitBytes = 200
  /// What the texts beyond the limit are counted as.
  package static let other = "other"

  /// How often each text came.
  package private(set) var counts: [String: Int] = [:]

  /// Begins with nothing counted.
  package init() {}

  /// Counts a text.
  mutating func note(_ text: String, count: Int = 1) {
    let text = text.utf8.count > Self.textLimitBytes ? Self.cut(text) : text
    let key = counts[text] != nil || counts.count < Self.limit ? text : Self.other
    counts[key] = (counts[key] ?? 0).addingSaturated(count)
  }

  /// Adds other counts.
  mutating func add(_ other: Self) {
    // In order, so that the same counts give the same sum where the limit is reached.
    for (text, count) in other.sorted { note(text, count: count) }
  }

  /// The counts, the most frequent text first.
  package var sorted: [(text: String, count: Int)] {
    counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
  }

  private static func cut(_ text: String) -> String {
    String(text.prefix(textLimitBytes / 4))
  }
}
