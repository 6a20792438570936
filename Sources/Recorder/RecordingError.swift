/// Why a request cannot be made at all: it says what was wrong with what was asked.
public struct RecordingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, in one sentence.
  public var reason: String

  /// Creates an error from its reason.
  public init(_ reason: String) { self.reason = reason }

  /// The reason.
  public var description: String { reason }
}
