import Planning
import Torture

/// Cases as lines for a person.
struct TortureList {
  private let cases: [TortureCase]

  init(_ cases: [TortureCase]) { self.cases = cases }

  /// Prints a line for each case, in the order of their ids.
  func show() {
    let severalCassettes = Set(cases.map { "\($0.cassette) \($0.exchange)" }).count > 1
    let sorted = cases.enumerated().sorted {
      ($0.element.cassette, $0.element.exchange, $0.element.id, $0.offset)
        < ($1.element.cassette, $1.element.exchange, $1.element.id, $1.offset)
    }.map(\.element)
    var table = Table(overflow: .wraps)
    table.headings = ["case", "a client", "what happens", "rests on"]
    table.rows = sorted.map { torture in
      let id = severalCassettes ? "\(torture.cassette)/\(torture.id)" : torture.id
      return [
        .init(id, .bold), .init(torture.expect.rawValue), .init(torture.title),
        .init(torture.clause, .faint),
      ]
    }
    table.write(on: .output, to: Console.print)
  }
}
