internal import HeapModule
internal import NIOCore

/// What wakes when its time has come.
protocol Woken: AnyObject {
  /// Acts, and returns when to be woken next, or nil for never.
  func wake(_ reason: Performer.Reason, at now: NIODeadline) -> NIODeadline?
}

/// Performs the plans of one event loop with one timer.
///
/// A heap holds the next deadline of every stream, and the loop's timer is set to the earliest: no
/// task and no timer a stream. It belongs to its loop and is used nowhere else.
final class Performer {
  /// Why a connection is woken.
  enum Reason: Sendable {
    /// The next action of its plan is due.
    case plan
    /// It may have been idle for too long.
    case idle
  }

  private static let batch = 16

  private struct Entry: Comparable {
    var deadline: NIODeadline
    var reason: Reason
    var woken: any Woken

    static func < (a: Self, b: Self) -> Bool { a.deadline < b.deadline }
    static func == (a: Self, b: Self) -> Bool { a.deadline == b.deadline }
  }

  let loop: any EventLoop

  /// The time between an action's deadline and its write, for every write on this loop.
  let lateness: LatenessMeter

  private var heap = Heap<Entry>()
  private var timer: NIOScheduledCallback?
  private var timerDeadline: NIODeadline?
  private var isWaking = false

  init(loop: any EventLoop, lateness: LatenessMeter) {
    self.loop = loop
    self.lateness = lateness
  }

  /// Wakes `woken` at a deadline, never before it.
  func wake(_ woken: any Woken, at deadline: NIODeadline, for reason: Reason) {
    heap.insert(Entry(deadline: deadline, reason: reason, woken: woken))
    if !isWaking { setTimer() }
  }

  /// Sets the loop's one timer to the earliest deadline, where it is not set to it already.
  private func setTimer() {
    guard let first = heap.min?.deadline else { return }
    if let timerDeadline, timerDeadline <= first { return }
    timer?.cancel()
    timerDeadline = first
    // The loop outlives its performer's connections; a callback that cannot be set means that it is
    // shutting down, and nobody is left to write to.
    timer = try? loop.scheduleCallback(at: first, handler: Alarm(self))
  }

  /// Wakes those whose time has come, but no more than a batch: a request that arrives meanwhile has
  /// its times counted from when it is read, and must not wait for a long queue of writes.
  fileprivate func fire() {
    timer = nil
    timerDeadline = nil
    isWaking = true
    var now = NIODeadline.now()
    for _ in 0..<Self.batch {
      guard let first = heap.min, first.deadline <= now else { break }
      heap.removeMin()
      if let next = first.woken.wake(first.reason, at: now) {
        heap.insert(Entry(deadline: next, reason: first.reason, woken: first.woken))
      }
      now = .now()
    }
    isWaking = false
    setTimer()
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
