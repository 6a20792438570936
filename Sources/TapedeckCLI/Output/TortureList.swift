import Cassettes
import LosslessJSON
import Planning
import Torture

/// Cases, for a person and for machines.
struct TortureList {
  private let cases: [TortureCase]

  init(_ cases: [TortureCase]) { self.cases = cases }

  /// Prints a line for each case.
  func show() {
    let severalCassettes = Set(cases.map { "\($0.cassette) \($0.exchange)" }).count > 1
    var table = Table(overflow: .wraps)
    table.headings = ["case", "a client", "what happens", "rests on"]
    table.rows = cases.map { torture in
      let id = severalCassettes ? "\(torture.cassette)/\(torture.id)" : torture.id
      return [
        .init(id, .bold), .init(torture.expect.rawValue), .init(torture.title),
        .init(torture.clause, .faint),
      ]
    }
    table.write(on: .output, to: Console.print)
  }

  /// The cases as one JSON object.
  var json: [UInt8] {
    let list = cases.map { torture in
      JSONValue.object([
        .init("case", .string(torture.id)),
        .init("cassette", .string(torture.cassette)),
        .init("exchange", .number(torture.exchange)),
        .init("title", .string(torture.title)),
        .init("fault", .string(torture.fault)),
        .init("expect", .string(torture.expect.rawValue)),
        .init("expectation", .string(torture.expectation)),
        .init("clause", .string(torture.clause)),
        .init("takes_us", .number(torture.takes.count)),
        .init("endless", .bool(torture.isEndless)),
      ])
    }
    return JSONValue.object([.init("version", .number(1)), .init("cases", .array(list))]).bytes + [
      UInt8(ascii: "\n")
    ]
  }
}
