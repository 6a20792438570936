/// Where the offsets of the recorded body are in the body that will be sent.
package struct OffsetMap: Hashable, Sendable {
  /// A run of the body, and the range of the recording that it stands for: as long where it is as
  /// recorded, empty where it was inserted; in a changed one offsets are kept in proportion.
  struct Span: Hashable, Sendable {
    var start: Int
    var count: Int
    var origin: Range<Int>
  }

  /// The runs, in order.
  private(set) var spans: [Span] = []

  /// The length of the body.
  private(set) var count = 0

  /// The map of a body that is as it was recorded.
  init(identity count: Int) { append(count, from: 0..<count) }

  /// The map of no bytes yet.
  init() {}

  /// Adds a run of bytes at the end.
  mutating func append(_ count: Int, from origin: Range<Int>) {
    guard count > 0 else { return }
    spans.append(Span(start: self.count, count: count, origin: origin))
    self.count += count
  }

  /// Where a place is in the body: before the first byte whose recorded offset is not smaller, and
  /// so behind what was inserted there; an `after` place stands behind the byte before it, and so
  /// before what was inserted there.
  func position(of offset: Int, after: Bool) -> Int {
    for span in spans {
      if span.origin.isEmpty {
        let at = span.origin.lowerBound
        if at > offset || (after && at == offset) { return span.start }
      } else if span.origin.upperBound > offset {
        let inside = max(0, offset - span.origin.lowerBound)
        return span.start + Self.scaledUp(inside, span.count, span.origin.count)
      }
    }
    return count
  }

  /// The recorded offset of a byte of the body; the end of the recording behind the last.
  func origin(of position: Int) -> Int {
    guard let span = spans[..<spans.firstIndex(behind: { $0.start > position })].last else {
      return 0
    }
    let inside = min(position - span.start, span.count)
    guard span.count > 0 else { return span.origin.lowerBound }
    return span.origin.lowerBound
      + Int(Int128(inside) * Int128(span.origin.count) / Int128(span.count))
  }

  /// `value * count / of`, rounded up: the first byte whose own offset, rounded down, is not
  /// smaller.
  private static func scaledUp(_ value: Int, _ count: Int, _ of: Int) -> Int {
    Int((Int128(value) * Int128(count) + Int128(of) - 1) / Int128(of))
  }
}
