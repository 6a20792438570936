/// The bytes of an input, as long as what is being read of it is within its limit.
final class BoundedFeed {
  /// How many bytes are asked for at once.
  static let pieceBytes = 128 << 10

  private let feed: ByteFeed
  private let limitBytes: Int
  private var total = 0
  /// Where the element that is being read begins.
  private var elementStart: Int?
  /// The bytes of all elements that have been handed over.
  private var elementBytes = 0
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
    let held = elementStart.map { total - $0 } ?? (total - elementBytes)
    // What was pulled before it was read may belong to a node that was handed over already.
    guard held <= limitBytes.addingClamped(Self.pieceBytes) else {
      throw DocumentError(line: 0, reason: NodeBudget.tooManyBytes(limitBytes))
    }
    total += bytes.count
    return bytes
  }

  /// From here on what is read is an element that will be handed over.
  func beginElement() { elementStart = total }

  /// The element has been handed over.
  func endElement() {
    elementBytes += total - (elementStart ?? total)
    elementStart = nil
  }
}

extension Int {
  /// The sum, or the largest number where there is none.
  func addingClamped(_ other: Int) -> Int {
    let (sum, isTooLarge) = addingReportingOverflow(other)
    return isTooLarge ? .max : sum
  }
}
