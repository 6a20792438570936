internal import Sockets
internal import Units

/// How long a client has taken nothing.
struct Stall {
  /// What it had taken when it was looked at last.
  var takenBytes: Int
  /// Since when that is so.
  var since: Instant
}

/// A client that takes nothing of what is written to it would keep its place for ever.
///
/// What it takes is what its system acknowledges: a receiver whose window was full says that it has
/// room again only once it has freed a part of its buffer, 64 KB on loopback, so that one which
/// reads less in the time that it has is taken for one that does not read.
extension Connection {
  /// How often it is looked at within the time that it has.
  private static let looks: Int64 = 8

  /// Begins to watch whether the client takes what waits, unless that is watched already.
  func watchWrites() {
    guard let id, shared.stalls[id] == nil else { return }
    let now = Instant.now()
    shared.stalls[id] = Stall(takenBytes: wire.takenBytes, since: now)
    shared.performer.wake(id, at: now + lookPause, for: .write)
  }

  /// Drops a client that has taken nothing for too long, and returns when to look again.
  func watchWrites(at now: Instant) -> Instant? {
    guard let id, var stall = shared.stalls[id], mayStall else {
      if let id { shared.stalls[id] = nil }
      return nil
    }
    let taken = wire.takenBytes
    if taken > stall.takenBytes {
      stall = Stall(takenBytes: taken, since: now)
      shared.stalls[id] = stall
    }
    guard now - stall.since >= shared.writePatience else { return now + lookPause }
    close(.writeTimeout)
    wire.discardOnClose()
    leave()
    return nil
  }

  /// Whether something was written that the client has not taken.
  private var mayStall: Bool {
    switch state {
    // That has a patience of its own.
    case .resetting: false
    case .lingering: wire.undeliveredBytes > 0
    default: wire.isPending
    }
  }

  private var lookPause: Duration {
    max(shared.writePatience / Self.looks, .milliseconds(1))
  }
}
