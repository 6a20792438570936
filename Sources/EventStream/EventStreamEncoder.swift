/// Writes events as an event stream, such that a parser reads the same events back.
///
/// It is the parser's inverse for every event that a parser can have made. A CR in `data`, which
/// the grammar cannot carry, is read back as the line end that it is; line ends in a type or an ID
/// are left out. (WHATWG HTML, 9.2.6)
public struct EventStreamEncoder: Sendable {
  /// The ID that a client holds which has read everything written so far.
  private var lastEventID: String = ""

  /// Creates an encoder for a stream from its start, where the last event ID is "".
  public init() {}

  /// Writes one event as a whole block, with its blank line.
  ///
  /// `event` is written unless the type is `message`, and `id` only where the last event ID
  /// changes. An ID that holds NUL, which a client must ignore, is not written.
  ///
  /// - Parameter event: The event; its offsets and its chunk take no part.
  /// - Returns: The block's bytes; all its lines end with LF.
  public mutating func encode(_ event: ServerSentEvent) -> [UInt8] {
    var block: [UInt8] = []
    if !event.type.isEmpty, !event.type.utf8.elementsEqual("message".utf8) {
      Self.append("event", event.type.utf8.filter { !$0.isLineEnd }, to: &block)
    }
    let id = event.lastEventID
    if !id.utf8.elementsEqual(lastEventID.utf8), !id.utf8.contains(0) {
      Self.append("id", id.utf8.filter { !$0.isLineEnd }, to: &block)
      lastEventID = id
    }
    for line in Self.lines(of: event.data) { Self.append("data", line, to: &block) }
    block.append(.lineFeed)
    return block
  }

  /// Writes a comment, which clients ignore, as a block of its own.
  ///
  /// - Parameter text: The comment; each of its lines becomes a comment line.
  /// - Returns: The comment lines and a blank line, which dispatches nothing.
  public static func comment(_ text: String) -> [UInt8] {
    var block: [UInt8] = []
    for line in lines(of: text) { append("", line, to: &block) }
    block.append(.lineFeed)
    return block
  }

  /// Writes the reconnection time as a block of its own.
  ///
  /// - Parameter milliseconds: What a client shall wait before it connects again.
  /// - Returns: The `retry` line and a blank line, which dispatches nothing.
  public static func retry(milliseconds: UInt64) -> [UInt8] {
    var block: [UInt8] = []
    append("retry", Array(String(milliseconds).utf8), to: &block)
    block.append(.lineFeed)
    return block
  }

  /// The lines of a text as the grammar would end them; at least one.
  private static func lines(of text: String) -> [[UInt8]] {
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBufferPointer { bytes in
      var lines: [[UInt8]] = []
      var start = 0
      while true {
        let end = bytes.firstLineEnd(from: start)
        lines.append(Array(bytes[start..<end]))
        guard end < bytes.count else { return lines }
        let isPair =
          bytes[end] == .carriageReturn && end + 1 < bytes.count && bytes[end + 1] == .lineFeed
        start = end + (isPair ? 2 : 1)
      }
    }
  }

  /// Appends one line; the space behind the colon keeps one that the value may begin with.
  private static func append(_ name: String, _ value: [UInt8], to block: inout [UInt8]) {
    block.append(contentsOf: name.utf8)
    block.append(.colon)
    if !value.isEmpty {
      block.append(.space)
      block.append(contentsOf: value)
    }
    block.append(.lineFeed)
  }
}
