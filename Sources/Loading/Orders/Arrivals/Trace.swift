/// When streams arrived somewhere else, read from a file.
package struct Trace: Hashable, Sendable {
  /// The most arrivals that are kept: they take 8 bytes each.
  package static let limit = 10_000_000

  private var times: [Int64] = []

  /// Creates a trace without an arrival.
  package init() {}

  /// How many arrivals it has.
  package var count: Int { times.count }

  /// When an arrival is due, in nanoseconds from the first one: that one is due at once.
  package func time(of number: Int) -> Int64 { times[number] - (times.first ?? 0) }

  /// How long it takes from the first arrival to the last, in nanoseconds.
  package var length: Int64 { count == 0 ? 0 : time(of: count - 1) }

  /// Adds an arrival; false where it is earlier than the last one.
  package mutating func append(_ time: Int64) -> Bool {
    guard time >= times.last ?? 0 else { return false }
    times.append(time)
    return true
  }
}
