/// The faults that there are.
public struct FaultCatalogue: Sendable {
  /// The types of the faults, in the order in which a catalogue lists them.
  public var types: [any Fault.Type]

  /// The faults that this version knows.
  public static let standard = FaultCatalogue(types: [])

  /// Creates a catalogue of its types.
  public init(types: [any Fault.Type]) {
    self.types = types
  }

  /// Makes the fault that was asked for.
  public func fault(_ spec: FaultSpec) throws(DirectiveError) -> any Fault {
    guard let type = types.first(where: { $0.name == spec.name }) else {
      let known = types.map { $0.name }.joined(separator: ", ")
      throw DirectiveError(
        "there is no fault '\(spec.name)'"
          + (known.isEmpty ? ": this version replays without faults" : ": there are \(known)"))
    }
    return try type.init(spec)
  }

  /// How many of the attempts before one the faults answer themselves, so that no recording was used.
  public func answeredAttempts(before attempt: Int, by specs: [FaultSpec]) -> Int {
    let ranges: [AttemptRange] = specs.filter { spec in
      types.contains { $0.name == spec.name && $0.generatesAnswer }
    }.map(\.attempts)
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
