extension EditedContent {
  /// Changes one recorded event, or every one in which there is something to change.
  ///
  /// What was inserted has no number in the recording and stays as it is.
  ///
  /// - Parameters:
  ///   - place: The event, or everywhere.
  ///   - fault: The name of the fault, for the error.
  ///   - missing: What the event has none of where nothing changes, for the error.
  ///   - change: Is given the number of the event, from 1, and its bytes. Returns the bytes in
  ///     their place, or nil to leave them.
  /// - Throws: where the one event is not there any more, or has nothing to change.
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
    try rewrite { event, bytes in event.flatMap { change($0 + 1, bytes) } }
  }
}
