internal import Cassettes
package import Judging

/// The page of a run: what goes wrong, a matrix of all cases, and each wrong case in full.
///
/// It is one file without any script. Of thousands of cases, those that are wrong are drawn, at
/// least some of each kind, and one right case of each fault; the others are lines of a table.
package struct TorturePage: Sendable {
  /// The most wrong cases that are drawn.
  package static let articleLimit = 200

  private let reports: [TortureReport]

  /// Creates the page of one run, or of several clients' runs.
  package init(_ reports: [TortureReport]) { self.reports = reports }

  /// The page's bytes.
  package var bytes: [UInt8] { Array(text.utf8) }

  /// The page.
  package var text: String {
    let entries = CaseEntry.list(reports)
    let clients = reports.map(\.client)
    let matrix = TortureMatrix(entries, clients: clients)
    let isOne = reports.count == 1
    let kinds = reports.enumerated().flatMap { run, report in
      FailureKinds(report).kinds.map { (run: run, kind: $0) }
    }.enumerated().sorted {
      ($1.element.kind.count, $0.offset) < ($0.element.kind.count, $1.offset)
    }.map(\.element)
    let wrong = WrongCases(entries.filter(\.result.judgement.isWrong), limit: Self.articleLimit)
    var fields = PageFields()
    fields.set("headline", text: headline)
    fields.set("clients", list: reports.map { Self.summary($0, isOne: isOne) })
    fields.set("hasKinds", flag: !kinds.isEmpty)
    fields.set("kinds", list: kinds.map { Self.fields($0.kind, run: $0.run, isOne, entries) })
    fields.set("legend", markup: matrix.legend)
    fields.set("several", flag: !isOne)
    fields.set("columns", text: isOne ? "3" : "4")
    fields.set("rows", list: matrix.rows)
    fields.set("hasWrong", flag: !wrong.isEmpty)
    if let note = wrong.note { fields.set("note", text: note) }
    fields.set("wrongCases", markup: wrong.markup)
    let rights = RightCases(entries.filter { !$0.result.judgement.isWrong })
    fields.set("hasRight", flag: !rights.isEmpty)
    fields.set("rights", list: rights.rows)
    fields.set("footer", text: "tapedeck \(reports.first?.version ?? "")")
    return PageTemplate.page(
      title: "\(headline): \(clients.joined(separator: ", "))",
      content: PageTemplate.part("torture", fields))
  }

  private var headline: String {
    let wrong = reports.reduce(0) { $0 + $1.wrong.count }
    guard reports.count == 1 else { return "\(reports.count) clients and broken streams" }
    switch wrong {
    case 0: return "Every case is handled correctly"
    case 1: return "One case is handled wrongly"
    default: return "\(wrong) cases are handled wrongly"
    }
  }

  private static func summary(_ report: TortureReport, isOne: Bool) -> PageFields {
    let wrong = report.wrong.count
    var facts = ["took \(report.took.short)"]
    if report.leftOut > 0 { facts.append("\(report.leftOut) left out for want of time") }
    var fields = PageFields()
    fields.set("client", text: report.client)
    fields.set("wrong", text: "\(wrong)")
    fields.set("tone", markup: wrong > 0 ? "w" : "r")
    fields.set("cases", text: "\(report.results.count)")
    fields.set("facts", text: facts.joined(separator: ", "))
    let families = Families(report.results)
    let shares = families.verdicts.map { verdict in
      (verdict, count: families.all.reduce(0) { $0 + $1.count(of: verdict) })
    }
    fields.set("shares", text: shares.map { "\($0.count) \($0.0)" }.joined(separator: ", "))
    fields.set(
      "bar",
      markup: shares.map { verdict, count in
        "<i class=\"\(VerdictMark(verdict).style)\" style=\"flex-grow:\(count)\" "
          + "title=\"\(count) \(verdict)\"></i>"
      }.joined())
    return fields
  }

  private static func fields(
    _ kind: FailureKinds.Kind, run: Int, _ isOne: Bool, _ entries: [CaseEntry]
  ) -> PageFields {
    let example = entries.first { $0.run == run && $0.result == kind.example }
    var fields = PageFields()
    fields.set("count", text: "\(kind.count)")
    fields.set("mark", markup: VerdictMark(kind.verdict).badge)
    fields.set("verdict", text: kind.verdict)
    if !isOne, let client = example?.client { fields.set("client", text: client, limit: 120) }
    fields.set("sentence", text: kind.sentence.prefix(1).uppercased() + kind.sentence.dropFirst())
    fields.set("anchor", markup: example?.anchor ?? "matrix")
    fields.set("reproduce", text: kind.example.reproduce, limit: 4000)
    return fields
  }
}
