import Judging
import Reports
import Torture

/// What a run comes to: what a person reads of it, and whether it failed.
struct TortureOutcome {
  private let report: TortureReport
  private let known: KnownFailures

  /// The wrong results that nobody knew of.
  let unexpected: [CaseResult]

  /// The known failures that no longer fail.
  private let stale: [KnownFailures.Entry]

  init(_ report: TortureReport, _ known: KnownFailures) {
    self.report = report
    self.known = known
    unexpected = report.wrong.filter { !known.isKnown($0) }
    stale = known.stale(after: report.results)
  }

  /// Whether the run is to fail.
  var isWrong: Bool { !unexpected.isEmpty || !stale.isEmpty }

  /// Why there is no verdict: a case could not be run at all, or none could be judged; nil where
  /// there is one.
  var harnessFlaw: String? {
    if let broken = report.results.first(where: { $0.judgement.content == .harnessError }) {
      return "\(broken.id) could not be run: \(broken.judgement.contentEvidence)"
    }
    guard let first = report.results.first else {
      return "no case was run: give a longer --budget"
    }
    guard report.results.allSatisfy({ $0.judgement.content == .unknown }),
      report.results.contains(where: { $0.attempts == 0 })
    else { return nil }
    return "no case could be judged: \(first.id): \(first.judgement.contentEvidence)"
  }

  /// Prints the matrix, each kind of failure once, and what was left out.
  func show(on terminal: Terminal) {
    matrix.write(on: terminal, to: Console.print)
    for kind in FailureKinds(unexpected).kinds {
      Console.print("")
      for line in terminal.wrapped(kind.line, indent: 2) {
        Console.print(terminal.styled(line, .red))
      }
      let example = kind.example
      for line in terminal.wrapped("  \(example.id): \(example.evidence)", indent: 4) {
        Console.print(line)
      }
      Console.print("  \(example.reproduce)")
    }
    Console.print("")
    for entry in stale {
      Console.print(
        terminal.styled(
          "known failure '\(entry.cases)' (\(entry.verdict)) no longer fails: take it out of the "
            + "file", .red))
    }
    for entry in known.unused(after: report.results) {
      Console.warn("known failure '\(entry.cases)' matches no case of this run")
    }
    Console.print(terminal.styled(summary, isWrong ? .red : .green))
  }

  /// One line: how many cases, how many of them wrong, how many left out.
  private var summary: String {
    let knownCount = report.wrong.count - unexpected.count
    var text = "\(TextForm.count(report.results.count, "case")): "
    text += unexpected.isEmpty ? "none wrong" : "\(TextForm.grouped(unexpected.count)) wrong"
    if knownCount > 0 { text += ", \(TextForm.grouped(knownCount)) known to fail" }
    let unknown = report.results.count { $0.judgement.content == .unknown }
    if unknown > 0 { text += ", \(TextForm.grouped(unknown)) that nobody can judge" }
    if report.leftOut > 0 { text += ", \(TextForm.grouped(report.leftOut)) left out" }
    let errors = report.results.count { $0.judgement.content == .harnessError }
    if errors > 0 { text += ", \(TextForm.grouped(errors)) that could not be run" }
    return text
  }

  private var matrix: Table {
    let families = Families(report.results)
    let verdicts = families.verdicts
    var table = Table(rightAligned: Set(1...max(1, verdicts.count)))
    table.headings = [""] + verdicts
    let wrong =
      Set(
        ContentVerdict.allCases.filter(\.isWrong).map(\.rawValue)
          + ConductVerdict.allCases.filter(\.isWrong).map(\.rawValue))
    table.rows = families.all.map { family in
      [.init(family.name, .bold)]
        + verdicts.map { verdict in
          let count = family.count(of: verdict)
          guard count > 0 else { return .init("·", .faint) }
          return .init(TextForm.grouped(count), wrong.contains(verdict) ? .red : .green)
        }
    }
    return table
  }
}
