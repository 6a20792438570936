package import Cassettes

/// What a user reads of the faults: the one source of `tapedeck faults`, the README's table and the
/// docs.
package struct FaultManual: Sendable {
  /// The page of one fault.
  package struct Page: Sendable {
    /// The fault's name.
    package var name: String

    /// Its kind, by which the order of application goes.
    package var kind: FaultKind

    /// The layer at which it acts.
    package var layer: FaultLayer

    /// How it is written.
    package var usage: String

    /// What it happens to, as a clause.
    package var takes: String

    /// What it does, in one sentence.
    package var summary: String

    /// A fault as a user would write it.
    package var example: String

    /// What a person sees of it.
    package var symptoms: [FaultSymptom]

    /// What a right client must do about the example, computed on a recording; nil where the
    /// example cannot apply to it.
    package var expectation: Plan.Expectation?
  }

  /// The pages, in the order of the catalogue.
  package var pages: [Page]

  /// Computes the manual of a catalogue on a recording.
  package init(_ catalogue: FaultCatalogue = .standard, on exchange: Exchange) {
    let planner = Planner(catalogue: catalogue)
    pages = catalogue.types.map { type in
      Page(
        name: type.name, kind: type.kind, layer: type.layer, usage: type.usage,
        takes: type.takes.summary,
        summary: type.summary, example: type.example, symptoms: type.symptoms,
        expectation: Self.expectation(type.example, planner, exchange))
    }
  }

  private static func expectation(
    _ example: String, _ planner: Planner, _ exchange: Exchange
  ) -> Plan.Expectation? {
    guard let spec = try? FaultSpec(parsing: example),
      let plan = try? planner.plan(exchange, PlanOptions(faults: [spec]))
    else { return nil }
    return plan.expectation(for: exchange)
  }
}

extension FaultPlace.Taking {
  /// What a fault happens to, as a clause.
  package var summary: String {
    switch self {
    case .point: "a point in the body, or the head; without a place, the middle of the body"
    case .bodyPoint: "a point in the body; without a place, its middle"
    case .event: "one event; without a place, the one in the middle of the body"
    case .events: "that event only; without a place, every one"
    case .rest: "from that place on; without a place, the whole body"
    case .nothing: "takes no place"
    }
  }
}
