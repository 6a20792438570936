internal import Cassettes
internal import Judging
internal import Planning

/// A result on a page: whose it is, and where it stands.
struct CaseEntry {
  /// The client's name, where the page has several.
  var client: String?
  /// Which of the page's runs it belongs to.
  var run: Int
  /// The result.
  var result: CaseResult
  /// Its place among all results of the page.
  var number: Int

  /// The name by which links find it.
  var anchor: String { "c\(number)" }

  /// The fault's row of the matrix: the first two parts of the id.
  let row: String

  /// The place within the row: the rest of the id.
  let place: String

  /// Its order within the row: by what stands before the place, then as the stream goes.
  var rank: (String, String, Int, Int) {
    let parts = place.utf8.split(separator: UInt8(ascii: "/"))
    let last = parts.last.map { String(decoding: $0, as: UTF8.self) } ?? ""
    let front = place.dropLast(last.count)
    let digits = last.utf8.reversed().prefix { (0x30...0x39).contains($0) }.count
    let number = Int(last.suffix(digits)) ?? (last == "head" ? 0 : .max)
    return (result.cassette, String(front), number, number == .max ? 0 : last.utf8.count)
  }

  /// What makes it the same case for several clients.
  var key: String { "\(result.cassette) \(result.exchange) \(result.id)" }

  init(client: String?, run: Int, result: CaseResult, number: Int) {
    self.client = client
    self.run = run
    self.result = result
    self.number = number
    // Ids are short; what claims to be one need not be.
    let parts = result.id.utf8.prefix(200).split(separator: UInt8(ascii: "/"), maxSplits: 2)
    let texts = parts.map { String(decoding: $0, as: UTF8.self) }
    row = texts.prefix(2).joined(separator: "/")
    place = texts.count > 2 ? texts[2] : ""
  }

  /// The results of some runs, in order.
  static func list(_ reports: [TortureReport]) -> [CaseEntry] {
    var entries: [CaseEntry] = []
    for (run, report) in reports.enumerated() {
      for result in report.results {
        entries.append(
          CaseEntry(
            client: reports.count > 1 ? report.client : nil, run: run, result: result,
            number: entries.count + 1))
      }
    }
    return entries
  }

  /// Its verdicts as badges: the content's, and the conduct's where that says something.
  var badges: String {
    let conduct = result.judgement.conduct
    return VerdictMark(result.judgement.content.rawValue).badge
      + (conduct == .ok ? "" : " " + VerdictMark(conduct.rawValue).badge)
  }

  /// A line of a table.
  var line: PageFields {
    var fields = PageFields()
    fields.set("anchor", markup: anchor)
    fields.set("mark", markup: VerdictMark(result.mainVerdict).badge)
    fields.set("id", text: (client.map { "\($0): " } ?? "") + result.id, limit: 160)
    fields.set("evidence", text: result.evidence, limit: 240)
    return fields
  }

  /// All of it as markup, with its picture.
  var article: String { article(isAnchor: true) }

  /// The same without a name for links, where the case stands elsewhere too.
  var example: String { article(isAnchor: false) }

  private func article(isAnchor: Bool) -> String {
    var fields = PageFields()
    if isAnchor { fields.set("anchor", markup: anchor) }
    fields.set("marks", markup: badges)
    fields.set("title", text: result.title, limit: 200)
    fields.set("id", text: result.id, limit: 200)
    if let client { fields.set("client", text: client, limit: 200) }
    fields.set("evidence", text: Self.sentence(result.evidence), limit: 600)
    if !result.timeline.lanes.isEmpty {
      fields.set("picture", markup: CasePicture(result).svg)
    }
    fields.set("facts", list: facts)
    let lane = result.timeline.lanes.first { !$0.excerpt.isEmpty }
    if let lane {
      let hex = HexExcerpt(
        lane.excerpt, place: lane.excerptPlace, offset: lane.faults.first?.byte.map { $0 &- 1 })
      fields.set("bytes", markup: hex.markup)
    }
    fields.set("reproduce", text: result.reproduce, limit: 4000)
    return PageTemplate.part("case", fields)
  }

  /// A clause with a capital and a full stop.
  private static func sentence(_ clause: String) -> String {
    guard let first = clause.first, let last = clause.last else { return "" }
    return first.uppercased() + clause.dropFirst() + (".!?".contains(last) ? "" : ".")
  }

  private var facts: [PageFields] {
    let judgement = result.judgement
    let conduct = judgement.conduct == .ok ? "" : ", \(judgement.conduct.rawValue)"
    let facts = [
      ("verdict", judgement.content.rawValue + conduct), ("fault", result.fault),
      ("expectation", "\(result.expect.rawValue): \(result.expectation)"),
      ("it rests on", result.clause),
      ("cassette", "\(result.cassette), exchange \(result.exchange)"),
      ("requests", "\(result.attempts)"),
      ("the client", result.endWords),
    ]
    return facts.filter { !$0.1.isEmpty }.map { name, value in
      var fields = PageFields()
      fields.set("name", markup: name)
      fields.set("value", text: value)
      return fields
    }
  }
}
