package import Cassettes
package import HTTP

/// Frames an answer for a client while it comes from upstream: arrivals in, wire bytes out.
///
/// Each arrival goes out as it came, in a framing that tells the client as much as the upstream's
/// would have: an answer that breaks off there breaks off here. (RFC 9112, 6.3)
package struct RelayFraming: Sendable {
  /// The head as wire bytes.
  package let head: [UInt8]

  /// Whether the connection cannot serve another request after a complete answer.
  package let closes: Bool

  /// How the body is framed, or nil where there is none. (RFC 9112, 6.3)
  private let framing: HTTPMessage.Framing?
  private var bodyBytes: Int64 = 0
  private var withheld: [UInt8] = []

  /// Begins an answer.
  ///
  /// - Parameters:
  ///   - head: The head that came from upstream.
  ///   - request: What was asked: a `location` on the same origin becomes one on the deck.
  ///   - client: What the client's request says about the form of the answer.
  package init(_ head: ResponseHead, to request: RecordedRequest, client: ClientTraits) {
    var message = HTTPMessage(
      status: head.status, headers: HTTPMessage.headers(of: head, for: request), body: [])
    message.prefixLocation(with: client.prefix)
    if let origin = client.origin { message.allow(origin: origin) }
    framing =
      client.takesNoBody(of: head.status) ? nil : Self.framing(head.framing, for: client)
    closes = client.closes || framing == .eof
    self.head =
      ResponseHeadText(
        status: head.status, headers: message.headers, framing: framing, closes: closes
      ).bytes
  }

  /// Whether less came than was declared.
  private var isShort: Bool {
    if case .length(let count) = framing { bodyBytes < count } else { false }
  }

  /// HTTP/1.0 knows no chunked coding: there the connection's end is the body's. (RFC 9112, 7.1)
  private static func framing(
    _ framing: ResponseHead.Framing, for client: ClientTraits
  ) -> HTTPMessage.Framing {
    switch framing {
    case .chunked, .h2: client.speaksHTTP10 ? .eof : .chunked
    case .length(let count): .length(count)
    case .eof: .eof
    }
  }

  /// The wire bytes of an arrival.
  ///
  /// Those that complete a declared length are withheld until the end is known: with them the
  /// client has everything, and whoever records must have it before. What is beyond the length, as
  /// where two were declared, never goes out: the client would take it for the next answer.
  ///
  /// - Parameters:
  ///   - bytes: What came of the body.
  ///   - wire: What goes out now is added to it.
  package mutating func chunk(_ bytes: [UInt8], to wire: inout [UInt8]) {
    guard let framing, !bytes.isEmpty else { return }
    let before = bodyBytes
    bodyBytes &+= Int64(bytes.count)
    switch framing {
    case .eof: wire += bytes
    case .length(let count) where bodyBytes < count: wire += bytes
    case .length(let count):
      withheld += bytes.prefix(Int(clamping: max(0, count &- before)))
    case .chunked:
      wire.reserveCapacity(wire.count + bytes.count + 20)
      wire.append(chunkSizeLine: bytes.count)
      wire += bytes
      wire.appendLineEnd()
    }
  }

  /// The wire bytes of the end, and what the client sees then.
  ///
  /// - Parameters:
  ///   - ending: How the answer ended upstream.
  ///   - trailers: The trailer fields of a chunked body. (RFC 9112, 7.1.2)
  /// - Returns: What is still to go out, and the end behind it.
  package func end(
    _ ending: Ending, trailers: [HeaderField] = []
  ) -> (bytes: [UInt8], ending: Plan.Ending) {
    var last = withheld
    // What upstream leaves open here closes: it is known that nothing more comes.
    let isOpen = ending.how == .unreachable || ending.how.kind == .hang
    var end = isOpen ? .disconnect : ending.how.kind
    switch end {
    case .complete where framing == .chunked: last.append(lastChunk: trailers)
    // Where two lengths were declared, libcurl may have gone by the other.
    case .complete where isShort: end = .disconnect
    // Where no chunk-size line can be broken, the break is all there is to see.
    case .malformed where framing == .chunked: last.appendBrokenLine()
    case .complete, .disconnect, .reset, .hang, .malformed: break
    }
    return (last, end.behindBytes)
  }
}
