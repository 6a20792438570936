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
    if connection.isSending, readiness.contains(.write) { send(connection, id) }
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
    let before = connection.stream?.record.contentEvents ?? 0
    // Nobody asked for what comes between two streams.
    guard let progress = connection.stream?.take(bytes, at: now, scene, &meter) else {
      return connections.remove(id)
    }
    noteContent(of: connection, before: before, at: now)
    switch progress {
    case .goesOn: return
    case .over(let hasMore):
      if hasMore { connection.endIsNear = true }
      endHTTP(connection, id, missing: nil, at: now)
    case .broken(let why): fail(connection, id, .cut, why, at: now)
    }
  }

  private func noteContent(of connection: LoadConnection, before: Int, at now: Int64) {
    guard connection.stream?.record.contentEvents ?? 0 > before else { return }
    lastContent = now
    if before == 0, let scheduled = connection.stream?.record.scheduled {
      news.firstContents.append(now - scheduled)
    }
  }

  // MARK: Ends

  /// Ends a stream whose HTTP message is over, well or not.
  func endHTTP(
    _ connection: LoadConnection, _ id: ConnectionTable.ID, missing: String?, at now: Int64
  ) {
    guard var stream = connection.stream.take() else { return }
    let asksForStream = scene.requests[scene.index(of: stream.record.order)].asksForStream
    stream.finish(missing: missing, asksForStream: asksForStream)
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
