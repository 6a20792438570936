internal import Judging

/// Faults by places: a row for each fault, and for each client where there are several, with a cell
/// for each case.
struct TortureMatrix {
  /// The most cells of a row that have their place written in them.
  private static let namedCells = 20

  private let entries: [CaseEntry]
  private let clients: [String]

  init(_ entries: [CaseEntry], clients: [String]) {
    self.entries = entries
    self.clients = clients
  }

  /// The rows, in the order in which the faults first come.
  var rows: [PageFields] {
    var names: [String] = []
    var members: [String: [CaseEntry]] = [:]
    for entry in entries {
      if members[entry.row] == nil { names.append(entry.row) }
      members[entry.row, default: []].append(entry)
    }
    var families: Set<String> = []
    var rows: [PageFields] = []
    // Faults of one family stand together, whatever comes between them in a run.
    let order = names.map { $0.prefix { $0 != "/" } }.uniqued
    for family in order {
      for name in names where name.prefix(while: { $0 != "/" }) == family {
        for row in self.rows(
          of: members[name] ?? [], isFirst: families.insert("\(family)").inserted)
        {
          rows.append(row)
        }
      }
    }
    return rows
  }

  private func rows(of members: [CaseEntry], isFirst: Bool) -> [PageFields] {
    // A run takes cases in an order of its own.
    let keys = members.sorted { $0.rank < $1.rank }.map(\.key).uniqued
    let places = Dictionary(uniqueKeysWithValues: keys.enumerated().map { ($1, $0) })
    return clients.indices.map { run in
      let own = members.filter { $0.run == run }
      var cells = [CaseEntry?](repeating: nil, count: keys.count)
      for entry in own { if let place = places[entry.key] { cells[place] = entry } }
      var fields = PageFields()
      if isFirst, run == 0, let name = members.first?.result.family {
        fields.set("family", text: name, limit: 60)
      }
      if run == 0, let row = members.first?.row {
        fields.set("fault", text: row.drop { $0 != "/" }.dropFirst().description, limit: 60)
      }
      fields.set("client", text: clients[run], limit: 80)
      fields.set(
        "cells", markup: cells.map { cell($0, isNamed: keys.count <= Self.namedCells) }.joined())
      let wrong = own.filter(\.result.judgement.isWrong).count
      fields.set("wrong", text: "\(wrong) of \(own.count)")
      return fields
    }
  }

  private func cell(_ entry: CaseEntry?, isNamed: Bool) -> String {
    guard let entry else { return "<span class=\"gone\"></span>" }
    let verdict = entry.result.mainVerdict
    let mark = VerdictMark(verdict)
    let place = Markup.excerpt(entry.place, limit: 40)
    let name = isNamed && !place.isEmpty ? "<i>\(place)</i>" : ""
    return "<a class=\"\(mark.style)\" href=\"#\(entry.anchor)\" title=\"\(place): \(verdict)\">"
      + "\(mark.sign)\(name)</a>"
  }

  /// The verdicts that occur, each with its mark.
  var legend: String {
    Families(entries.map(\.result)).verdicts.map { verdict in
      "<span>\(VerdictMark(verdict).badge) \(verdict)</span>"
    }.joined()
  }
}
