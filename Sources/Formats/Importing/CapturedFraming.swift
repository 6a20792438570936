internal import Cassettes
internal import HTTP

/// How the body of a capture was framed, as far as its file shows it.
struct CapturedFraming {
  /// The framing.
  var framing: ResponseHead.Framing
  /// The version of HTTP.
  var http: String
  /// Whether the file shows the framing; else it is what a server would most likely have chosen.
  var isKnown = true

  init(of capture: borrowing Capture, decoded: borrowing DecodedBody) {
    let version = capture.http ?? "1.1"
    http = ["1.0", "1.1"].contains(version) ? version : version.hasPrefix("1") ? "1.1" : "2"
    let length = capture.headers.value(of: "content-length").flatMap { Int64($0) }
    if let framing = capture.framing {
      self.framing = framing
    } else if http == "2" {
      framing = .h2
    } else if capture.headers.list(of: "transfer-encoding").contains("chunked") {
      framing = .chunked
    } else if let length, length >= 0,
      decoded.coding != nil || length == decoded.bytes.count || capture.ending != .complete
    {
      // Of a body whose coding was undone the length is that of what went over the wire.
      framing = .length(length)
    } else {
      framing = http == "1.0" ? .eof : .chunked
      isKnown = false
    }
  }
}
