internal import Cassettes
package import HTTP

/// Makes of a message the wire bytes of HTTP/1, and the times at which they go out, once for all
/// streams that share them. (RFC 9112, 6 and 7.1)
package struct HTTP1Encoder: Sendable {
  /// What the client's request says about the form of the answer.
  private let client: ClientTraits

  /// Creates an encoder for a client.
  package init(for client: ClientTraits) { self.client = client }

  /// Encodes what a replay says.
  package func plan(_ planned: PlannedMessage) -> Plan {
    let message = planned.message
    let wire = wire(message)
    let offsets = WireOffsets(wire)
    var plan = Plan(
      exchangeID: planned.exchangeID, attempt: planned.attempt, seed: planned.seed,
      status: message.visibleStatus,
      firedFaults: planned.faults.map { $0.fired(at: offsets, hasEnd: message.end != .hang) },
      actions: wire.actions, wire: wire.bytes, ending: message.end.behindBytes,
      closesConnection: wire.closes, notes: planned.notes)
    plan.times = wire.times
    if message.headPart != .none { plan.advice = RetryAdvice(message.headers) }
    return plan
  }

  private func wire(_ message: HTTPMessage) -> HTTP1Wire {
    var wire = HTTP1Wire()
    let hasNoBody = client.takesNoBody(of: message.status)
    // HTTP/1.0 knows no chunked coding: there the connection's end is the body's.
    let framing: HTTPMessage.Framing? =
      if hasNoBody { nil } else if !client.connection.hasChunkedCoding, message.framing == .chunked
      {
        .eof
      } else { message.framing }
    wire.closes = client.closes || framing == .eof
    if let status = message.status, message.headPart != .none {
      if !client.speaksHTTP10 { wire.add(message.interim) }
      let head = ResponseHeadText(
        status: status, headers: message.headers, framing: framing, closes: wire.closes)
      wire.note(message.times, in: head.bytes, at: message.headAt)
      wire.add(head: head.bytes, message.headPart, at: message.headAt)
      if let framing { wire.add(bodyOf: message, framing) }
    }
    wire.finish(message, framing)
    return wire
  }

  /// How many bytes the body and its framing need, which are nearly all that goes out.
  static func wireBytes(of message: HTTPMessage) -> Int {
    let interim = message.interim.reduce(0) { $0 + ResponseHeadText(interim: $1).bytes.count }
    guard message.framing == .chunked else { return interim + message.body.count }
    var start = 0
    return message.chunks.reduce(interim + message.body.count) { sum, chunk in
      defer { start = chunk.end }
      return sum + HTTP1Wire.framingBytes(of: chunk.end - start)
    }
  }
}

extension Plan {
  /// A plan that answers at once with a whole body, framed by its length: what a server says
  /// itself.
  package init(
    reply status: Int, headers: [HeaderField], body: [UInt8], client: ClientTraits
  ) {
    var message = HTTPMessage(status: status, headers: headers, body: body)
    if let origin = client.origin { message.allow(origin: origin) }
    self = HTTP1Encoder(for: client).plan(
      PlannedMessage(exchangeID: "", attempt: 1, seed: 0, message: message))
  }
}
