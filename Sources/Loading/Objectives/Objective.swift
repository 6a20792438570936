package import Planning

/// One thing that a run has to hold: `ttft.p99<500ms`, `errors<1%`, `goodput>45/s`.
package struct Objective: Hashable, Sendable {
  /// What it is about.
  package let subject: ObjectiveSubject
  /// How that has to stand to the limit.
  package let relation: Relation
  /// The limit.
  package let limit: ExactDecimal
  /// In what the limit is written.
  package let unit: ObjectiveUnit

  /// Parses an objective.
  package init(parsing text: some StringProtocol) throws(DirectiveError) {
    let (name, relation, limit) = try Relation.split(
      Substring(text), form: "an objective like ttft.p99<500ms, errors<1% or goodput>45/s")
    subject = try ObjectiveSubject(parsing: name)
    self.relation = relation
    guard let (number, unit) = ObjectiveUnit.split(limit), subject.units.contains(unit) else {
      let forms = subject.units.map { "\(name)\(relation.rawValue)\($0.example)" }
      throw DirectiveError(
        "'\(limit)' is not a limit of \(name): write \(forms.joined(separator: " or "))")
    }
    self.limit = number
    self.unit = unit
  }

  /// The limit in nanoseconds; nil where it is no time.
  var limitNanoseconds: Int64? {
    guard case .latency = subject else { return nil }
    return Int64(exactly: (limit.double * unit.nanoseconds).rounded())
  }
}

extension Objective: CustomStringConvertible {
  /// The objective in the form that parses back to it.
  package var description: String {
    "\(subject.name)\(relation.rawValue)\(limit)\(unit.rawValue)"
  }
}
