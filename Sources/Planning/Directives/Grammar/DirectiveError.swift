/// Why a directive, a pace or a fault was not understood.
///
/// The description is one sentence: what was found, what was expected.
public struct DirectiveError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was wrong and what to write instead.
  public var reason: String

  /// Where it stood, like `path segment 1` or `header tapedeck`, or "".
  public var place: String

  /// What was meant, where that can be told.
  package var correction: Correction?

  /// What was written and what was meant: directives like `fault=reset`, or segments of a path.
  package struct Correction: Hashable, Sendable {
    package var found: String
    package var meant: String
  }

  /// Creates an error from a reason and a place.
  public init(_ reason: String, place: String = "") {
    self.reason = Self.shortened(reason)
    self.place = Self.shortened(place)
  }

  /// One sentence, with the place in front.
  public var description: String { place.isEmpty ? reason : "\(place): \(reason)" }

  /// The text without its middle where it is long: what a client sends wrongly must not come back
  /// whole.
  private static func shortened(_ text: String) -> String {
    text.utf8.count > 1000 ? "\(text.prefix(300)) … \(text.suffix(300))" : text
  }

  /// The same error, at a place.
  func at(_ place: String) -> DirectiveError {
    var error = self
    error.place = Self.shortened(self.place.isEmpty ? place : "\(place), \(self.place)")
    return error
  }

  /// The same error, naming the fault that it is about where it does not begin with its name.
  func naming(_ fault: FaultSpec) -> DirectiveError {
    reason.hasPrefix(fault.name) ? self : at("fault '\(fault)'")
  }
}
