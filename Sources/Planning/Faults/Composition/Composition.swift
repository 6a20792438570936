internal import Cassettes

/// The faults of one attempt: which fire, where, and that they go together.
struct Composition {
  /// The faults that fire, as they were written.
  private(set) var faults: [PlacedFault] = []

  /// What a person should know: which did not fire, and why.
  private(set) var notes: [String] = []

  /// Resolves what was asked for against a recording.
  ///
  /// - Throws: where a fault is unknown, is asked for wrongly, names a place that is not there, or
  ///   contradicts another.
  init(
    _ specs: [FaultSpec], catalogue: FaultCatalogue, in scene: FaultScene
  ) throws(DirectiveError) {
    for spec in specs {
      let fault = try catalogue.fault(spec)
      guard spec.fires(onAttempt: scene.attempt, request: scene.request) else { continue }
      if let chaos = fault as? ChaosFault {
        try draw(chaos, catalogue, in: scene)
        continue
      }
      try Self.check(fault, spec, on: scene.connection)
      guard let place = try scene.resolve(spec.place, for: type(of: fault)) else {
        guard !scene.demandsFaults else {
          throw DirectiveError(
            "\(spec): the recording is not an event stream, so it has no events: use a fault and a "
              + "place that every body has, like disconnect@byte:100")
        }
        notes.append("\(spec) did not fire: the recording is not an event stream")
        continue
      }
      faults.append(PlacedFault(spec: spec, fault: fault, place: place))
    }
    try reconcile(in: scene)
  }

  /// Throws where the client's connection has nothing that the fault could break.
  private static func check(
    _ fault: any Fault, _ spec: FaultSpec, on connection: ConnectionKind
  ) throws(DirectiveError) {
    guard !connection.layers.contains(fault.layer) else { return }
    let layers = FaultLayer.allCases.filter(connection.layers.contains).map(\.rawValue)
    throw DirectiveError(
      "\(spec) acts at the layer \(fault.layer.rawValue), which the client's connection does not "
        + "have: it speaks \(connection.name), so ask for a fault of the layer "
        + layers.joined(separator: " or "))
  }

  /// Leaves out what chance chose where it contradicts another fault.
  private mutating func reconcile(in scene: FaultScene) throws(DirectiveError) {
    while true {
      do throws(DirectiveError) {
        try Contradiction.check(faults, in: scene)
        return
      } catch {
        guard dropLastDrawn() else { throw error }
      }
    }
  }

  /// Adds what chaos draws, where it draws something that can happen here.
  private mutating func draw(
    _ chaos: ChaosFault, _ catalogue: FaultCatalogue, in scene: FaultScene
  ) throws(DirectiveError) {
    guard let spec = try chaos.draw(in: scene, catalogue) else { return }
    let fault = try catalogue.fault(spec)
    let resolved = try? scene.resolve(spec.place, for: type(of: fault), drawingFrom: scene.chaos)
    guard let place = resolved ?? nil, (try? Self.check(fault, spec, on: scene.connection)) != nil
    else { return }
    faults.append(PlacedFault(spec: spec, fault: fault, place: place, isDrawn: true))
  }

  /// Leaves out the last fault that chance chose; returns whether there was any.
  mutating func dropLastDrawn() -> Bool {
    guard let index = faults.lastIndex(where: \.isDrawn) else { return false }
    faults.remove(at: index)
    return true
  }

  /// The faults of a kind, as written.
  func faults(of kind: FaultKind) -> [PlacedFault] {
    faults.filter { type(of: $0.fault).kind == kind }
  }
}
