package import Cassettes

extension Planner {
  /// An error about a fault with a correction that a recording takes: without the place where that
  /// is not there, or with no correction where nothing like it can be had.
  ///
  /// - Parameters:
  ///   - error: The error.
  ///   - exchange: The recording that the request is answered with.
  ///   - faults: All faults that the request asks for.
  /// - Returns: The same error with what the recording takes.
  package func fitting(
    _ error: DirectiveError, to exchange: Exchange, among faults: [FaultSpec]
  ) -> DirectiveError {
    guard let correction = error.correction, let meant = Self.fault(in: correction.meant),
      let found = Self.fault(in: correction.found)
    else { return error }
    var fitting = error
    let fit = Self.versions(of: meant).first { version in
      var options = PlanOptions(
        faults: faults.map { $0 == found ? version : $0 }, attempt: meant.attempts.first,
        request: meant.requests.first)
      options.demandsFaults = true
      return (try? plan(exchange, options)) != nil
    }
    fitting.correction = fit.map { .init(found: correction.found, meant: "fault=\($0)") }
    return fitting
  }

  private static func fault(in directive: String) -> FaultSpec? {
    guard directive.hasPrefix("fault=") else { return nil }
    return try? FaultSpec(parsing: String(directive.dropFirst("fault=".count)))
  }

  /// A fault as it is, and without what a recording may not have.
  private static func versions(of fault: FaultSpec) -> [FaultSpec] {
    guard fault.place != nil else { return [fault] }
    var placeless = fault
    placeless.place = nil
    return [fault, placeless]
  }
}
