internal import Cassettes
internal import HTTP
internal import Loading
internal import Planning

/// A request as the bytes that go over the wire, made once for all streams that ask with it.
struct RenderedRequest {
  /// Head and body.
  let bytes: [UInt8]
  /// The method, on which it depends whether an answer has a body.
  let method: String
  /// Path and query, by which a dialect can be known.
  let target: String
  /// Whether the answer is to come as a stream; nil where the request does not say it.
  let asksForStream: Bool?

  /// What whoever sends a request says of it, whatever else it has.
  private static let own: Set<String> = [
    "host", "content-length", "connection", "keep-alive", "proxy-connection", "transfer-encoding",
    "te", "trailer", "upgrade", "expect",
    // What is compressed could not be read event by event.
    "accept-encoding",
  ]

  init(_ request: LoadRequest, to target: LoadTarget, keepsConnection: Bool) {
    method = request.method
    self.target = request.target
    let asked = RecordedRequest(
      id: "", at: "", method: request.method, path: request.target, headers: request.headers,
      body: request.body)
    asksForStream = AskedForm(asked).isStream
    var text = "\(request.method) \(target.prefix)\(request.target) HTTP/1.1\r\n"
    text += "host: \(target.authority)\r\n"
    var bytes = Array(text.utf8)
    for field in request.headers where !Self.own.contains(field.name.lowercased()) {
      bytes += Array("\(field.name): ".utf8) + (Latin1.bytes(of: field.value) ?? [])
      bytes += [0x0D, 0x0A]
    }
    var rest = ""
    if request.headers.value(of: "accept") == nil, asksForStream != false {
      rest += "accept: text/event-stream\r\n"
    }
    if !request.body.isEmpty || !["GET", "HEAD"].contains(request.method) {
      rest += "content-length: \(request.body.count)\r\n"
    }
    if !keepsConnection { rest += "connection: close\r\n" }
    self.bytes = bytes + Array((rest + "\r\n").utf8) + request.body
  }
}
