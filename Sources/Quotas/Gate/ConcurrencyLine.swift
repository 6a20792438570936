internal import Units

/// The places of one client for answers under way, and who waits for one, in order.
struct ConcurrencyLine: Sendable {
  /// How many answers are under way.
  var used = 0
  /// How many wait.
  var waiting = 0
  /// The first and the last that wait; the others are linked to them.
  var first = LimitTicket.none
  var last = LimitTicket.none
}

extension ConcurrencyLine: KeptByKey {
  mutating func isAtRest(at now: Instant) -> Bool { used == 0 && waiting == 0 }

  /// Who holds a place of the shared line still holds it: a line of its own would let it have more.
  mutating func heir(at now: Instant) -> ConcurrencyLine? { nil }
}

/// Names a request that holds something: places, or tokens that are settled when it ends.
package struct LimitTicket: Hashable, Sendable, BitwiseCopyable {
  let seat: Int32
  let turn: UInt32

  static let none = LimitTicket(seat: -1, turn: 0)
}

/// What a request holds, and where it stands in a line.
struct LimitHold: Sendable {
  /// What it was charged by a quota.
  struct Charge: Sendable {
    var rule: Int
    var key: UInt64
    var isShared: Bool
    var count: Int64
  }

  /// A line that it stands in, or has a place of.
  struct Stage: Sendable {
    var rule: Int
    var place: Int
  }

  var turn: UInt32 = 0
  var isLive = false
  var charges: [Charge] = []
  /// The lines that it passes, one after the other.
  var stages: [Stage] = []
  /// How many of them have given it a place.
  var passed = 0
  var previous = LimitTicket.none
  var next = LimitTicket.none

  var isWaiting: Bool { isLive && passed < stages.count }
}
