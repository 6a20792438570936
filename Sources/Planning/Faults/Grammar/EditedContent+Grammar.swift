extension EditedContent {
  /// Changes one event, or every one.
  ///
  /// - Parameters:
  ///   - place: The event, or everywhere.
  ///   - fault: The name of the fault, for the error.
  ///   - missing: What there is none of where nothing changes, for the error.
  ///   - change: Is given the number of the event, from 1, and its bytes; inserted ones have the number
  ///     of the event behind them. Returns the bytes in their place, or nil to leave them.
  /// - Throws: where the event is not there any more, or nothing changes.
  mutating func rewriteEvents(
    at place: ResolvedPlace, for fault: String, _ missing: String,
    _ change: (Int, [UInt8]) -> [UInt8]?
  ) throws(DirectiveError) {
    if case .event(let event) = place {
      guard let changed = change(event + 1, try bytes(ofEvent: event)) else {
        throw DirectiveError("\(fault): event \(event + 1) has \(missing)")
      }
      return try replace(event: event, with: changed)
    }
    let count = rewrite { event, bytes in event.flatMap { change($0 + 1, bytes) } }
    guard count > 0 else { throw DirectiveError("\(fault): the events have \(missing)") }
  }
}
