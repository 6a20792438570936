public import Cassettes

/// Turns an exchange and options into a plan: a pure function, with no clock and no socket.
///
/// ```
/// exchange ─▶ draft ─▶ content, grammar ─▶ pace ─▶ time, shape, cut, answer
///                                             message ─▶ encoder ─▶ wire bytes
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

  /// Plans one replay of an exchange, as the wire bytes of the client's connection.
  ///
  /// - Throws: where a fault is unknown, is asked for wrongly, cannot apply, or contradicts
  ///   another, and where more bytes would go out than the limit.
  public func plan(
    _ exchange: Exchange, _ options: PlanOptions = .init()
  ) throws(DirectiveError) -> Plan {
    HTTP1Encoder(for: options.client).plan(try message(exchange, options))
  }

  /// Plans one replay of a recording that was read before.
  ///
  /// - Throws: what `plan` throws.
  package func plan(
    of recorded: RecordedAnswer, _ options: PlanOptions = .init()
  ) throws(DirectiveError) -> Plan {
    HTTP1Encoder(for: options.client).plan(
      try message(recorded.exchange, options, recorded.events))
  }

  /// Plans one replay of an exchange, as a message that no protocol has made bytes of.
  ///
  /// - Throws: what `plan` throws.
  package func message(
    _ exchange: Exchange, _ options: PlanOptions = .init(), _ read: RecordedEvents? = nil
  ) throws(DirectiveError) -> PlannedMessage {
    guard options.faults.count <= PlanLimits.faults else {
      throw DirectiveError(
        "\(options.faults.count) faults are given: the limit is \(PlanLimits.faults)")
    }
    if case .like(let name) = options.pace.kind, options.samples == nil {
      throw DirectiveError("pace like:\(name) needs the times of that cassette, and has none")
    }
    try checkSize(exchange, options)
    guard !options.faults.isEmpty else {
      var draft = Draft(exchange)
      draft.schedule(options, chance: Chance(options, exchange))
      return try finished(draft, exchange, options)
    }
    let scene = FaultScene(exchange, options, read)
    guard scene.events.count <= PlanLimits.events else {
      throw DirectiveError(
        "the recording has \(scene.events.count) events: faults work on at most \(PlanLimits.events)"
      )
    }
    var composition = try Composition(options.faults, catalogue: catalogue, in: scene)
    while true {
      do throws(DirectiveError) {
        return try message(composition, in: scene, options)
      } catch {
        // What chance drew and cannot apply fires nothing; what was asked for by name is an error.
        guard composition.dropLastDrawn() else { throw error }
      }
    }
  }

  private func message(
    _ composition: Composition, in scene: FaultScene, _ options: PlanOptions
  ) throws(DirectiveError) -> PlannedMessage {
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
    var planned = try finished(draft, scene.exchange, options)
    planned.faults = composition.faults.map { $0.planned(in: scene, of: draft) }
    return planned
  }

  /// Refuses what is too much by its arguments alone, before the recording is looked at.
  private func checkSize(_ exchange: Exchange, _ options: PlanOptions) throws(DirectiveError) {
    var bytes = exchange.body.count
    for spec in options.faults where options.fires(spec) {
      bytes += try catalogue.fault(spec).addedBytes
    }
    try PlanLimits.check(wireBytes: bytes, limit: wireLimitBytes)
  }

  /// The draft as what is planned for a client.
  private func finished(
    _ draft: Draft, _ exchange: Exchange, _ options: PlanOptions
  ) throws(DirectiveError) -> PlannedMessage {
    // No other protocol needs more bytes for the same message.
    let wireBytes = HTTP1Encoder.wireBytes(of: draft.message)
    try PlanLimits.check(wireBytes: wireBytes, limit: wireLimitBytes)
    var message = draft.message
    message.prefixLocation(with: options.client.prefix)
    if let origin = options.client.origin { message.allow(origin: origin) }
    return PlannedMessage(
      exchangeID: exchange.request.id, attempt: options.attempt, seed: options.seed,
      message: message, notes: draft.notes)
  }
}
