/// Counts the blocks of an event stream as its bytes come, in pieces of any size: blank lines
/// behind a line that is none, each of which may dispatch an event.
package struct EventBlockCounter: Sendable {
  /// How many blocks have ended.
  package private(set) var count = 0

  private var hasLine = false
  private var isInLine = false
  private var isBehindCarriageReturn = false

  /// Creates a counter that stands before the first byte of a stream.
  package init() {}

  /// Takes bytes, but for the end of a block more than there may be.
  ///
  /// - Parameters:
  ///   - bytes: What comes next.
  ///   - limit: How many blocks there may be in all.
  /// - Returns: How many bytes were taken; where that is not all, the stream has more blocks.
  package mutating func take(
    _ bytes: UnsafeBufferPointer<UInt8>, upTo limit: Int = .max
  ) -> Int {
    var position = 0
    while position < bytes.count {
      let end = bytes.firstLineEnd(from: position)
      if end > position { isInLine = true }
      guard end < bytes.count else { break }
      let isRestOfPair = end == 0 && bytes[end] == .lineFeed && isBehindCarriageReturn
      let isPair =
        end > 0 && end == position && bytes[end] == .lineFeed && bytes[end - 1] == .carriageReturn
      if !isRestOfPair, !isPair {
        if !isInLine, hasLine {
          guard count < limit else { return end }
          count += 1
        }
        hasLine = isInLine
        isInLine = false
      }
      position = end + 1
    }
    if let last = bytes.last { isBehindCarriageReturn = last == .carriageReturn }
    return bytes.count
  }
}
