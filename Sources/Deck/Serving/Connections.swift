internal import NIOCore

/// The connections of one event loop, each with a seat.
///
/// Deadlines name the seat and not the connection, so that one that is gone is gone at once, and need
/// not be counted as referred to each time that one of them is moved.
final class Connections {
  /// A connection's seat, and how many had it before.
  struct ID: BitwiseCopyable, Hashable {
    fileprivate var seat: UInt32
    fileprivate var turn: UInt32
  }

  private struct Seat {
    var turn: UInt32 = 0
    var handler: ConnectionHandler?
    var isCounted = false
  }

  private let count: ConnectionCount
  private let limit: Int
  private let loop: any EventLoop
  private var seats: [Seat] = []
  private var free: [UInt32] = []
  private var isEmptyPromise: EventLoopPromise<Void>?

  init(count: ConnectionCount, limit: Int, loop: any EventLoop) {
    self.count = count
    self.limit = limit
    self.loop = loop
  }

  /// The connection of a seat, or nil where it is gone.
  subscript(id: ID) -> ConnectionHandler? {
    guard seats.indices.contains(Int(id.seat)), seats[Int(id.seat)].turn == id.turn else {
      return nil
    }
    return seats[Int(id.seat)].handler
  }

  /// Gives a connection a seat, and says whether it may stay: one too many may only be told so.
  func add(_ handler: ConnectionHandler) -> (id: ID, isAdmitted: Bool) {
    let isAdmitted = count.add(upTo: limit)
    let seat = free.popLast() ?? UInt32(clamping: seats.count)
    if seat == seats.count { seats.append(Seat()) }
    seats[Int(seat)].handler = handler
    seats[Int(seat)].isCounted = isAdmitted
    if isEmptyPromise != nil { handler.drain() }
    return (ID(seat: seat, turn: seats[Int(seat)].turn), isAdmitted)
  }

  /// Forgets a connection that is gone.
  func remove(_ id: ID) {
    guard self[id] != nil else { return }
    let seat = Int(id.seat)
    if seats[seat].isCounted { count.remove() }
    seats[seat] = Seat(turn: id.turn &+ 1)
    free.append(id.seat)
    if isEmpty { isEmptyPromise?.succeed() }
  }

  private var isEmpty: Bool { free.count == seats.count }

  /// Lets the connections end; the future succeeds when the last one has.
  func drain() -> EventLoopFuture<Void> {
    let promise = isEmptyPromise ?? loop.makePromise()
    isEmptyPromise = promise
    for seat in seats { seat.handler?.drain() }
    if isEmpty { promise.succeed() }
    return promise.futureResult
  }

  /// Ends what is left.
  func abort() {
    for seat in seats { seat.handler?.abort() }
  }
}
