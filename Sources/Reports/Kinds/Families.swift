package import Judging

/// Results by the family of their cases, in the order in which the families first come.
package struct Families: Sendable {
  /// The results of one family.
  package struct Family: Sendable {
    /// The first part of the cases' ids: `cut`.
    package var name: String
    /// The results, in order.
    package var results: [CaseResult]

    /// How many results have a verdict as the one that a reader sees first.
    package func count(of verdict: String) -> Int {
      results.reduce(0) { $0 + ($1.mainVerdict == verdict ? 1 : 0) }
    }
  }

  /// The families.
  package let all: [Family]

  /// Groups some results.
  package init(_ results: [CaseResult]) {
    var families: [Family] = []
    var places: [String: Int] = [:]
    for result in results {
      let name = result.family
      if let place = places[name] {
        families[place].results.append(result)
      } else {
        places[name] = families.count
        families.append(Family(name: name, results: [result]))
      }
    }
    all = families
  }

  /// The verdicts that occur, right ones first, as columns of a matrix.
  package var verdicts: [String] {
    let occurring = Set(all.flatMap { $0.results.map(\.mainVerdict) })
    let order =
      ContentVerdict.allCases.filter { !$0.isWrong }.map(\.rawValue)
      + ContentVerdict.allCases.filter(\.isWrong).map(\.rawValue)
      + ConductVerdict.allCases.filter(\.isWrong).map(\.rawValue)
    return order.filter(occurring.contains)
  }
}
