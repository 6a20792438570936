package import Planning

/// What of two exchanges is compared, and how closely.
package struct DiffRules: Sendable {
  /// The kinds of differences that are left out.
  package var ignored: Set<DifferenceKind>

  /// Whether what differs by its nature counts too.
  package var isStrict: Bool

  /// Whether the second exchange is what a provider says today: then only what the first one does
  /// not know, or what is gone, is of interest, not what another answer to the same question has.
  package let isDrift: Bool

  /// By how much two times may differ, in percent of the longer one.
  package var tolerance: ExactDecimal

  /// What a drift check leaves out: what two answers to one question differ in.
  package static let driftIgnored: Set<DifferenceKind> = [
    .text, .tools, .usage, .order, .count, .timing,
  ]

  /// A quarter.
  package static let usualTolerance = ExactDecimal(digits: 25, scale: 1)

  /// Below this, times that differ are taken for the same: 20 ms.
  private static let leastTimeUs: Int64 = 20_000

  /// Creates rules.
  ///
  /// - Parameters:
  ///   - ignored: The kinds that are left out. With the text go the events that it comes in, whose
  ///     number and order depend on it.
  ///   - isStrict: Whether what differs by its nature counts too.
  ///   - isDrift: Whether the second exchange is what a provider says today.
  ///   - tolerance: By how much two times may differ, in percent of the longer one.
  package init(
    ignoring ignored: Set<DifferenceKind> = [], isStrict: Bool = false, isDrift: Bool = false,
    tolerance: ExactDecimal = usualTolerance
  ) {
    var ignored = ignored
    if ignored.contains(.text) { ignored.formUnion([.count, .order]) }
    if isDrift, !isStrict { ignored.formUnion(Self.driftIgnored) }
    (self.ignored, self.isStrict, self.isDrift) = (ignored, isStrict, isDrift)
    self.tolerance = tolerance
  }

  /// Whether two times are too far apart to be the same.
  func differ(_ one: Int64, _ other: Int64) -> Bool {
    guard !isStrict else { return one != other }
    let distance = abs(one - other)
    return distance > Self.leastTimeUs && isBeyond(distance, of: max(one, other))
  }

  /// Whether two numbers of pieces are too far apart to be the same.
  func differ(pieces one: Int, _ other: Int) -> Bool {
    guard !isStrict else { return one != other }
    let distance = Int64(abs(one - other))
    return distance > 2 && isBeyond(distance, of: Int64(max(one, other)))
  }

  private func isBeyond(_ distance: Int64, of whole: Int64) -> Bool {
    Int128(distance) * Int128(tolerance.scale) * 100 > Int128(whole) * Int128(tolerance.digits)
  }
}
