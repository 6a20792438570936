internal import HTTP
internal import Loading
internal import Sockets

/// Reading: what comes is taken up to its end.
extension LoadLoop {
  /// What became possible on a connection.
  func socketIsReady(
    _ connection: LoadConnection, _ id: ConnectionTable.ID, _ readiness: Readiness,
    _ now: inout Int64
  ) {
    if readiness.contains(.end) { connection.endIsNear = true }
    if readiness.contains(.write) { send(connection, id) }
    if readiness.contains(.read), connections[id] != nil { read(connection, id, &now) }
  }

  /// Goes on reading where one read did not take all.
  func readRest(_ now: inout Int64) {
    guard !unread.isEmpty else { return }
    let ids = unread
    unread.removeAll(keepingCapacity: true)
    for id in ids {
      if let connection = connections[id] { read(connection, id, &now) }
      if now >= nextDue { now = beginDue(now) }
    }
  }

  /// Takes what one read gives.
  private func read(
    _ connection: LoadConnection, _ id: ConnectionTable.ID, _ now: inout Int64
  ) {
    let received = connection.socket.receive(into: scratch)
    now = scene.now
    switch received {
    case .bytes(let count):
      connection.lastHeard = now
      let room = scratch.bindMemory(to: UInt8.self)
      take(UnsafeBufferPointer(rebasing: room[..<count]), from: connection, id, at: now)
      // The poller tells of what comes from now on, not of what is there.
      if count == scratch.count || connection.endIsNear, connections[id] != nil {
        unread.append(id)
      }
    case .nothing: break
    case .end: connectionEnded(connection, id, at: now)
    case .failure(let error): connectionFailed(connection, id, "\(error)", at: now)
    }
  }

  private func connectionEnded(
    _ connection: LoadConnection, _ id: ConnectionTable.ID, at now: Int64
  ) {
    guard let stream = connection.stream else { return connections.remove(id) }
    guard stream.record.firstByte != nil else {
      return connectionFailed(connection, id, "the connection was closed", at: now)
    }
    endHTTP(connection, id, missing: stream.parser.missingAtEnd(), at: now)
  }

  /// Reads an answer as far as it has come.
  private func take(
    _ bytes: UnsafeBufferPointer<UInt8>, from connection: LoadConnection, _ id: ConnectionTable.ID,
    at now: Int64
  ) {
    // Nobody asked for what comes between two streams.
    guard connection.stream != nil else { return connections.remove(id) }
    if connection.stream?.record.firstByte == nil { connection.stream?.record.firstByte = now }
    var position = 0
    while true {
      let step = connection.stream?.parser.next(bytes, from: &position) ?? .end
      switch step {
      case .needsMore: return
      case .head: begin(connection)
      case .body(let range):
        take(body: UnsafeBufferPointer(rebasing: bytes[range]), from: connection, at: now)
        guard connection.stream?.record.bytes ?? 0 <= scene.options.bodyLimitBytes else {
          let limit = scene.options.bodyLimitBytes
          return fail(connection, id, .cut, "the body has more than \(limit) bytes", at: now)
        }
      case .end:
        if position < bytes.count { connection.endIsNear = true }
        return endHTTP(connection, id, missing: nil, at: now)
      case .failure(let why): return fail(connection, id, .cut, why, at: now)
      }
    }
  }

  private func begin(_ connection: LoadConnection) {
    guard let stream = connection.stream, let head = stream.parser.head else { return }
    connection.stream?.record.status = head.status
    let number = stream.record.order.request % scene.requests.count
    connection.stream?.reading = StreamReading(
      head, target: scene.requests[number].target, scene.expected[number])
  }

  private func take(
    body: UnsafeBufferPointer<UInt8>, from connection: LoadConnection, at now: Int64
  ) {
    guard var stream = connection.stream.take() else { return }
    let before = stream.record.contentEvents
    stream.reading?.take(body, at: now, &stream.record, &meter)
    if stream.record.contentEvents > before {
      lastContent = now
      if before == 0 { news.firstContents.append(now - stream.record.scheduled) }
    }
    connection.stream = stream
  }

  // MARK: Ends

  /// Ends a stream whose HTTP message is over, well or not.
  func endHTTP(
    _ connection: LoadConnection, _ id: ConnectionTable.ID, missing: String?, at now: Int64
  ) {
    guard var stream = connection.stream.take() else { return }
    let request = scene.requests[stream.record.order.request % scene.requests.count]
    if stream.reading == nil {
      stream.record.outcome = .cut
      stream.record.detail = missing
    } else {
      stream.reading?.finish(
        missing: missing, asksForStream: request.asksForStream, verifies: scene.options.verifies,
        &stream.record)
    }
    stream.record.end = now
    let isKept =
      missing == nil && !connection.endIsNear && scene.options.reusesConnections
      && stream.parser.head?.persists == true && stream.record.sent != nil
    if isKept { connections.keep(id) } else { connections.remove(id) }
    goOn(behind: stream.record)
  }

  /// Ends a stream that did not come to its own end.
  func fail(
    _ connection: LoadConnection, _ id: ConnectionTable.ID, _ outcome: StreamOutcome,
    _ why: String, at now: Int64
  ) {
    guard var stream = connection.stream.take() else { return connections.remove(id) }
    connections.remove(id)
    stream.record.outcome = outcome
    stream.record.detail = why
    stream.record.end = now
    goOn(behind: stream.record)
  }

  /// Ends a stream that never had a connection.
  func end(_ stream: inout LoadStream) {
    stream.record.end = scene.now
    goOn(behind: stream.record)
  }

  /// Ends all that is under way.
  func cancelAll(_ why: String) {
    let now = scene.now
    for id in connections.ids {
      guard let connection = connections[id] else { continue }
      fail(connection, id, .cancelled, why, at: now)
    }
  }
}
