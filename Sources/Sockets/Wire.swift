internal import Libc

#if os(Linux)
  internal import CLinux
#endif

/// The socket of one client: bytes in, bytes out in order, and the ways to end it.
///
/// What the kernel does not take at once waits here, and so does all that is written after it; the
/// bytes that wait are parts of what is shared, not copies.
package struct Wire: ~Copyable {
  /// What a read came to.
  package enum Input {
    case bytes([UInt8])
    /// Nothing is there for now.
    case nothing
    /// The client sends no more.
    case end
    /// The connection has failed.
    case failure
  }

  /// Above so many bytes that wait, a writer is to wait too.
  private static let highWater = 64 << 10

  private var descriptor: Int32
  /// What waits, in order.
  private var queue: [ArraySlice<UInt8>] = []
  private var finishes = false
  private var hasFinished = false
  /// Whether the peer ended its side: behind what is there comes the end.
  package private(set) var endIsNear = false

  /// How many bytes wait.
  package private(set) var queuedBytes = 0

  /// How many bytes were written here.
  package private(set) var writtenBytes = 0

  /// Whether a write has found the client gone.
  package private(set) var isBroken = false

  /// Whether the connection is known to have failed: what is still to be read is all there will be.
  package private(set) var hasFailed = false

  /// Whether a read may find something.
  package private(set) var mayHaveInput = false

  /// Takes over a connected socket that does not block.
  package init(_ descriptor: Int32) {
    self.descriptor = descriptor
    var yes: Int32 = 1
    // A socket of another kind sends at once anyway, and knows no urgent bytes, in front of which a
    // read would stop.
    setsockopt(
      descriptor, SOL_SOCKET, SO_OOBINLINE, &yes, socklen_t(MemoryLayout<Int32>.size))
    setsockopt(
      descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    #if canImport(Darwin)
      // Without it, a write would end the program; the client is gone already where it is refused.
      isBroken =
        setsockopt(
          descriptor, SOL_SOCKET, SO_NOSIGPIPE, &yes, socklen_t(MemoryLayout<Int32>.size)) != 0
    #endif
  }

  deinit {
    if descriptor >= 0 { Libc.close(descriptor) }
  }

  /// Whether something waits.
  package var isPending: Bool { queuedBytes > 0 }

  /// Whether more should be written now.
  package var isWritable: Bool { queuedBytes < Self.highWater }

  /// The socket under a descriptor of its own, or nil where there is none.
  package func duplicate() -> DuplicateSocket? { DuplicateSocket(of: descriptor) }

  // MARK: Output

  /// Writes a range of bytes, behind all that was written before; where the client is gone, it
  /// waits for good.
  package mutating func write(_ range: Range<Int>, of bytes: [UInt8]) {
    writtenBytes &+= range.count
    let sent = isPending || isBroken || range.isEmpty ? 0 : send(bytes[range])
    guard sent < range.count else { return }
    queue.append(bytes[range].dropFirst(sent))
    queuedBytes += range.count - sent
  }

  /// Sends what waits, as far as the kernel takes it.
  package mutating func flush() {
    var done = 0
    while done < queue.count, !isBroken {
      let sent = send(queue[done])
      queuedBytes -= sent
      queue[done] = queue[done].dropFirst(sent)
      guard queue[done].isEmpty else { break }
      done += 1
    }
    queue.removeFirst(done)
    sendFIN()
  }

  /// Sends FIN behind everything that was written.
  package mutating func finish() {
    finishes = true
    sendFIN()
  }

  private mutating func sendFIN() {
    guard finishes, !isPending else { return }
    finishes = false
    hasFinished = true
    shutdown(descriptor, Int32(SHUT_WR))
  }

  /// Hands bytes to the kernel, and returns how many it took.
  private mutating func send(_ bytes: ArraySlice<UInt8>) -> Int {
    var count = 0
    repeat {
      count = bytes.withUnsafeBytes {
        Libc.send(descriptor, $0.baseAddress, $0.count, SendFlags.now)
      }
    } while count < 0 && errno == EINTR
    if count < 0, errno != EAGAIN { isBroken = true }
    return max(0, count)
  }

  // MARK: Input

  /// Takes note of what the poller told.
  package mutating func note(_ readiness: Readiness) {
    if readiness.contains(.read) { mayHaveInput = true }
    if readiness.contains(.end) { endIsNear = true }
    // A write of another thread may have been told the reason, and then nobody else is.
    if readiness.contains(.failure) || (readiness.contains(.hangUp) && !hasFinished) {
      hasFailed = true
    }
  }

  /// Reads once.
  ///
  /// - Parameter scratch: where the bytes may pass through.
  /// - Returns: what came.
  package mutating func read(by scratch: UnsafeMutableRawBufferPointer) -> Input {
    let count = recv(descriptor, scratch.baseAddress, scratch.count, 0)
    if count > 0 {
      // Less than was asked for is all there was: what comes later is told of anew.
      if count < scratch.count, !endIsNear { mayHaveInput = false }
      return .bytes(Array(scratch[..<count]))
    }
    mayHaveInput = count < 0 && errno == EINTR
    if count == 0 { return .end }
    return mayHaveInput || errno == EAGAIN ? .nothing : .failure
  }

  // MARK: The end

  /// The bytes that were written but not acknowledged by the peer, as far as the system says.
  ///
  /// A write is done when the kernel has the bytes; a reset throws away what the peer has not
  /// acknowledged, so a reset that must not cost bytes waits until this is 0.
  package var undeliveredBytes: Int {
    #if os(Linux)
      let count = tapedeck_unacknowledged_bytes(descriptor)
    #else
      var count: Int32 = 0
      var size = socklen_t(MemoryLayout<Int32>.size)
      if getsockopt(descriptor, SOL_SOCKET, SO_NWRITE, &count, &size) != 0 { count = 0 }
    #endif
    return queuedBytes + max(0, Int(count))
  }

  /// How many of the bytes that were written here the peer has acknowledged; what was written past
  /// this wire lowers it, and counts when it is acknowledged.
  package var takenBytes: Int { writtenBytes &- undeliveredBytes }

  /// Lets the close send RST in place of FIN.
  package func discardOnClose() {
    var discards = linger(l_onoff: 1, l_linger: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_LINGER, &discards, socklen_t(MemoryLayout<linger>.size))
  }

  /// Closes the socket, whatever waits.
  package mutating func close() {
    guard descriptor >= 0 else { return }
    Libc.close(descriptor)
    descriptor = -1
    queue = []
    isBroken = true
    mayHaveInput = false
  }
}
