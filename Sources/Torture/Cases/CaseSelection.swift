package import Planning

/// Which of the cases a run is for.
package struct CaseSelection: Hashable, Sendable {
  /// Those that one of these matches, or all where there is none.
  package var only: [CaseGlob]

  /// But for those that one of these matches.
  package var excluding: [CaseGlob]

  /// And of these only those of which a client can know as much on its first attempt; all where it
  /// is empty.
  package var classes: Set<Plan.Expectation.Outcome>

  /// Creates a selection; without arguments, of all cases.
  package init(
    only: [CaseGlob] = [], excluding: [CaseGlob] = [],
    classes: Set<Plan.Expectation.Outcome> = []
  ) {
    self.only = only
    self.excluding = excluding
    self.classes = classes
  }

  /// Whether the patterns choose a case of an id.
  package func chooses(_ id: String, cassette: String, exchange: Int = 1) -> Bool {
    let matches = { (glob: CaseGlob) in
      glob.matches(id, cassette: cassette, exchange: exchange)
    }
    return (only.isEmpty || only.contains(where: matches)) && !excluding.contains(where: matches)
  }

  /// Whether the classes choose a case.
  package func chooses(_ torture: TortureCase) -> Bool {
    classes.isEmpty || classes.contains(torture.expect)
  }
}

extension CaseCatalogue {
  /// The cases of several recordings that a selection chooses.
  ///
  /// - Parameters:
  ///   - recordings: The recordings.
  ///   - selection: Which of their cases.
  /// - Returns: The cases, by recording, in an order that does not change.
  /// - Throws: where a pattern matches no case at all, or nothing is left.
  package func cases(
    of recordings: [CaseRecording], choosing selection: CaseSelection
  ) throws(CaseSelectionError) -> [TortureCase] {
    var unmatched = selection.only + selection.excluding
    var seen: [String] = []
    var cases: [TortureCase] = []
    for recording in recordings {
      let chosen = outlines(of: recording) { id in
        unmatched.removeAll {
          $0.matches(id, cassette: recording.cassette, exchange: recording.number)
        }
        if seen.count < CaseSelectionError.nameLimit { seen.append(id) }
        return selection.chooses(
          id, cassette: recording.cassette, exchange: recording.number)
      }
      cases += chosen.concurrentCompactMap(recording.planned).filter(selection.chooses)
    }
    if let glob = unmatched.first { throw .matchesNothing(glob, among: seen) }
    guard !cases.isEmpty else { throw .nothingLeft }
    return cases
  }
}

/// Why a selection cannot be had.
package enum CaseSelectionError: Error, Hashable, Sendable {
  /// A pattern matches no case.
  case matchesNothing(CaseGlob, among: [String])
  /// All patterns match, and together they leave nothing.
  case nothingLeft

  /// How many ids are looked at for one that was meant.
  static let nameLimit = 2000

  /// How many ids an error lists.
  private static let listed = 3
}

extension CaseSelectionError: CustomStringConvertible {
  /// The error in one line: what was expected, what was found, what to do.
  package var description: String {
    switch self {
    case .nothingLeft:
      "no case is left: the patterns and classes exclude each other; see them with --list"
    case .matchesNothing(let glob, let ids):
      "no case matches '\(glob)'; \(Self.advice(on: glob, ids))"
    }
  }

  private static func advice(on glob: CaseGlob, _ ids: [String]) -> String {
    let nearest =
      ids.enumerated()
      .map { (Spelling.distance(glob.pattern.lowercased(), $1), $0, $1) }
      .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
      .prefix(listed).map(\.2)
    guard !nearest.isEmpty else { return "there is none" }
    return "the nearest are \(nearest.joined(separator: ", ")); see all with --list"
  }
}
