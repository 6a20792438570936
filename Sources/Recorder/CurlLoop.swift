internal import CCurl
internal import Cassettes

/// The transfers under way, and one turn of the loop that serves them.
struct CurlLoop: ~Copyable {
  /// Something comes out of every transfer at least this often.
  private static let tickMilliseconds = 250

  private let multi: CurlMulti
  private var transfers: [UInt64: Transfer] = [:]
  private var nextTick: Int64 = 0

  init(_ multi: consuming CurlMulti) { self.multi = multi }

  mutating func start(
    _ number: UInt64, _ request: RecordingRequest, onEvents: @escaping EventHandler
  ) {
    do throws(RecordingError) {
      let transfer = try Transfer(number, request, onEvents: onEvents)
      guard transfer.add(to: multi) else {
        throw RecordingError("libcurl did not take the transfer")
      }
      transfers[number] = transfer
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
      guard let code = transfer.resume(now: MonotonicClock.nanoseconds()) else { return }
      end(transfer) { $0.finish(code, now: $1) }
    }
  }

  mutating func cancelAll() {
    for transfer in transfers.values {
      end(transfer) { $0.finish(.cancelled("the recorder was shut down"), now: $1) }
    }
  }

  /// Does what can be done, gives up what has taken too long, then waits for more.
  mutating func turn() {
    multi.perform()
    while let (handle, code) = multi.takeFinished() {
      guard let transfer = transfers.values.first(where: { $0.handle == handle }) else { continue }
      end(transfer) { $0.finish(code, now: $1) }
    }
    let now = MonotonicClock.nanoseconds()
    var wake = now + (transfers.isEmpty ? 60_000 : Int64(Self.tickMilliseconds)) * 1_000_000
    for transfer in transfers.values {
      guard let deadline = transfer.deadline else { continue }
      if deadline.at <= now {
        end(transfer) { $0.finish(deadline.refusal, now: $1) }
      } else {
        wake = min(wake, deadline.at)
      }
    }
    if !transfers.isEmpty { wake = min(wake, tick(now: now)) }
    // Rounded up: a wait that ends before its deadline would be followed by one of no length.
    multi.wait(milliseconds: Int((wake - now + 999_999) / 1_000_000))
  }

  /// Tells every transfer that time passed, when it is due, and returns when it is due next.
  private mutating func tick(now: Int64) -> Int64 {
    if now >= nextTick {
      for transfer in transfers.values { transfer.tick(now: now) }
      nextTick = now + Int64(Self.tickMilliseconds) * 1_000_000
    }
    return nextTick
  }

  private mutating func end(_ transfer: Transfer, _ finish: (Transfer, Int64) -> Void) {
    let now = MonotonicClock.nanoseconds()
    finish(transfer, now)
    transfer.remove(from: multi)
    transfers[transfer.number] = nil
  }
}
