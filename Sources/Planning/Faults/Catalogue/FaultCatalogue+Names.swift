extension FaultCatalogue {
  /// How many faults an error proposes.
  private static let proposals = 3

  /// What to say to a fault that there is not: the nearest ones, and how to find the others.
  func unknown(_ spec: FaultSpec) -> DirectiveError {
    let names = types.map { $0.name }
    let name = spec.name.replacing("_", with: "-")
    let proposed = proposals(for: name)
    guard let first = proposed.first else {
      return DirectiveError(
        "there is no fault '\(spec.name)': there are \(names.joined(separator: ", "))")
    }
    let list = proposed.map { $0.title.isEmpty ? $0.fault : "\($0.fault) (\($0.title))" }
    let page = first.title.isEmpty ? first.name : "--for \(name)"
    var error = DirectiveError(
      "there is no fault '\(spec.name)': did you mean \(list.joined(separator: " or "))? "
        + "'tapedeck faults \(page)' says more")
    error.correction = .init(
      found: "fault=\(spec)", meant: "fault=\(Self.keeping(spec, in: first.fault, types))")
    return error
  }

  /// The faults that a name may stand for, by symptom or by spelling.
  private func proposals(for name: String) -> [FaultSymptom] {
    let names = types.map { $0.name }
    // A name in the wrong case, or with a letter wrong, is a fault that was known by its name.
    if let meant = Spelling.nearest(to: name, among: names),
      Spelling.distance(name.lowercased(), meant) <= 1
    {
      return [FaultSymptom("", example(of: meant), [])]
    }
    let symptoms = symptoms(of: name)
    if !symptoms.isEmpty { return Array(symptoms.prefix(Self.proposals)) }
    let words = self.symptoms.flatMap(\.words)
    if let meant = Spelling.nearest(to: name, among: names + words) {
      return names.contains(meant)
        ? [FaultSymptom("", example(of: meant), [])]
        : Array(self.symptoms(of: meant).prefix(Self.proposals))
    }
    return []
  }

  private func example(of name: String) -> String {
    types.first { $0.name == name }.map { $0.example } ?? name
  }

  /// A proposed fault at the place and on the attempts that were asked for, where it takes them.
  private static func keeping(
    _ asked: FaultSpec, in proposed: String, _ types: [any Fault.Type]
  ) -> String {
    guard var spec = try? FaultSpec(parsing: proposed) else { return proposed }
    if let place = asked.place, let type = types.first(where: { $0.name == spec.name }),
      (try? place.check(for: type)) != nil
    {
      spec.place = place
    }
    if asked.attempts != .every { spec.attempts = asked.attempts }
    if asked.requests != .every { spec.requests = asked.requests }
    return "\(spec)"
  }
}
