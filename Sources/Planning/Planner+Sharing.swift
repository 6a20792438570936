extension Planner {
  /// Which requests can have the same plan, as far as chance goes.
  package enum Chanciness: Hashable, Sendable {
    /// All: nothing is drawn.
    case none
    /// Those of the same seed, session and attempt.
    case session
    /// This one alone: what is drawn depends on its ordinal.
    case request
  }

  /// How far a plan with these options depends on chance.
  package func chanciness(of options: PlanOptions) -> Chanciness {
    var chanciness = options.pace.drawsChance ? Chanciness.session : .none
    for spec in options.faults where options.fires(spec) {
      if options.session.isEmpty, spec.name == ChaosFault.name { return .request }
      if spec.isAtRandom || (try? catalogue.fault(spec))?.drawsChance ?? true {
        chanciness = .session
      }
    }
    return chanciness
  }

  /// The options without what a plan cannot depend on: two requests for one exchange whose shared
  /// options are equal have the same wire bytes and times.
  ///
  /// - Returns: nil where no other request can have the same plan.
  package func shared(_ options: PlanOptions) -> PlanOptions? {
    let chanciness = chanciness(of: options)
    guard chanciness != .request else { return nil }
    var shared = options
    shared.ordinal = 1
    // The others change nothing on this attempt of this request.
    shared.faults.removeAll { !options.fires($0) }
    shared.request = 1
    guard chanciness == .none else { return shared }
    shared.session = ""
    shared.attempt = 1
    shared.seed = 0
    return shared
  }
}

extension FaultSpec {
  /// Whether its place is drawn.
  fileprivate var isAtRandom: Bool {
    switch place?.target {
    case .random, .randomEvent: true
    default: false
    }
  }
}
