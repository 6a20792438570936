/// Where a fault happens, resolved against the recording before any fault is applied.
package enum ResolvedPlace: Hashable, Sendable {
  /// It takes no place, or happens to the whole stream.
  case everywhere
  /// At the response head, on one side of it or at half its length.
  case head(FaultPlace.Side)
  /// At an offset of the recorded body; an `after` place stands behind the byte before it.
  case body(Int, after: Bool)
  /// To the event of that number, from 0.
  case event(Int)
}

extension FaultPlace {
  /// What a fault happens to.
  package enum Taking: Hashable, Sendable {
    /// A point in the body or at the head; without a place, the middle of the body.
    case point
    /// A point in the body; without a place, its middle.
    case bodyPoint
    /// One event; without a place, the one in the middle of the body.
    case event
    /// That event only; without a place, every one.
    case events
    /// From there to the end; without a place, the whole body.
    case rest
    /// Nothing: a place is an error.
    case nothing
  }

  /// Where it happens when no place is given.
  static let middle = FaultPlace(
    side: .before, target: .fraction(ExactDecimal(digits: 5, scale: 10)))

  /// Throws where faults of a type cannot take this place, whatever the recording is.
  func check(for type: any Fault.Type) throws(DirectiveError) {
    switch (type.takes, target) {
    case (.nothing, _):
      throw DirectiveError("\(type.name) takes no place: leave out @\(self)")
    case (.bodyPoint, .head), (.event, .head), (.events, .head), (.rest, .head):
      throw DirectiveError(
        "\(type.name)@\(self): \(type.name) happens in the body, not at the head")
    default: break
    }
  }
}
