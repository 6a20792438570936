/// The head of a request: its first line and its fields. (RFC 9112, 3 and 5)
package struct RequestHead: Hashable {
  /// A token, as it came. (RFC 9110, 9.1)
  package var method: String

  /// What is asked for: a path, a URL, `*` or, for CONNECT, an authority. (RFC 9112, 3.2)
  package var target: String

  /// Whether its version is HTTP/1.1, and not HTTP/1.0.
  package var isHTTP11: Bool

  /// The fields, in order.
  package var fields: [HeaderField]

  /// Whether the connection may serve another request. (RFC 9112, 9.3)
  package var isKeepAlive: Bool {
    let options = fields.list(of: "connection")
    if options.contains("close") { return false }
    return isHTTP11 || options.contains("keep-alive")
  }
}

/// What a request comes in.
package enum RequestPart: Hashable {
  /// Its first line and its fields.
  case head(RequestHead)
  /// Bytes of its body, at least one.
  case body(ArraySlice<UInt8>)
  /// It is whole.
  case end
}
