public import Cassettes

/// Turns an exchange and options into a plan: a pure function, with no clock and no socket.
///
/// ```
/// exchange ─▶ draft ─▶ content, grammar ─▶ pace ─▶ time, shape, cut, answer ─▶ wire bytes
/// ```
public struct Planner: Sendable {
  /// The faults that can be asked for.
  package var catalogue: FaultCatalogue

  /// The most bytes that go out in one plan, head and framing included.
  public var wireLimitBytes: Int

  /// Creates a planner.
  ///
  /// - Parameter wireLimitBytes: The most bytes that go out in one plan; 128 MiB unless told
  ///   otherwise.
  public init(wireLimitBytes: Int = PlanLimits.wireBytes) {
    self.init(catalogue: .standard, wireLimitBytes: wireLimitBytes)
  }

  /// Creates a planner with the faults that it knows.
  package init(catalogue: FaultCatalogue, wireLimitBytes: Int = PlanLimits.wireBytes) {
    self.catalogue = catalogue
    self.wireLimitBytes = wireLimitBytes
  }

  /// Plans one replay of an exchange.
  ///
  /// - Throws: where a fault is unknown, is asked for wrongly, cannot apply, or contradicts
  ///   another, and where more bytes would go out than the limit.
  public func plan(
    _ exchange: Exchange, _ options: PlanOptions = .init()
  ) throws(DirectiveError) -> Plan {
    guard options.faults.count <= PlanLimits.faults else {
      throw DirectiveError(
        "\(options.faults.count) faults are asked for: \(PlanLimits.faults) are the most")
    }
    try checkSize(exchange, options)
    guard !options.faults.isEmpty else {
      var draft = Draft(exchange)
      draft.schedule(options, chance: Chance(options, exchange))
      return try finish(draft, exchange, options) { _, _ in [] }
    }
    let scene = FaultScene(exchange, options)
    guard scene.events.count <= PlanLimits.events else {
      throw DirectiveError(
        "the recording has \(scene.events.count) events: faults take \(PlanLimits.events) at the most"
      )
    }
    var composition = try Composition(options.faults, catalogue: catalogue, in: scene)
    while true {
      do throws(DirectiveError) {
        return try plan(composition, in: scene, options)
      } catch {
        // What chance drew and cannot apply fires nothing; what was asked for by name is an error.
        guard composition.dropLastDrawn() else { throw error }
      }
    }
  }

  private func plan(
    _ composition: Composition, in scene: FaultScene, _ options: PlanOptions
  ) throws(DirectiveError) -> Plan {
    var draft = Draft(scene.exchange, events: scene.events, limitBytes: wireLimitBytes)
    draft.notes += composition.notes
    for kind in FaultKind.allCases {
      if kind == .time {
        draft.settle()
        draft.schedule(options, chance: scene.chance)
      }
      for placed in composition.faults(of: kind) {
        do throws(DirectiveError) {
          try placed.fault.apply(to: &draft, at: placed.place, in: scene)
        } catch {
          throw error.naming(placed.spec)
        }
      }
    }
    return try finish(draft, scene.exchange, options) { draft, rendering in
      let wire = WireOffsets(rendering)
      return composition.faults.map { $0.fired(in: scene, of: draft, wire) }
    }
  }

  /// Refuses what is too much by its arguments alone, before the recording is looked at.
  private func checkSize(_ exchange: Exchange, _ options: PlanOptions) throws(DirectiveError) {
    var bytes = exchange.body.count
    for spec in options.faults where options.fires(spec) {
      bytes += try catalogue.fault(spec).addedBytes
    }
    try PlanLimits.check(wireBytes: bytes, limit: wireLimitBytes)
  }

  private func finish(
    _ draft: Draft, _ exchange: Exchange, _ options: PlanOptions,
    fired: (Draft, Rendering) -> [FiredFault]
  ) throws(DirectiveError) -> Plan {
    var draft = draft
    draft.prefixLocation(with: options.client.prefix)
    if let origin = options.client.origin { draft.allow(origin: origin) }
    try PlanLimits.check(wireBytes: draft.wireBytes(), limit: wireLimitBytes)
    let rendering = draft.rendered(for: options.client)
    return Plan(
      exchangeID: exchange.request.id, attempt: options.attempt, seed: options.seed,
      status: draft.visibleStatus, firedFaults: fired(draft, rendering),
      actions: rendering.actions, wire: rendering.wire, ending: draft.ending,
      closesConnection: rendering.closes, notes: draft.notes)
  }
}
