internal import LosslessJSON

/// The `sequence_number` of events, which goes up by one, so that a client notices what it has not
/// got, or has got twice.
struct ResponsesSequence: Sendable {
  /// The number of the last event that had one.
  private var last: Int?

  /// How many events have had the first number, as long as no other came: who numbers every event
  /// alike does not count.
  private var repeats = 0
  private var hasMoved = false

  /// Compares the number of an event with that of the one before.
  mutating func take(_ data: JSONValue, log: inout MessageLog) {
    guard let number = data.value(of: "sequence_number")?.integer else { return }
    defer { last = number }
    guard let last, !data.has("type", "error") else { return }
    if !hasMoved, number == last {
      if repeats == 0 { log.notice("its sequence_number is \(number) again") }
      repeats += 1
      return
    }
    if !hasMoved, repeats > 0 {
      log.note("its sequence_number is \(number), and \(last) came \(repeats + 1) times before it")
    }
    hasMoved = true
    guard number != last &+ 1 else { return }
    log.note(
      number > last
        ? "its sequence_number is \(number) after \(last): events are missing between them"
        : "its sequence_number is \(number) after \(last): it comes again, or too late")
  }
}
