/// One event, as the WHATWG event stream rules dispatch it.
///
/// The offsets are into the stream that the parser was fed, from its first byte, a byte order mark
/// included. (WHATWG HTML, 9.2.6)
public struct ServerSentEvent: Hashable, Sendable {
  /// The event type: the last `event` field of the block, or `message`.
  public var type: String

  /// The `data` lines, joined by LF; invalid UTF-8 is replaced by U+FFFD, by maximal subpart.
  public var data: String

  /// The last event ID in force when the event was dispatched, "" if none was ever set.
  public var lastEventID: String

  /// The bytes of the event's block: from the end of the block dispatched before it, so that
  /// comments and blocks without data belong to the event that follows, to the end of its blank
  /// line.
  ///
  /// A blank line that ends with CR dispatches at once. Where its LF has not come yet, the range
  /// ends at the CR, and the LF is the first byte that the next block does not begin with.
  public var block: Range<Int>

  /// The offset of the byte that dispatched the event: the first byte of its blank line's
  /// terminator.
  public var dispatchOffset: Int

  /// The chunk in which the event completed, as numbered by the caller of the parser.
  public var chunk: Int

  /// Creates an event from its parts.
  public init(
    type: String = "message", data: String, lastEventID: String = "",
    block: Range<Int> = 0..<0, dispatchOffset: Int = 0, chunk: Int = 0
  ) {
    self.type = type
    self.data = data
    self.lastEventID = lastEventID
    self.block = block
    self.dispatchOffset = dispatchOffset
    self.chunk = chunk
  }
}
