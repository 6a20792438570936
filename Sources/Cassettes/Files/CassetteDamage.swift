/// What a recovering reader could not read.
public struct CassetteDamage: Hashable, Sendable {
  /// What was wrong.
  public var reason: String

  /// The line, from 1, at which reading stopped.
  public var line: Int

  /// The offset on disk from which on nothing, or not all, could be read: the beginning of the gzip
  /// member, or of the line in a plain file.
  public var byte: Int

  /// The text that was read and is in no whole line.
  public var rest: [UInt8]

  /// Whether the file only ends too early, as after a crash, with nothing wrong in what is there.
  public var isCut: Bool

  /// Creates a description of damage from its parts.
  public init(reason: String, line: Int, byte: Int, rest: [UInt8], isCut: Bool) {
    self.reason = reason
    self.line = line
    self.byte = byte
    self.rest = rest
    self.isCut = isCut
  }
}
