internal import Cassettes
internal import Documents

/// Packets that tshark writes as JSON: HTTP/1 is read from the bytes of each connection, each
/// segment with its time.
struct TSharkFormat: ImportFormat {
  let name = "tshark"
  let title = "tshark -T json"

  func recognizes(_ opening: Opening) -> Certainty {
    guard opening.isJSON, opening.contains("\"layers\"") else { return .no }
    let isPacket = opening.contains("\"_source\"") || opening.contains("\"timestamp\"")
    return isPacket && (opening.contains("frame") || opening.contains("tcp")) ? .certain : .likely
  }

  func read(_ input: ImportInput, _ emit: (Capture) throws -> Void) throws {
    let reader = DocumentReader(input.feed, syntax: .json, limits: input.limits)
    let capture = PacketCapture(limitBytes: input.limits.nodeBytes)
    var isPackets = false
    func take(_ node: Node) throws {
      guard let packet = try TSharkPacket(node) else {
        let isIndex = node["index"] != nil || node["layers"] != nil || node["_source"] != nil
        guard isIndex else { throw ImportError.expected("a packet with layers", node) }
        return
      }
      isPackets = true
      try capture.take(packet)
      try capture.emitFinished(emit)
    }
    while let document = try reader.next(streaming: [[]], { node, _ in try take(node) }) {
      if document.items == nil { try take(document) }
    }
    guard isPackets else {
      throw ImportError("expected packets of TCP with layers, and found none", line: 1)
    }
    capture.finish()
    try capture.emitFinished(emit)
    for (refusal, count) in capture.refusals {
      input.note("connections left out that \(refusal): \(count)")
    }
  }
}

/// The connections of a capture, and their exchanges in the order of their requests.
private final class PacketCapture {
  /// One connection.
  private final class Connection {
    var flows: [String: TCPFlow] = [:]
    var client: String?
    var closedBy: String?
    let conversation: HTTPConversation

    init(_ begin: @escaping (HTTPConversation.Turn) -> Void) {
      conversation = HTTPConversation(begin)
    }
  }

  private let limitBytes: Int
  private var heldBytes = 0
  private var connections: [String: Connection] = [:]
  private var order: [String] = []
  private var turns: [HTTPConversation.Turn] = []
  private var isRelative = false

  /// Why connections are not read, and how many.
  private(set) var refusals: [(refusal: String, count: Int)] = []

  init(limitBytes: Int) { self.limitBytes = limitBytes }

  func take(_ packet: TSharkPacket) throws {
    isRelative = packet.isRelative
    heldBytes += packet.payload.count + (packet.reassembled?.count ?? 0)
    if heldBytes > limitBytes { heldBytes = reallyHeldBytes }
    guard heldBytes <= limitBytes else {
      throw ImportError(
        "the open connections hold more than \(limitBytes) bytes, which is the limit",
        line: packet.line)
    }
    let connection = connection(of: packet)
    if packet.isSyn, let sequence = packet.sequence {
      connection.flows[packet.source, default: TCPFlow()].begin(at: sequence, isSyn: true)
    }
    try take(packet.payload, at: packet.sequence, isTimed: true, packet, connection)
    if let whole = packet.reassembled {
      let end = packet.sequence.map { $0 &+ UInt32(truncatingIfNeeded: packet.payload.count) }
      let start = end.map { $0 &- UInt32(truncatingIfNeeded: whole.count) }
      try take(whole, at: start, isTimed: false, packet, connection)
    }
    settleEnd(packet, connection)
  }

  /// What is held now: the framing and what came twice are not.
  private var reallyHeldBytes: Int {
    turns.reduce(0) { $0 + $1.response.body.count + $1.capture.request.body.count }
      + connections.values.reduce(0) { $0 + $1.flows.values.reduce(0) { $0 + $1.pendingBytes } }
  }

  private func connection(of packet: TSharkPacket) -> Connection {
    if let known = connections[packet.stream] { return known }
    let connection = Connection { [weak self] turn in self?.turns.append(turn) }
    connections[packet.stream] = connection
    order.append(packet.stream)
    return connection
  }

  private func take(
    _ bytes: [UInt8], at sequence: UInt32?, isTimed: Bool, _ packet: TSharkPacket,
    _ connection: Connection
  ) throws {
    let begins = HTTPConversation.isAnswer(bytes) || HTTPConversation.isRequest(bytes)
    let deliveries = connection.flows[packet.source, default: TCPFlow()].take(
      bytes, at: sequence, time: packet.time, beginsMessage: begins)
    for delivery in deliveries {
      if connection.client == nil {
        connection.client =
          HTTPConversation.isAnswer(delivery.bytes) ? packet.destination : packet.source
      }
      if connection.client == packet.source {
        connection.conversation.takeRequest(delivery.bytes, at: delivery.time, line: packet.line)
      } else {
        try connection.conversation.takeAnswer(
          delivery.bytes, at: delivery.time, line: packet.line, isTimed: isTimed)
      }
    }
  }

  /// Takes what a segment says of the connection's end.
  private func settleEnd(_ packet: TSharkPacket, _ connection: Connection) {
    let isClient = connection.client == packet.source
    if packet.isReset {
      let who = isClient ? "the client" : "the server"
      let detail =
        connection.closedBy.map { "\($0) closed the connection" } ?? "\(who) reset the connection"
      // That a client leaves is no reset for it.
      let how = isClient || connection.closedBy != nil ? Ending.How.truncated : .reset
      connection.conversation.end(how, detail, at: packet.time)
      return forget(packet.stream)
    }
    if packet.isFin {
      let end = packet.sequence.map { $0 &+ UInt32(truncatingIfNeeded: packet.payload.count) }
      connection.flows[packet.source, default: TCPFlow()].finish(at: end)
    }
    guard connection.flows[packet.source]?.isClosed == true else { return }
    if connection.closedBy == nil { connection.closedBy = isClient ? "the client" : "the server" }
    guard !isClient else { return }
    let who = connection.closedBy ?? "the server"
    connection.conversation.end(.truncated, "\(who) closed the connection", at: packet.time)
  }

  /// Ends what the capture does not show the end of.
  func finish() {
    for stream in order {
      guard let connection = connections[stream] else { continue }
      let hasGap = connection.flows.values.contains { $0.hasGap }
      connection.conversation.end(
        .truncated,
        hasGap ? "segments are missing in the capture" : "the capture ends before the answer does",
        at: nil)
      forget(stream)
    }
    order = []
  }

  private func forget(_ stream: String) {
    guard let connection = connections.removeValue(forKey: stream) else { return }
    guard let refusal = connection.conversation.refusal else { return }
    if let place = refusals.firstIndex(where: { $0.refusal == refusal }) {
      refusals[place].count += 1
    } else {
      refusals.append((refusal, 1))
    }
  }

  /// Hands over the exchanges that are over, up to the first that is not.
  func emitFinished(_ emit: (Capture) throws -> Void) throws {
    let finished = turns.prefix { $0.isOver }.count
    guard finished > 0 else { return }
    for turn in turns[..<finished] {
      heldBytes -= min(heldBytes, turn.response.body.count + turn.capture.request.body.count)
      if isRelative { turn.capture.at = nil }
      try emit(turn.capture)
    }
    turns.removeFirst(finished)
  }
}
