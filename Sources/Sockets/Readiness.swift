/// What became possible on a socket since it was last told of.
package struct Readiness: OptionSet {
  package let rawValue: UInt8

  /// Creates a set from its bits.
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// There is something to read, be it the end.
  package static let read = Readiness(rawValue: 1)
  /// The kernel takes more to send.
  package static let write = Readiness(rawValue: 2)
  /// The peer sends no more: what is there is followed by the end.
  package static let end = Readiness(rawValue: 4)
  /// Neither side can send any more, be it that both have ended or that the connection has failed.
  package static let hangUp = Readiness(rawValue: 8)
  /// The connection has failed.
  package static let failure = Readiness(rawValue: 16)
}
