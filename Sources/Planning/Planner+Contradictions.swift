public import Cassettes

extension Planner {
  /// Why some faults can never be had together, before any request is made.
  ///
  /// Whether places are reached depends on the recording, so two faults contradict each other where
  /// they do so on each one. Attempts, and requests of a session, are looked at where one fault
  /// more begins to fire: there are no other combinations.
  ///
  /// - Parameters:
  ///   - faults: The faults that every request gets.
  ///   - exchanges: The recordings, one or more.
  /// - Returns: An error that names two faults, or nil where they may go together.
  /// - Throws: where a fault is unknown or is asked for wrongly.
  public func contradiction(
    among faults: [FaultSpec], on exchanges: some Sequence<Exchange>
  ) throws(DirectiveError) -> DirectiveError? {
    for fault in faults { _ = try catalogue.fault(fault) }
    guard faults.count > 1 else { return nil }
    for attempt in Set(faults.map(\.attempts.first)).sorted() {
      for request in Set(faults.map(\.requests.first)).sorted() {
        var found: DirectiveError?
        for exchange in exchanges {
          let scene = FaultScene(exchange, PlanOptions(attempt: attempt, request: request))
          found = Composition.contradiction(among: faults, catalogue: catalogue, in: scene)
          if found == nil { break }
        }
        if let found { return found }
      }
    }
    return nil
  }
}

extension Composition {
  /// The contradiction of two faults that both fire; those that chance draws, or whose place is not
  /// there, contradict none.
  fileprivate static func contradiction(
    among specs: [FaultSpec], catalogue: FaultCatalogue, in scene: FaultScene
  ) -> DirectiveError? {
    let placed = specs.compactMap { spec -> PlacedFault? in
      guard spec.fires(onAttempt: scene.attempt, request: scene.request),
        let fault = try? catalogue.fault(spec),
        !(fault is ChaosFault),
        let place = (try? scene.resolve(spec.place, for: type(of: fault))) ?? nil
      else { return nil }
      return PlacedFault(spec: spec, fault: fault, place: place)
    }
    do {
      try Contradiction.check(placed, in: scene)
      return nil
    } catch {
      return error
    }
  }
}
