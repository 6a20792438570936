#if os(Linux)
  internal import CLinux
#endif

/// The connections of one event loop, each with a seat.
///
/// Deadlines and the poller name the seat and not the connection, so that one that is gone is gone
/// at once, and need not be counted as referred to each time that one of them is moved.
final class Connections {
  /// A connection's seat, and how many had it before.
  struct ID: BitwiseCopyable, Hashable {
    let seat: UInt32
    let turn: UInt32

    init(seat: UInt32, turn: UInt32) {
      self.seat = seat
      self.turn = turn
    }

    /// What `bits` was of.
    init(bits: UInt64) {
      seat = UInt32(truncatingIfNeeded: bits >> 32)
      turn = UInt32(truncatingIfNeeded: bits)
    }

    /// The same as a number.
    var bits: UInt64 { UInt64(seat) << 32 | UInt64(turn) }
  }

  private struct Seat {
    var turn: UInt32 = 0
    var connection: Connection?
    var isCounted = false
  }

  private let count: ConnectionCount
  private let limit: Int
  private var seats: [Seat] = []
  private var free: [UInt32] = []
  private var onEmpty: (() -> Void)?

  init(count: ConnectionCount, limit: Int) {
    self.count = count
    self.limit = limit
  }

  /// The connection of a seat, or nil where it is gone.
  subscript(id: ID) -> Connection? {
    guard seats.indices.contains(Int(id.seat)), seats[Int(id.seat)].turn == id.turn else {
      return nil
    }
    return seats[Int(id.seat)].connection
  }

  /// Says that a connection will be asked for: thousands of them are in no cache by the time that
  /// it is their turn again.
  func foresee(_ id: ID) {
    #if os(Linux)
      guard let connection = self[id] else { return }
      tapedeck_prefetch(Unmanaged.passUnretained(connection).toOpaque())
    #endif
  }

  /// Gives a connection a seat, and says whether it may stay: one too many may only be told so.
  func add(_ connection: Connection) -> (id: ID, isAdmitted: Bool) {
    let isAdmitted = count.add(upTo: limit)
    let seat = free.popLast() ?? UInt32(clamping: seats.count)
    if seat == seats.count { seats.append(Seat()) }
    seats[Int(seat)].connection = connection
    seats[Int(seat)].isCounted = isAdmitted
    return (ID(seat: seat, turn: seats[Int(seat)].turn), isAdmitted)
  }

  /// Forgets a connection that is gone.
  func remove(_ id: ID) {
    guard self[id] != nil else { return }
    let seat = Int(id.seat)
    if seats[seat].isCounted { count.remove() }
    seats[seat] = Seat(turn: id.turn &+ 1)
    free.append(id.seat)
    tellIfEmpty()
  }

  /// How many there are.
  var size: Int { seats.count - free.count }

  /// Whether those that come are to end too.
  var isDraining: Bool { onEmpty != nil }

  /// Lets the connections end, and tells when the last one has, at once where there is none.
  func drain(onEmpty: @escaping () -> Void) {
    self.onEmpty = onEmpty
    for seat in seats { seat.connection?.drain() }
    tellIfEmpty()
  }

  private func tellIfEmpty() {
    guard size == 0, let tell = onEmpty else { return }
    onEmpty = {}
    tell()
  }

  /// Ends what is left.
  func abort() {
    for seat in seats { seat.connection?.abort() }
  }
}
