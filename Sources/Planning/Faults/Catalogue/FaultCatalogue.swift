/// The faults that there are.
package struct FaultCatalogue: Sendable {
  /// The types of the faults, in the order in which a catalogue lists them.
  package var types: [any Fault.Type]

  /// Creates a catalogue of its types.
  package init(types: [any Fault.Type]) {
    self.types = types
  }

  /// Makes the fault that was asked for.
  ///
  /// - Throws: where there is none of that name, or it does not take what it was given.
  package func fault(_ spec: FaultSpec) throws(DirectiveError) -> any Fault {
    guard let type = types.first(where: { $0.name == spec.name }) else {
      throw unknown(spec)
    }
    var arguments = FaultArguments(spec)
    let fault: any Fault
    do { fault = try type.init(&arguments) } catch { throw error.naming(spec) }
    do { try arguments.end() } catch {
      let advice = Self.namesPlace(spec) ? "write a place after @, as in" : "it is written"
      throw DirectiveError("\(error.reason): \(advice) \(type.usage)")
    }
    try (fault as? ChaosFault)?.check(in: self)
    if let place = spec.place { try place.check(for: type) }
    return fault
  }

  /// Whether an argument was meant as a place: `reset:event:3` for `reset@event:3`.
  private static func namesPlace(_ spec: FaultSpec) -> Bool {
    (1...2).contains { count in
      let text = spec.arguments.suffix(count).joined(separator: ":")
      return spec.place == nil && (try? FaultPlace(parsing: text[...])) != nil
    }
  }

  /// How many of the attempts before one the faults answer themselves, so that no recording was
  /// used.
  ///
  /// - Parameters:
  ///   - attempt: The attempt.
  ///   - specs: The faults that were asked for.
  ///   - requests: Which of its session's requests each attempt was, as far as that is known: a
  ///     fault with `nth=` answers those only.
  /// - Returns: The count.
  package func answeredAttempts(
    before attempt: Int, by specs: [FaultSpec], requests: [Int] = []
  ) -> Int {
    let answers = specs.filter { (try? fault($0))?.effect == .answers }
    let always = answers.filter { $0.requests == .every }
    let known = zip(1..., requests.prefix(max(0, attempt - 1)))
    let counted = known.count { number, request in
      answers.contains { $0.fires(onAttempt: number, request: request) }
        && !always.contains { $0.attempts.contains(number) }
    }
    return counted + answeredAttempts(before: attempt, by: always.map(\.attempts))
  }

  private func answeredAttempts(before attempt: Int, by ranges: [AttemptRange]) -> Int {
    var answered = 0
    var next = 1
    for range in ranges.sorted(by: { $0.first < $1.first }) {
      let first = max(range.first, next)
      let end = min(attempt, (range.last ?? attempt) + 1)
      answered += max(0, end - first)
      next = max(next, end)
    }
    return answered
  }
}
