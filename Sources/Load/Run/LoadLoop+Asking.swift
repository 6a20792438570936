internal import Cassettes
internal import Libc
internal import Loading
internal import Sockets
internal import Units

/// Connections: how a stream gets one, and its request onto it.
extension LoadLoop {
  private static let lackOfRoom: Set<Int32> = [
    EMFILE, ENFILE, ENOBUFS, ENOMEM, EADDRNOTAVAIL, EADDRINUSE,
  ]

  /// Begins a stream on a kept connection, or on a new one.
  ///
  /// - Returns: why no request can be sent; nil where the stream is under way, or has ended.
  func ask(_ record: StreamRecord) -> NotSentReason? {
    let request = scene.requests[scene.index(of: record.order)]
    let stream = LoadStream(
      record, request, headLimitBytes: scene.options.headLimitBytes)
    if let id = connections.takeKept(), let connection = connections[id] {
      count(stream)
      carry(stream, on: connection, id)
      return nil
    }
    return open(stream, isNew: true)
  }

  private func count(_ stream: LoadStream) {
    inFlight += 1
    news.begun += 1
  }

  /// Opens a connection for a stream.
  ///
  /// - Parameters:
  ///   - stream: the stream.
  ///   - isNew: whether it is not under way yet, so that it can be left out.
  /// - Returns: why it is left out; nil where it is under way, or has ended.
  private func open(_ stream: LoadStream, isNew: Bool) -> NotSentReason? {
    let opened = scene.now
    do throws(SystemError) {
      guard connections.size < maxConnections else { throw SystemError(EMFILE) }
      let socket = try ClientSocket(connectingTo: scene.addresses[address])
      let descriptor = socket.descriptor
      let connection = LoadConnection(socket, address: address, openedAt: opened)
      let id = connections.add(connection)
      guard poller.watch(descriptor, as: id.bits) else {
        connections.remove(id)
        throw SystemError(ENOMEM)
      }
      if isNew { count(stream) }
      carry(stream, on: connection, id)
    } catch {
      if isNew, Self.lackOfRoom.contains(error.code) { return .descriptors }
      if isNew { count(stream) }
      var stream = stream
      stream.record.detail = "no connection came about: \(error)"
      stream.record.outcome = .refused
      end(&stream)
    }
    return nil
  }

  private func carry(
    _ stream: LoadStream, on connection: LoadConnection, _ id: ConnectionTable.ID
  ) {
    connection.stream = stream
    connection.isSending = true
    connection.uses += 1
    connection.lastHeard = stream.record.dispatched
    wake(connection, id, at: deadline(of: connection))
    send(connection, id)
  }

  /// When the first of a connection's times is over.
  func deadline(of connection: LoadConnection) -> Int64 {
    guard let record = connection.stream?.record else { return .max }
    let options = scene.options
    let silence =
      connection.isConnected
      ? Self.end(of: options.readTimeout, from: connection.lastHeard)
      : Self.end(of: options.connectTimeout, from: connection.openedAt)
    guard let leaves = record.order.cancelAfter else { return silence }
    return min(silence, record.scheduled.addingReportingOverflow(leaves).partialValue)
  }

  /// When a patience is over, up to a 64th of it later, so that thousands of streams are looked at
  /// together.
  private static func end(of patience: Microseconds, from time: Int64) -> Int64 {
    let nanoseconds = patience.count * 1000
    let step = max(1, nanoseconds / 64)
    return (time + nanoseconds + step - 1) / step * step
  }

  /// Cancels what its client leaves, and gives up what is silent for too long.
  func timeIsOver(_ connection: LoadConnection, _ id: ConnectionTable.ID, _ now: Int64) {
    guard let record = connection.stream?.record else { return }
    let deadline = deadline(of: connection)
    guard deadline <= now else { return wake(connection, id, at: deadline) }
    if let leaves = record.order.cancelAfter, record.scheduled + leaves <= now {
      fail(connection, id, .cancelled, "the client left as the schedule wanted", at: now)
    } else if connection.isConnected {
      fail(
        connection, id, .timeout, "nothing came for \(scene.options.readTimeout.inSeconds)", at: now
      )
    } else {
      fail(
        connection, id, .timeout,
        "no connection came about within \(scene.options.connectTimeout.inSeconds)", at: now)
    }
  }

  /// Hands the kernel what it takes of the request.
  func send(_ connection: LoadConnection, _ id: ConnectionTable.ID) {
    guard connection.isSending, let stream = connection.stream else { return }
    let bytes = scene.requests[scene.index(of: stream.record.order)].bytes
    // The server may have it before the call is back, and no latency is to be too small.
    let now = scene.now
    let sent = bytes.withUnsafeBytes { bytes in
      connection.socket.send(UnsafeRawBufferPointer(rebasing: bytes[stream.sentBytes...]))
    }
    switch sent {
    case .bytes(0): return
    case .bytes(let count):
      connection.lastHeard = now
      if !connection.isConnected {
        connection.isConnected = true
        connection.connectTime = now - connection.openedAt
        wake(connection, id, at: deadline(of: connection))
      }
      connection.stream?.sentBytes += count
      guard stream.sentBytes + count == bytes.count else { return }
      connection.isSending = false
      connection.stream?.record.sent = now
    case .failure(let error): connectionFailed(connection, id, "\(error)", at: now)
    }
  }

  /// What becomes of a stream whose connection does not come about, or is gone.
  func connectionFailed(
    _ connection: LoadConnection, _ id: ConnectionTable.ID, _ why: String, at now: Int64
  ) {
    guard var stream = connection.stream else { return connections.remove(id) }
    if mayAskAnew(stream, connection, at: now) {
      connections.remove(id)
      stream.retries += 1
      stream.sentBytes = 0
      stream.record.sent = nil
      meter.reasked += 1
      _ = open(stream, isNew: false)
      return
    }
    if !connection.isConnected, stream.addressesTried < scene.addresses.count {
      // A name may have addresses on which nobody listens.
      if address == connection.address { address = (address + 1) % scene.addresses.count }
      connections.remove(id)
      stream.addressesTried += 1
      _ = open(stream, isNew: false)
      return
    }
    guard stream.record.firstByte != nil else {
      let what = connection.isConnected ? "no answer came" : "no connection came about"
      return fail(connection, id, .refused, "\(what): \(why)", at: now)
    }
    endHTTP(connection, id, missing: why, at: now)
  }

  /// Whether a request may have met a connection that its server was closing while it was kept.
  ///
  /// A server may close a connection that nobody uses at any time, also in the moment in which a
  /// request is on its way: that is a race of the two sides, and no failure of the server. It shows
  /// within a round trip, before any byte of an answer, and on a kept connection only; whatever
  /// takes longer may be a server that had the request and broke. Such a stream is asked for once
  /// more, with all its latencies from when it was due.
  private func mayAskAnew(
    _ stream: LoadStream, _ connection: LoadConnection, at now: Int64
  ) -> Bool {
    guard connection.uses > 1, stream.record.firstByte == nil, stream.retries == 0 else {
      return false
    }
    guard let sent = stream.record.sent else { return true }
    return now - sent <= max(Self.raceNanoseconds, 2 * connection.connectTime)
  }

  private static let raceNanoseconds: Int64 = 250_000_000
}

extension Microseconds {
  /// The time in seconds, for a sentence.
  fileprivate var inSeconds: String {
    count % 1_000_000 == 0 ? "\(count / 1_000_000) s" : "\(Double(count) / 1_000_000) s"
  }
}
