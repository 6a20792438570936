public import Cassettes

/// Turns an exchange and options into a plan: a pure function, with no clock and no socket.
///
/// ```
/// exchange ─▶ draft ─▶ content, grammar ─▶ pace ─▶ time, shape, cut, answer ─▶ wire bytes
/// ```
public struct Planner: Sendable {
  /// The faults that can be asked for.
  public var catalogue: FaultCatalogue

  /// Creates a planner with the faults that it knows.
  public init(catalogue: FaultCatalogue = .standard) {
    self.catalogue = catalogue
  }

  /// Plans one replay of an exchange.
  ///
  /// - Throws: where a fault is unknown, is asked for wrongly or cannot apply.
  public func plan(
    _ exchange: Exchange, _ options: PlanOptions = .init()
  ) throws(DirectiveError) -> Plan {
    let chance = Chance(
      seed: options.seed, session: options.session, exchangeID: exchange.request.id,
      attempt: options.attempt)
    let scene = FaultScene(exchange: exchange, chance: chance, attempt: options.attempt)
    var draft = Draft(exchange)
    var faults: [any Fault] = []
    var fired: [String] = []
    for spec in options.faults {
      let fault = try catalogue.fault(spec)
      guard spec.attempts.contains(options.attempt) else { continue }
      faults.append(fault)
      fired.append(spec.description)
    }
    for kind in FaultKind.allCases {
      if kind == .time { draft.schedule(options, chance: chance) }
      for fault in faults where type(of: fault).kind == kind {
        try fault.apply(to: &draft, in: scene)
      }
    }
    return finish(draft, exchange, options, fired)
  }

  private func finish(
    _ draft: Draft, _ exchange: Exchange, _ options: PlanOptions, _ fired: [String]
  ) -> Plan {
    var draft = draft
    draft.prefixLocation(with: options.client.prefix)
    if let origin = options.client.origin { draft.allow(origin: origin) }
    let rendering = draft.rendered(for: options.client)
    return Plan(
      exchangeID: exchange.request.id, attempt: options.attempt, seed: options.seed,
      status: draft.status, faults: fired, actions: rendering.actions, wire: rendering.wire,
      ending: draft.ending, closesConnection: rendering.closes, notes: draft.notes)
  }
}
