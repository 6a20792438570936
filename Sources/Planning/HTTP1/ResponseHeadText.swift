internal import Cassettes
package import HTTP

/// A response head as wire bytes. (RFC 9112, 4 and 6)
package struct ResponseHeadText: Sendable {
  /// The whole head, from the status line to the empty line.
  package let bytes: [UInt8]

  /// Writes a head.
  ///
  /// - Parameters:
  ///   - status: the status code.
  ///   - headers: the fields but for those that framing and the connection make.
  ///   - framing: how the body is framed, or nil where there is none.
  ///   - closes: whether the connection closes after the answer.
  package init(status: Int, headers: [HeaderField], framing: HTTPMessage.Framing?, closes: Bool) {
    var bytes = Array("HTTP/1.1 \(status) \(ReasonPhrase.registered(for: status))\r\n".utf8)
    for field in headers { bytes.append(field: field) }
    switch framing {
    case .chunked: bytes.append(field: HeaderField("transfer-encoding", "chunked"))
    case .length(let count): bytes.append(field: HeaderField("content-length", "\(count)"))
    case .eof, nil: break
    }
    if closes { bytes.append(field: HeaderField("connection", "close")) }
    bytes.append(contentsOf: "\r\n".utf8)
    self.bytes = bytes
  }

  /// Writes the head of an answer before the answer.
  init(interim head: HTTPMessage.InterimHead) {
    self.init(status: head.status, headers: head.headers, framing: nil, closes: false)
  }
}

extension [UInt8] {
  /// Appends a field line; each scalar of the value is one Latin-1 byte, or `?` where it is none.
  mutating func append(field: HeaderField) {
    append(contentsOf: field.name.utf8)
    append(contentsOf: ": ".utf8)
    for scalar in field.value.unicodeScalars {
      append(UInt8(exactly: scalar.value) ?? UInt8(ascii: "?"))
    }
    append(contentsOf: "\r\n".utf8)
  }
}
