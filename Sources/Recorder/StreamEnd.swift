/// What HTTP/2 frames said of how a stream ended. (RFC 9113, 8.1)
struct StreamEnd {
  /// The names of the error codes. (RFC 9113, 7)
  private static let names = [
    "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT",
    "STREAM_CLOSED", "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR",
    "CONNECT_ERROR", "ENHANCE_YOUR_CALM", "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
  ]

  /// Whether somebody looks at frames, which one that was seen proves; if not, nothing is known.
  private(set) var isWatched = false
  /// Whether libcurl tells by itself that a stream was reset, as it does since 8.1.
  var isToldByLibcurl = false
  /// Whether the server ended the stream.
  private(set) var isEnded = false
  private(set) var resetCode: UInt32?
  private(set) var brokenCode: UInt32?
  /// Whether the server says that it has not done anything for the request, so that it may be sent
  /// again. (RFC 9113, 8.7)
  private(set) var isUnprocessed = false

  private static let refusedStream: UInt32 = 7

  /// Forgets the stream of a request that another one follows.
  mutating func restart() {
    isWatched = false
    isEnded = false
    resetCode = nil
    brokenCode = nil
    isUnprocessed = false
  }

  /// A head came.
  mutating func begin() { isWatched = true }

  mutating func end() { isEnded = true }

  mutating func reset(_ code: UInt32) {
    resetCode = resetCode ?? code
    if code == Self.refusedStream { isUnprocessed = true }
  }

  mutating func leaveUnprocessed() { isUnprocessed = true }

  mutating func broke(_ code: UInt32) { brokenCode = brokenCode ?? code }

  /// The name of an error code.
  static func name(_ code: UInt32) -> String {
    names.indices.contains(Int(code)) ? names[Int(code)] : "error \(code)"
  }
}
