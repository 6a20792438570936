internal import Judging

/// The wrong cases of a page: as many in full as there is room for, some of each kind, and the
/// others as lines.
struct WrongCases {
  private let full: [CaseEntry]
  private let lines: [CaseEntry]

  /// - Parameters:
  ///   - entries: The wrong cases, in order.
  ///   - limit: How many stand there in full.
  init(_ entries: [CaseEntry], limit: Int) {
    var turns: [String: Int] = [:]
    // Each kind has its first before any has its second.
    let ranked = entries.map { entry -> (turn: Int, entry: CaseEntry) in
      let kind = "\(entry.run) \(entry.result.mainVerdict) \(entry.result.faultName)"
      turns[kind, default: 0] += 1
      return (turns[kind, default: 0], entry)
    }
    let chosen = Set(
      ranked.sorted { ($0.turn, $0.entry.number) < ($1.turn, $1.entry.number) }
        .prefix(limit).map(\.entry.number))
    full = entries.filter { chosen.contains($0.number) }
    lines = entries.filter { !chosen.contains($0.number) }
  }

  var isEmpty: Bool { full.isEmpty }

  /// What a reader should know of those that are not in full.
  var note: String? {
    lines.isEmpty
      ? nil
      : "\(full.count) of \(full.count + lines.count) are drawn, some of each kind; the others are "
        + "listed below them. Run one of those by itself to see all of it."
  }

  var markup: String {
    let rows = lines.map { entry in
      "<tr id=\"\(entry.anchor)\"><td>\(VerdictMark(entry.result.mainVerdict).badge)</td>"
        + "<td class=\"id\">\(Markup.excerpt(entry.result.id, limit: 160))</td>"
        + "<td>\(Markup.excerpt(entry.result.evidence, limit: 240))</td></tr>"
    }
    let table =
      rows.isEmpty ? "" : "<table class=\"right\"><tbody>\(rows.joined())</tbody></table>"
    return full.map(\.article).joined() + table
  }
}

/// The right cases of a page: for each fault one in full, and all as lines.
struct RightCases {
  private let groups: [(name: String, entries: [CaseEntry])]

  init(_ entries: [CaseEntry]) {
    let names = entries.map(\.row).uniqued
    let members = Dictionary(grouping: entries, by: \.row)
    groups = names.map { ($0, members[$0] ?? []) }
  }

  var isEmpty: Bool { groups.isEmpty }

  var rows: [PageFields] {
    groups.map { name, entries in
      var fields = PageFields()
      fields.set("name", text: name, limit: 120)
      fields.set("summary", text: entries.count == 1 ? "1 case" : "\(entries.count) cases")
      fields.set("open", flag: false)
      fields.set("example", markup: entries.first?.example ?? "")
      fields.set("results", list: entries.map(\.line))
      return fields
    }
  }
}
