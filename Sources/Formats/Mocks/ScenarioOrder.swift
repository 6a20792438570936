/// Puts stubs that answer only in a state of a scenario into the order in which they answer.
enum ScenarioOrder {
  /// The part that a stub has in a scenario.
  struct Step {
    /// The scenario.
    var scenario: String
    /// The state in which it answers, or nil for any.
    var required: String?
    /// The state that follows, or nil where it stays.
    var next: String?
  }

  /// Sorts stubs: those of a scenario stand in its order, in the places that they had together.
  ///
  /// - Parameters:
  ///   - stubs: The stubs, in the order of the file.
  ///   - start: The state in which scenarios begin.
  ///   - step: The part of a stub in a scenario, or nil where it has none.
  /// - Returns: All stubs.
  static func sorted<Stub>(
    _ stubs: [Stub], from start: String, by step: (Stub) -> Step?
  ) -> [Stub] {
    let steps = stubs.map(step)
    var places: [String: [Int]] = [:]
    for (place, step) in steps.enumerated() {
      if let step { places[step.scenario, default: []].append(place) }
    }
    var sorted = stubs
    for taken in places.values {
      for (place, source) in zip(taken, order(of: taken, steps, from: start)) {
        sorted[place] = stubs[source]
      }
    }
    return sorted
  }

  private static func order(of places: [Int], _ steps: [Step?], from start: String) -> [Int] {
    var waiting: [String?: [Int]] = [:]
    for place in places.reversed() { waiting[steps[place]?.required, default: []].append(place) }
    var order: [Int] = []
    var state = start
    while let place = waiting[state]?.popLast() ?? waiting[nil]?.popLast() {
      order.append(place)
      state = steps[place]?.next ?? state
    }
    // What no state leads to stands behind the others.
    let reached = Set(order)
    return order + places.filter { !reached.contains($0) }
  }
}
