/// Why a request cannot be made at all: it says what was wrong with what was asked.
public struct RecordingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, in one sentence.
  public var reason: String

  /// Whether that is not what was asked, but what this machine lacks.
  public var isUnavailable: Bool

  /// Creates an error from its reason.
  public init(_ reason: String, isUnavailable: Bool = false) {
    self.reason = reason
    self.isUnavailable = isUnavailable
  }

  /// The reason.
  public var description: String { reason }
}
