/// What a plan may be at the most, whatever faults ask for.
public enum PlanLimits {
  /// The most chunks that a fault may cut a body into.
  public static let chunks = 1_000_000

  /// The most bytes that a fault may add to a body.
  public static let addedBytes = 64 << 20

  /// The most faults that one request may ask for.
  public static let faults = 64

  /// The most events of a recording that faults can be asked of.
  public static let events = 100_000

  /// The most bytes that go out in one plan unless told otherwise, head and framing included.
  public static let wireBytes = 128 << 20

  /// How often the wire limit may be passed over by faults that read and write all of a body.
  static let passes = 8

  /// Throws where a fault would make more chunks than a plan may have.
  static func check(chunks count: Int, for fault: String) throws(DirectiveError) {
    guard count > chunks else { return }
    throw DirectiveError("\(fault) makes \(count) chunks: a plan has at most \(chunks)")
  }

  /// Throws where a plan would have more bytes than its limit.
  static func check(wireBytes count: Int, limit: Int) throws(DirectiveError) {
    guard count > limit else { return }
    throw DirectiveError(
      "the answer would have \(count) bytes or more, and the limit is \(limit): ask for less, or "
        + "raise --max-plan")
  }
}
