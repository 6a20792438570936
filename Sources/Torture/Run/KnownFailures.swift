package import Judging

/// Failures that somebody knows of, each with why: they do not fail a run, and one that no longer
/// fails does.
package struct KnownFailures: Sendable {
  /// One of them.
  package struct Entry: Hashable, Sendable {
    /// The ids of its cases.
    package var cases: CaseGlob
    /// The verdict that is known, on content or conduct.
    package var verdict: String
    /// Why it fails, for whoever reads the file.
    package var why: String
    /// The line on which it begins, from 1; 0 where it is not known.
    package var line: Int
  }

  /// The entries, in the order of the file.
  package let entries: [Entry]

  /// The most bytes of a file.
  package static let limitBytes = 4 << 20

  /// No known failures.
  package static let none = KnownFailures(entries: [])

  /// Whether a wrong result is known: each of its wrong verdicts has an entry.
  package func isKnown(_ result: CaseResult) -> Bool {
    result.wrongVerdicts.allSatisfy { verdict in
      entries.contains { $0.verdict == verdict && $0.covers(result) }
    }
  }

  /// The entries of which at least one case was run, and none fails any more.
  package func stale(after results: [CaseResult]) -> [Entry] {
    entries.filter { entry in
      let covered = results.filter(entry.covers)
      return !covered.isEmpty && !covered.contains { $0.wrongVerdicts.contains(entry.verdict) }
    }
  }

  /// The entries for which no case was run.
  package func unused(after results: [CaseResult]) -> [Entry] {
    entries.filter { entry in !results.contains(where: entry.covers) }
  }
}

extension KnownFailures.Entry {
  fileprivate func covers(_ result: CaseResult) -> Bool {
    cases.matches(result.id, cassette: result.cassette, exchange: result.exchange)
  }
}

extension CaseResult {
  /// The verdicts that say that the client did wrong.
  fileprivate var wrongVerdicts: [String] {
    (judgement.content.isWrong ? [judgement.content.rawValue] : [])
      + (judgement.conduct.isWrong ? [judgement.conduct.rawValue] : [])
  }
}

extension KnownFailures {
  /// Reads a list of `case`, `verdict` and `why`, in YAML or in JSON.
  ///
  /// - Throws: what is wrong with it, and where.
  package init(parsing bytes: [UInt8]) throws(KnownFailuresError) {
    guard bytes.count <= Self.limitBytes else {
      throw KnownFailuresError(line: 0, reason: "it has more than \(Self.limitBytes) bytes")
    }
    var entries: [Entry] = []
    for item in try KnownFailureList(bytes).items { entries.append(try Entry(item)) }
    self.init(entries: entries)
  }
}

extension KnownFailures.Entry {
  fileprivate init(_ item: KnownFailureList.Item) throws(KnownFailuresError) {
    for key in item.members.keys.sorted() where !["case", "verdict", "why"].contains(key) {
      throw KnownFailuresError(
        line: item.line, reason: "'\(key)' is not known: write case, verdict and why")
    }
    func member(_ name: String) throws(KnownFailuresError) -> String {
      guard let text = item.members[name], !text.isEmpty else {
        throw KnownFailuresError(
          line: item.line,
          reason: "'\(name)' is missing: each known failure has case, verdict and why")
      }
      return text
    }
    verdict = try member("verdict")
    let known =
      ContentVerdict.allCases.filter(\.isWrong).map(\.rawValue)
      + ConductVerdict.allCases.filter(\.isWrong).map(\.rawValue)
    guard known.contains(verdict) else {
      throw KnownFailuresError(
        line: item.line,
        reason:
          "'\(verdict)' is no verdict of a failure: write one of \(known.joined(separator: ", "))")
    }
    cases = CaseGlob(try member("case"))
    why = try member("why")
    line = item.line
  }
}

/// Why a file of known failures cannot be used.
package struct KnownFailuresError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The line, from 1; 0 where it is the whole file.
  package var line: Int
  /// What is wrong there.
  package var reason: String
  /// Both, in one sentence.
  package var description: String { line > 0 ? "line \(line): \(reason)" : reason }
}
