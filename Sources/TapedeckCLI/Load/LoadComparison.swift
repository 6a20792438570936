import Loading

/// How a run differs from an earlier one, for a person.
struct LoadComparison {
  private let now: LoadSummary
  private let before: LoadSummary

  init(_ now: LoadSummary, _ before: LoadSummary) {
    self.now = now
    self.before = before
  }

  /// Prints it.
  func show(on terminal: Terminal) {
    Console.print("")
    table.write(on: terminal, to: Console.print)
  }

  private var table: Table {
    var table = Table(rightAligned: [1, 2, 3, 4])
    table.headings = ["against the earlier run", "p50 before", "p50 now", "p99 before", "p99 now"]
    table.rows = LoadTable.metrics.compactMap { metric, words in
      guard let now = now.latencies[metric], let before = before.latencies[metric] else {
        return nil
      }
      return [.init(words)] + Self.pair(before.p50, now.p50) + Self.pair(before.p99, now.p99)
    }
    table.rows += [
      [
        .init("goodput"), .init(LoadText.number(before.goodputPerSecond) + "/s"),
        .init(LoadText.number(now.goodputPerSecond) + "/s"), "", "",
      ],
      [
        .init("errors"), .init(LoadText.number(before.errorShare * 100) + " %"),
        .init(LoadText.number(now.errorShare * 100) + " %"), "", "",
      ],
    ]
    return table
  }

  /// A time before and now, and by how much it changed.
  private static func pair(_ before: Int64, _ now: Int64) -> [Table.Cell] {
    var text = LoadText.duration(now)
    if before > 0 {
      let percent = (Double(now) / Double(before) - 1) * 100
      if abs(percent) >= 0.5 {
        text += " (\(percent > 0 ? "+" : "-")\(LoadText.number(abs(percent))) %)"
      }
    }
    return [.init(LoadText.duration(before)), .init(text)]
  }
}
