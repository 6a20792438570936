package import Cassettes
package import Planning
internal import Units

/// A time that is the same for all, or drawn for each: `2s`, `1s..4s`, `exp:2s`.
package enum DrawnTime: Hashable, Sendable {
  /// The same for all.
  case fixed(Microseconds)
  /// Any of a range, each as likely as the others.
  case range(Microseconds, Microseconds)
  /// Of the exponential distribution, by its mean.
  case exponential(Microseconds)

  /// Parses a time for a purpose, which an error names.
  package init(parsing text: some StringProtocol, for purpose: String) throws(DirectiveError) {
    if text.hasPrefix("exp:"), let mean = try? Quantity.duration(text.dropFirst(4)) {
      self = .exponential(mean)
    } else if let time = try? Quantity.duration(text) {
      self = .fixed(time)
    } else if let (least, most) = Self.range(text) {
      self = .range(least, most)
    } else {
      throw DirectiveError(
        "'\(text)' is not a \(purpose): write a time like 2s, a range like 1s..4s that one is drawn "
          + "from, or exp:2s for exponential times with that mean")
    }
  }

  private static func range(_ text: some StringProtocol) -> (Microseconds, Microseconds)? {
    for place in text.indices where text[place...].hasPrefix("..") {
      guard let least = try? Quantity.duration(text[..<place]),
        let most = try? Quantity.duration(text[place...].dropFirst(2)), least <= most
      else { continue }
      return (least, most)
    }
    return nil
  }

  /// The time of one, in nanoseconds.
  func nanoseconds(of place: Int, _ draws: Draws) -> Int64 {
    switch self {
    case .fixed(let time): return time.nanoseconds
    case .range(let least, let most):
      let steps = UInt64((most - least).nanoseconds) + 1
      return least.nanoseconds + Int64(draws.value(below: steps, at: place))
    case .exponential(let mean):
      let drawn = -PortableMath.logarithm(draws.fraction(at: place))
      return Int64(exactly: (drawn * Double(mean.nanoseconds)).rounded()) ?? .max
    }
  }
}

extension DrawnTime: CustomStringConvertible {
  /// The time in the form that parses back to it.
  package var description: String {
    switch self {
    case .fixed(let time): time.written
    case .range(let least, let most): "\(least.written)..\(most.written)"
    case .exponential(let mean): "exp:\(mean.written)"
    }
  }
}
