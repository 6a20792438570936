internal import Cassettes
package import Planning

/// A case before anything has been planned: cheap to make, so that cases can be chosen among many.
package struct CaseOutline: Hashable, Sendable {
  /// What never changes: `cut/disconnect/event-12`.
  package let id: String

  /// The family, the fault and the variant, which cases at different places share.
  package let kind: String

  /// The case in plain words.
  package let title: String

  /// What the expectation rests on.
  package let clause: String

  /// The faults, as they are written.
  let directives: [String]

  /// Why a client may report or try again on an attempt that brings the whole answer.
  let excuse: String?

  /// The faults, or nil where one of them is none.
  package var faults: [FaultSpec]? {
    var specs: [FaultSpec] = []
    for directive in directives {
      guard let spec = try? FaultSpec(parsing: directive) else { return nil }
      specs.append(spec)
    }
    return specs
  }
}

extension CaseScene {
  /// The outlines of all cases of a table.
  ///
  /// - Parameters:
  ///   - table: The kinds of cases.
  ///   - places: Which places they have.
  ///   - isChosen: Whether a case of an id is wanted.
  /// - Returns: The outlines, each id once, in an order that does not change.
  func outlines(
    of table: CaseTable, _ places: CasePlaces, where isChosen: (String) -> Bool
  ) -> [CaseOutline] {
    var outlines: [CaseOutline] = []
    // An error of the API, and what is no answer, can only be had as it was recorded.
    let kinds = isAnswered ? table.kinds : table.kinds.filter { $0.id == CaseTable.plainID }
    for kind in kinds.map({ $0.trickling(at: trickleRate) }) where has(kind.need) {
      for place in self.places(of: kind, places) {
        let id = place.map { "\(kind.id)/\($0.id)" } ?? kind.id
        guard isChosen(id) else { continue }
        outlines.append(
          CaseOutline(
            id: id, kind: kind.id, title: kind.title(at: place), clause: kind.clause,
            directives: kind.faults(at: place), excuse: kind.excuse))
        guard outlines.count < CaseCatalogue.caseLimit else { return outlines }
      }
    }
    return outlines
  }

  /// The rate, in bytes a second, at which the body takes about half a second.
  private var trickleRate: Int { max(10, body.count * 2) }

  private func has(_ need: CaseKind.Need) -> Bool {
    switch need {
    case .anything: true
    case .eventStream: !blocks.isEmpty
    case .multibyteCharacters: !characters.isEmpty
    }
  }

  private func places(of kind: CaseKind, _ places: CasePlaces) -> [CasePlace?] {
    switch kind.takes {
    case .nothing: [nil]
    case .points(let spread, let head, let end):
      points(spread, all: places == .all, head: head, end: end)
    case .events(let spread): events(spread, all: places == .all)
    }
  }
}
