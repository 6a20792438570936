package import Judging

/// What a client does wrong, each kind of it once: the verdict, and the fault that shows it.
package struct FailureKinds: Hashable, Sendable {
  /// The wrong results of one verdict at one fault.
  package struct Kind: Hashable, Sendable {
    /// The verdict, as a report writes it: `silent-truncation`.
    package var verdict: String
    /// Whether it is a verdict on what the client did towards the server, not on the content.
    package var isConduct: Bool
    /// The fault's name, or the second part of the id where a case has no fault.
    package var fault: String
    /// How many cases show it.
    package var count: Int
    /// What the client does, and when: "takes a part of the answer for the whole when the body ends
    /// cleanly before the message does".
    package var sentence: String
    /// One of the cases: the first in which nothing else is wrong, or the first.
    package var example: CaseResult

    /// The sentence behind its number: "18 cases: takes ...".
    package var line: String { "\(count) \(count == 1 ? "case" : "cases"): \(sentence)" }
  }

  /// The kinds, those of which there are most first, and otherwise in the order of the results.
  package let kinds: [Kind]

  /// Groups the wrong results of a run.
  package init(_ report: TortureReport) { self.init(report.results) }

  /// Groups the wrong ones of some results.
  package init(_ results: [CaseResult]) {
    var kinds: [Kind] = []
    var places: [String: Int] = [:]
    for result in results {
      for (verdict, isConduct) in result.judgement.wrongVerdicts {
        let fault = result.faultName
        let key = "\(verdict) \(fault)"
        if let place = places[key] {
          kinds[place].count += 1
          if !kinds[place].example.showsOne, result.showsOne { kinds[place].example = result }
          continue
        }
        places[key] = kinds.count
        kinds.append(
          Kind(
            verdict: verdict, isConduct: isConduct, fault: fault, count: 1,
            sentence: Self.sentence(verdict, fault), example: result))
      }
    }
    self.kinds = kinds.enumerated().sorted { a, b in
      (b.element.count, a.offset) < (a.element.count, b.offset)
    }.map(\.element)
  }

  private static func sentence(_ verdict: String, _ fault: String) -> String {
    let clause = FaultWords.clause(of: fault).map { "when \($0)" } ?? "in the cases of \(fault)"
    return "\(VerdictWords.clause(of: verdict)) \(clause)"
  }
}

extension CaseResult {
  /// The fault that it is named after: the second part of its id, or where that is none, the first
  /// fault.
  package var faultName: String {
    let parts = id.utf8.prefix(200).split(separator: UInt8(ascii: "/"))
    let name = parts.count > 1 ? String(decoding: parts[1], as: UTF8.self) : id
    return fault.isEmpty || FaultWords.clause(of: name) != nil ? name : FaultWords.name(of: fault)
  }

  /// Whether one verdict alone is wrong.
  fileprivate var showsOne: Bool { judgement.wrongVerdicts.count == 1 }

  /// The one verdict that a reader sees first: the worse of the two.
  package var mainVerdict: String {
    !judgement.content.isWrong && judgement.conduct.isWrong
      ? judgement.conduct.rawValue : judgement.content.rawValue
  }

  /// What both verdicts rest on.
  package var evidence: String {
    [judgement.contentEvidence, judgement.conductEvidence].filter { !$0.isEmpty }
      .joined(separator: "; ")
  }

  /// How the client came to its end, in a few words.
  package var endWords: String {
    if let exit { return "exit \(exit)" }
    return judgement.content == .hang ? "it had not ended" : "it answered"
  }
}

extension Judgement {
  /// The verdicts that say that the client did wrong, and whether each is one on its conduct.
  fileprivate var wrongVerdicts: [(String, isConduct: Bool)] {
    (content.isWrong ? [(content.rawValue, false)] : [])
      + (conduct.isWrong ? [(conduct.rawValue, true)] : [])
  }
}
