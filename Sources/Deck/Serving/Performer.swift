internal import Sockets
internal import Units

/// Performs the plans of one event loop.
///
/// A timing wheel holds the next deadline of every connection, and the loop waits for the earliest:
/// no task and no timer a stream. Deadlines are rounded up to a grid, so that nothing is early and
/// what is due at about the same time is one wake. It belongs to its loop and is used nowhere else.
final class Performer {
  /// Why a connection is woken.
  enum Reason: Sendable {
    /// The next action of its plan is due.
    case plan
    /// It may have been idle for too long.
    case idle
    /// More of what its client sent may be taken up.
    case turn
    /// Its client may have taken nothing for too long.
    case write
  }

  private struct Wake: BitwiseCopyable {
    var connection: Connections.ID
    var reason: Reason
  }

  /// How far deadlines are rounded up at the most.
  ///
  /// A coarser one wakes the loop less often, by as little as the sends of thousands of streams
  /// leave it time to sleep; half of it is what each event is late by.
  private static let gridNanoseconds: Int64 = 100_000

  /// Some 200 ms of ticks; what is due later waits for its round.
  private static let slotsLog2 = 11

  /// How many are woken before the loop looks for what came in: a request has its times counted
  /// from when it is read, and must not wait for a long queue of writes.
  private static let batch = 16

  /// Up to here the wakes of connections that are gone may stay until they are due.
  private static let leastSweepCount = 4096

  private let lateness: LatenessMeter
  /// What is not in the meter yet.
  private var late: [Int64] = []

  /// When this loop's grid begins: the loops wake in turn, so that they do not want the cores, and
  /// the clients that they wake, at the same moment.
  private let phase: Int64

  private let connections: Connections
  private var wheel: TimingWheel<Wake>
  /// With how many wakes in it the wheel is rid of those for connections that are gone.
  private var sweepCount = Performer.leastSweepCount
  private var due: [Wake] = []
  private var isWaking = false

  /// When there is next something to do, or nil for never.
  private(set) var deadline: Instant?

  /// - Parameters:
  ///   - turn: which of how many loops that is.
  ///   - connections: those whose plans it performs.
  ///   - lateness: told how late its writes are.
  init(turn: (index: Int, of: Int), connections: Connections, lateness: LatenessMeter) {
    phase = Self.gridNanoseconds * Int64(turn.index) / Int64(max(1, turn.of))
    self.connections = connections
    self.lateness = lateness
    wheel = TimingWheel(slotsLog2: Self.slotsLog2, start: 0)
    due.reserveCapacity(Self.batch)
    late.reserveCapacity(Self.batch)
  }

  /// Wakes a connection at a deadline, never before it, unless it is gone by then.
  func wake(_ connection: Connections.ID, at deadline: Instant, for reason: Reason) {
    let tick = firstTick(notBefore: deadline)
    wheel.insert(Wake(connection: connection, reason: reason), at: tick)
    if !isWaking { self.deadline = min(self.deadline ?? .distantFuture, time(of: tick)) }
    if wheel.count >= sweepCount { sweep() }
  }

  /// Many short connections would leave a wake each for as long as one may be idle, or pause.
  private func sweep() {
    wheel.removeAll { connections[$0.connection] == nil }
    sweepCount = max(Self.leastSweepCount, 2 * wheel.count)
  }

  /// How many wakes are to come.
  var wakes: Int { wheel.count }

  /// Notes the time between an action's deadline and its write, which the meter gets with the next
  /// batch.
  func noteLateness(nanoseconds: Int64) {
    late.append(nanoseconds)
    if late.count >= Self.batch { publishLateness() }
  }

  /// Lets everybody see what was noted.
  func publishLateness() {
    guard !late.isEmpty else { return }
    lateness.note(nanoseconds: late)
    late.removeAll(keepingCapacity: true)
  }

  // MARK: Ticks

  /// The last tick that is not after a time.
  private func tick(of time: Instant) -> Int {
    Int(clamping: max(0, nanoseconds(to: time)) / Self.gridNanoseconds)
  }

  private func firstTick(notBefore deadline: Instant) -> Int {
    let nanoseconds = max(0, nanoseconds(to: deadline))
    let tick = nanoseconds / Self.gridNanoseconds
    return Int(clamping: tick * Self.gridNanoseconds < nanoseconds ? tick + 1 : tick)
  }

  private func time(of tick: Int) -> Instant {
    Instant(nanoseconds: phase).after(nanoseconds: Int64(clamping: tick) * Self.gridNanoseconds)
  }

  private func nanoseconds(to time: Instant) -> Int64 {
    time.nanoseconds(since: Instant(nanoseconds: phase))
  }

  // MARK: Performing

  /// Wakes those whose time has come, but no more than a batch.
  ///
  /// - Returns: whether there were any.
  @discardableResult
  func perform() -> Bool {
    guard let deadline else { return false }
    var now = Instant.now()
    guard deadline <= now else { return false }
    isWaking = true
    let isAll = wheel.take(upTo: tick(of: now), atMost: Self.batch, into: &due)
    for wake in due { connections.foresee(wake.connection) }
    var hasWoken = false
    for wake in due {
      guard let connection = connections[wake.connection] else { continue }
      hasWoken = true
      if let next = connection.wake(wake.reason, at: now) {
        wheel.insert(wake, at: firstTick(notBefore: next))
      }
      now = .now()
    }
    due.removeAll(keepingCapacity: true)
    isWaking = false
    publishLateness()
    self.deadline = isAll ? wheel.next.map(time) : now
    return hasWoken
  }
}
