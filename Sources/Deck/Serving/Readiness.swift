/// What became possible on a socket since it was last told of.
struct Readiness: OptionSet {
  let rawValue: UInt8
  /// There is something to read, be it the end.
  static let read = Readiness(rawValue: 1)
  /// The kernel takes more to send.
  static let write = Readiness(rawValue: 2)
  /// The peer sends no more: what is there is followed by the end.
  static let end = Readiness(rawValue: 4)
  /// Neither side can send any more, be it that both have ended or that the connection has failed.
  static let hangUp = Readiness(rawValue: 8)
  /// The connection has failed.
  static let failure = Readiness(rawValue: 16)
}
