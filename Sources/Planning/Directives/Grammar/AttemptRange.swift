/// The attempts, or the requests of a session, that a fault fires on: `1`, `1-2` or `3-`.
public struct AttemptRange: Hashable, Sendable {
  /// The first attempt, from 1.
  public var first: Int

  /// The last attempt, or nil for all from `first` on.
  public var last: Int?

  /// All attempts.
  public static let every = AttemptRange(first: 1, last: nil)

  /// Whether the fault fires on this attempt.
  public func contains(_ attempt: Int) -> Bool {
    attempt >= first && attempt <= last ?? .max
  }

  init(first: Int, last: Int?) {
    self.first = first
    self.last = last
  }

  /// Parses the value of a key, `on` or `nth`.
  init(parsing text: String, of key: String, _ what: String) throws(DirectiveError) {
    let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = try? Quantity.ordinal(parts[0]),
      parts.count == 1 || parts[1].isEmpty || (try? Quantity.ordinal(parts[1])) != nil
    else {
      throw DirectiveError(
        "\(key)='\(text)' does not name \(what)s: write one like \(key)=1, a range like \(key)=1-2, or "
          + "\(key)=3- for the third and all later ones")
    }
    guard parts.count == 2 else {
      self.init(first: first, last: first)
      return
    }
    let last = parts[1].isEmpty ? nil : try Quantity.ordinal(parts[1])
    guard last ?? first >= first else {
      throw DirectiveError("\(key)=\(text): the first \(what) comes after the last")
    }
    self.init(first: first, last: last)
  }
}

extension AttemptRange: CustomStringConvertible {
  /// The range in the form that parses back to it.
  public var description: String {
    guard let last else { return "\(first)-" }
    return first == last ? "\(first)" : "\(first)-\(last)"
  }
}
