/// One direction of a TCP connection, put back in order by its sequence numbers. (RFC 9293, 3.4)
struct TCPFlow {
  /// Bytes that a receiver could read at a time.
  struct Delivery {
    /// The bytes.
    var bytes: [UInt8]
    /// When the last one that was missing came.
    var time: Int64
  }

  /// The most segments that are waited with while one before them is missing: more are not on
  /// their way at a time, so that the capture lacks it.
  static let pendingLimit = 4096

  /// Whether bytes came that cannot be read, since others before them are missing.
  var hasGap: Bool { isBroken || !pending.isEmpty }
  /// How many bytes are waited with.
  var pendingBytes: Int { pending.reduce(0) { $0 + $1.bytes.count } }
  /// The number of the first byte that has not come; nil before the first segment.
  private(set) var next: UInt32?
  /// Whether the sender has ended the direction, and all before that came.
  var isClosed: Bool { end != nil && end == next }

  /// Whether a segment did not come at all.
  private var isBroken = false
  private var pending: [(sequence: UInt32, bytes: [UInt8])] = []
  private var end: UInt32?

  /// Takes the number of a segment that has no bytes.
  ///
  /// - Parameters:
  ///   - sequence: Its number.
  ///   - isSyn: Whether it begins the connection, which counts as a byte.
  mutating func begin(at sequence: UInt32, isSyn: Bool) {
    if isSyn { next = sequence &+ 1 }
  }

  /// Takes the end of the direction.
  mutating func finish(at sequence: UInt32?) { end = sequence ?? next }

  /// Takes a segment.
  ///
  /// - Parameters:
  ///   - bytes: Its bytes.
  ///   - sequence: The number of the first one, or nil where it counts as the next.
  ///   - time: When it came.
  ///   - beginsMessage: Whether the bytes begin a message, so that a capture that began within the
  ///     connection may begin with them.
  /// - Returns: What can be read now: bytes that came before are dropped.
  mutating func take(
    _ bytes: [UInt8], at sequence: UInt32?, time: Int64, beginsMessage: Bool
  ) -> [Delivery] {
    guard !bytes.isEmpty, !isBroken else { return [] }
    let sequence = sequence ?? next ?? 1
    // Relative numbers begin with 1; others can only be told by what stands there.
    let start = next ?? (beginsMessage ? sequence : 1)
    next = start
    guard let delivered = deliver(bytes, at: sequence, time: time) else {
      pending.append((sequence, bytes))
      isBroken = pending.count > Self.pendingLimit
      if isBroken { pending = [] }
      return []
    }
    var all = [delivered].filter { !$0.bytes.isEmpty }
    var isMoving = true
    while isMoving, !pending.isEmpty {
      isMoving = false
      for (place, segment) in pending.enumerated() {
        guard let more = deliver(segment.bytes, at: segment.sequence, time: time) else { continue }
        pending.remove(at: place)
        if !more.bytes.isEmpty { all.append(more) }
        isMoving = true
        break
      }
    }
    return all
  }

  /// What of a segment is new; nil where bytes before it are missing.
  private mutating func deliver(_ bytes: [UInt8], at sequence: UInt32, time: Int64) -> Delivery? {
    guard let next else { return nil }
    let ahead = Int32(bitPattern: sequence &- next)
    guard ahead <= 0 else { return nil }
    let known = min(Int(ahead.magnitude), bytes.count)
    let fresh = known == 0 ? bytes : Array(bytes[known...])
    self.next = next &+ UInt32(truncatingIfNeeded: fresh.count)
    return Delivery(bytes: fresh, time: time)
  }
}
