internal import CCurl
internal import Cassettes

/// The transfers under way, and one turn of the loop that serves them.
///
/// A turn costs what happened in it, however many transfers there are; only a tick, and a deadline
/// that may have come, look at all of them.
struct CurlLoop: ~Copyable {
  private let multi: CurlMulti
  private let touched = TouchedTransfers()
  private var transfers: [UInt64: Transfer] = [:]
  private var numbers: [UnsafeMutableRawPointer: UInt64] = [:]
  private var ticks = TickSchedule()
  /// No transfer has its deadline before this.
  private var earliestDeadline = Int64.max

  init(_ multi: consuming CurlMulti) { self.multi = multi }

  /// How many transfers are under way.
  var count: Int { transfers.count }

  mutating func start(
    _ number: UInt64, _ request: RecordingRequest, onEvents: @escaping EventHandler
  ) {
    do throws(RecordingError) {
      let transfer = try Transfer(number, request, touched, onEvents: onEvents)
      guard transfer.add(to: multi) else {
        throw RecordingError("libcurl did not take the transfer")
      }
      transfers[number] = transfer
      numbers[transfer.handle] = number
      note(transfer)
    } catch {
      let ending = Ending(how: .unreachable, stage: .request, detail: error.reason)
      onEvents([.ended(ending, failure: .own)])
    }
  }

  mutating func steer(_ number: UInt64, _ action: RecordingControl.Action) {
    guard let transfer = transfers[number] else { return }
    switch action {
    case .cancel(let reason): end(transfer) { $0.finish(.cancelled(reason), now: $1) }
    case .pause: transfer.pause(now: MonotonicClock.nanoseconds())
    case .resume:
      let code = transfer.resume(now: MonotonicClock.nanoseconds())
      if let code { end(transfer) { $0.finish(code, now: $1) } }
      settle()
    }
  }

  mutating func cancelAll() {
    for transfer in transfers.values {
      end(transfer) { $0.finish(.cancelled("the recorder was shut down"), now: $1) }
    }
  }

  /// Gives up what has taken too long, then waits for something to happen, and does it.
  mutating func turn() {
    let now = MonotonicClock.nanoseconds()
    if now >= earliestDeadline { giveUp(now: now) }
    if let turn = ticks.take(now: now) {
      for transfer in transfers.values where transfer.number % TickSchedule.turns == turn {
        transfer.tick(now: now)
      }
    }
    var wake = now + 60_000_000_000
    if !transfers.isEmpty { wake = min(ticks.next, earliestDeadline) }
    wake = max(now, min(wake, multi.timer ?? .max))
    for ready in multi.wait(nanoseconds: wake - now) {
      multi.act(on: ready)
      settle()
    }
    if multi.actOnTimer(now: MonotonicClock.nanoseconds()) { settle() }
  }

  private mutating func giveUp(now: Int64) {
    earliestDeadline = .max
    for transfer in transfers.values {
      if let deadline = transfer.deadline, deadline.at <= now {
        end(transfer) { $0.finish(deadline.refusal, now: $1) }
      } else {
        note(transfer)
      }
    }
  }

  /// Takes note of the transfer's deadline, which changes only when something happens to it.
  private mutating func note(_ transfer: Transfer) {
    earliestDeadline = min(earliestDeadline, transfer.deadline?.at ?? .max)
  }

  /// Hands on what libcurl told, and ends the transfers that are over.
  private mutating func settle() {
    for transfer in touched.take() {
      transfer.handOver()
      note(transfer)
    }
    while let (handle, code) = multi.takeFinished() {
      guard let number = numbers[handle], let transfer = transfers[number] else { continue }
      end(transfer) { $0.finish(code, now: $1) }
    }
  }

  private mutating func end(_ transfer: Transfer, _ finish: (Transfer, Int64) -> Void) {
    finish(transfer, MonotonicClock.nanoseconds())
    transfer.remove(from: multi)
    transfers[transfer.number] = nil
    numbers[transfer.handle] = nil
  }
}
