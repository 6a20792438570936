internal import NIOCore

/// Performs the plans of one event loop with one timer.
///
/// A timing wheel holds the next deadline of every connection, and the loop's timer is set to the
/// earliest: no task and no timer a stream. Deadlines are rounded up to a grid, so that nothing is early
/// and what is due at about the same time is one wake. It belongs to its loop and is used nowhere else.
final class Performer {
  /// Why a connection is woken.
  enum Reason: Sendable {
    /// The next action of its plan is due.
    case plan
    /// It may have been idle for too long.
    case idle
  }

  private struct Wake: BitwiseCopyable {
    var connection: Connections.ID
    var reason: Reason
  }

  /// How far deadlines are rounded up at the most.
  ///
  /// A finer grid wakes the loop more often than it makes streams more punctual: a timer and a wake cost
  /// about as much as a send.
  private static let grid = TimeAmount.microseconds(250)

  /// Half a second of ticks; what is due later waits for its round.
  private static let slotsLog2 = 11

  /// How many are woken before the loop looks for what came in: a request has its times counted from when
  /// it is read, and must not wait for a long queue of writes.
  private static let batch = 64

  /// What the loop waits before the next batch: it looks for input only when nothing is due.
  private static let breath = TimeAmount.microseconds(10)

  let loop: any EventLoop

  private let lateness: LatenessMeter
  /// What is not in the meter yet.
  private var late: [Int64] = []

  /// When this loop's grid begins: the loops wake in turn, so that they do not want the cores, and the
  /// clients that they wake, at the same moment.
  private let phase: Int64

  private let connections: Connections
  private var wheel: TimingWheel<Wake>
  private var due: [Wake] = []
  private var timer: NIOScheduledCallback?
  private var timerDeadline: NIODeadline?
  private var isWaking = false

  /// - Parameters:
  ///   - loop: the event loop that it belongs to.
  ///   - turn: which of how many loops that is.
  ///   - connections: those whose plans it performs.
  ///   - lateness: told how late its writes are.
  init(
    loop: any EventLoop, turn: (index: Int, of: Int), connections: Connections,
    lateness: LatenessMeter
  ) {
    self.loop = loop
    phase = Self.grid.nanoseconds * Int64(turn.index) / Int64(max(1, turn.of))
    self.connections = connections
    self.lateness = lateness
    wheel = TimingWheel(slotsLog2: Self.slotsLog2, start: 0)
    due.reserveCapacity(Self.batch)
    late.reserveCapacity(Self.batch)
  }

  /// Wakes a connection at a deadline, never before it, unless it is gone by then.
  func wake(_ connection: Connections.ID, at deadline: NIODeadline, for reason: Reason) {
    wheel.insert(
      Wake(connection: connection, reason: reason), at: firstTick(notBefore: deadline))
    if !isWaking { setTimer(notAfter: deadline) }
  }

  /// Notes the time between an action's deadline and its write, which the meter gets with the next batch.
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
  private func tick(of time: NIODeadline) -> Int {
    Int(clamping: max(0, nanoseconds(to: time)) / Self.grid.nanoseconds)
  }

  private func firstTick(notBefore deadline: NIODeadline) -> Int {
    let nanoseconds = max(0, nanoseconds(to: deadline))
    let tick = nanoseconds / Self.grid.nanoseconds
    return Int(clamping: tick * Self.grid.nanoseconds < nanoseconds ? tick + 1 : tick)
  }

  private func time(of tick: Int) -> NIODeadline {
    .uptimeNanoseconds(0) + .nanoseconds(phase + Int64(clamping: tick) * Self.grid.nanoseconds)
  }

  private func nanoseconds(to time: NIODeadline) -> Int64 {
    Int64(clamping: time.uptimeNanoseconds) - phase
  }

  // MARK: The timer

  /// Sets the loop's timer for a deadline, where it is not set to an earlier one.
  private func setTimer(notAfter deadline: NIODeadline) {
    if let timerDeadline, timerDeadline <= deadline { return }
    setTimer(at: time(of: firstTick(notBefore: deadline)))
  }

  private func setTimer(at deadline: NIODeadline) {
    timer?.cancel()
    timerDeadline = deadline
    // The loop outlives its performer's connections; a callback that cannot be set means that it is
    // shutting down, and nobody is left to write to.
    timer = try? loop.scheduleCallback(at: deadline, handler: Alarm(self))
  }

  /// Wakes those whose time has come, but no more than a batch.
  fileprivate func fire() {
    timer = nil
    timerDeadline = nil
    isWaking = true
    var now = NIODeadline.now()
    let isAll = wheel.take(upTo: tick(of: now), atMost: Self.batch, into: &due)
    for wake in due {
      if let next = connections[wake.connection]?.wake(wake.reason, at: now) {
        wheel.insert(wake, at: firstTick(notBefore: next))
      }
      now = .now()
    }
    due.removeAll(keepingCapacity: true)
    isWaking = false
    publishLateness()
    if !isAll {
      setTimer(at: now + Self.breath)
    } else if let next = wheel.next {
      setTimer(at: time(of: next))
    }
  }
}

/// Lets the loop call its performer: a bound reference is Sendable, and traps off its loop.
private struct Alarm: NIOScheduledCallbackHandler, Sendable {
  private let performer: NIOLoopBound<Performer>

  init(_ performer: Performer) {
    self.performer = NIOLoopBound(performer, eventLoop: performer.loop)
  }

  func handleScheduledCallback(eventLoop: some EventLoop) {
    performer.value.fire()
  }
}
