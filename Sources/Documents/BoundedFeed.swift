/// The bytes of an input, as long as what is being read of it is within its limit.
final class BoundedFeed {
  /// How many bytes are asked for at once.
  static let pieceBytes = 128 << 10

  private let feed: ByteFeed
  private let limitBytes: Int
  private var total = 0
  /// Where what is being read begins.
  private var start = 0
  private var isAtEnd = false

  init(_ feed: @escaping ByteFeed, limits: DocumentLimits) {
    self.feed = feed
    limitBytes = limits.nodeBytes
  }

  /// The next bytes, none at the end.
  ///
  /// - Throws: What the feed throws, and a `DocumentError` of line 0 where the node that is being
  ///   read, or what stands around the nodes, has too many bytes.
  func next() throws -> [UInt8] {
    guard !isAtEnd else { return [] }
    let bytes = try feed(Self.pieceBytes)
    isAtEnd = bytes.isEmpty
    // What was pulled before it was read may belong to a node that was handed over already.
    guard total - start <= limitBytes.addingClamped(Self.pieceBytes) else {
      throw DocumentError(line: 0, reason: NodeBudget.tooManyBytes(limitBytes))
    }
    total += bytes.count
    return bytes
  }

  /// What was read until here has been handed over, or is counted by a `NodeBudget`.
  func beginNode() { start = total }
}

extension Int {
  /// The sum, or the largest number where there is none.
  func addingClamped(_ other: Int) -> Int {
    let (sum, isTooLarge) = addingReportingOverflow(other)
    return isTooLarge ? .max : sum
  }
}
