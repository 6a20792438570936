/// One thing in which two exchanges differ.
package struct ExchangeDifference: Hashable, Sendable {
  /// What it is about.
  package var kind: DifferenceKind

  /// Where it is, in words of its kind: `header server`, `content_block_delta /delta/text`.
  package var place: String

  /// What the first exchange has there, shortened, or nil where it has nothing.
  package var was: String?

  /// What the second one has, shortened, or nil where it has nothing.
  package var now: String?

  /// One line for a person, without the place.
  package var text: String

  /// Whether it differs between any two recordings of one request, by its nature.
  package var isVolatile: Bool

  /// Creates a difference; the line says what was and what is, unless it is given.
  package init(
    _ kind: DifferenceKind, _ place: String, was: String?, now: String?, text: String? = nil,
    isVolatile: Bool = false
  ) {
    self.kind = kind
    self.place = place
    self.was = was
    self.now = now
    self.isVolatile = isVolatile
    self.text = text ?? Self.words(was, now)
  }

  private static func words(_ was: String?, _ now: String?) -> String {
    switch (was, now) {
    case (let was?, let now?): "was \(was), is \(now)"
    case (let was?, nil): "gone, was \(was)"
    case (nil, let now?): "new: \(now)"
    case (nil, nil): "differs"
    }
  }
}
