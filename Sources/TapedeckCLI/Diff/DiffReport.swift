import Cassettes
import Comparing
import LosslessJSON
import Redaction

/// What two cassettes differ in, exchange by exchange, for a person and for a machine.
struct DiffReport {
  /// Two exchanges that were compared, by their places from 1; of a live answer there is none.
  struct Pair {
    var was: Int
    var now: Int?
    var request: RecordedRequest
    var comparison: ExchangeComparison
  }

  /// An exchange that has no counterpart.
  struct Single {
    var number: Int
    var request: RecordedRequest
  }

  /// What was compared, as it was named.
  let names: (was: String, now: String)

  /// The kinds that were left out.
  let ignored: Set<DifferenceKind>

  /// Whether an exchange without a counterpart is a difference.
  let countsSingles: Bool

  var pairs: [Pair] = []
  var onlyWas: [Single] = []
  var onlyNow: [Single] = []

  /// Whether nothing differs that counts.
  var isSame: Bool {
    pairs.allSatisfy(\.comparison.isSame)
      && (!countsSingles || onlyWas.isEmpty && onlyNow.isEmpty)
  }

  private static func line(of request: RecordedRequest) -> String {
    let target = Redactor.redact(target: request.target)
    return "\(request.method) \(TextForm.excerpt(target, limit: 100))"
  }
}

// For a person.
extension DiffReport {
  /// Prints it.
  func show(on terminal: Terminal) {
    for pair in pairs where !pair.comparison.isSame { show(pair, on: terminal) }
    show(onlyWas, only: names.was, on: terminal)
    show(onlyNow, only: names.now, on: terminal)
    for line in terminal.wrapped(summary, indent: 4) {
      Console.print(terminal.styled(line, isSame ? .green : .red))
    }
  }

  private func show(_ pair: Pair, on terminal: Terminal) {
    let places =
      pair.now.map { $0 == pair.was ? "exchange \($0)" : "exchanges \(pair.was) and \($0)" }
      ?? "exchange \(pair.was)"
    let title = "\(places): \(Self.line(of: pair.request))"
    Console.print(terminal.styled(terminal.fitted(title), .bold))
    let width = pair.comparison.differences.map(\.kind.rawValue.count).max() ?? 0
    for difference in pair.comparison.differences {
      let kind = difference.kind.rawValue
      let front = "  \(kind)\(String(repeating: " ", count: width - kind.count))  "
      let text = TextForm.excerpt("\(difference.place): \(difference.text)", limit: 400)
      let lines = terminal.wrapped(front + text, indent: front.count)
      Console.print(terminal.styled(front, .cyan) + lines[0].dropFirst(front.count))
      lines.dropFirst().forEach(Console.print)
    }
    if pair.comparison.more > 0 {
      Console.print("  and \(TextForm.count(pair.comparison.more, "more difference"))")
    }
  }

  private func show(_ singles: [Single], only name: String, on terminal: Terminal) {
    guard countsSingles else { return }
    for single in singles {
      let title =
        "only in \(TextForm.oneLine(name)): exchange \(single.number), "
        + Self.line(of: single.request)
      Console.print(terminal.styled(terminal.fitted(title), .bold))
    }
  }

  private var summary: String {
    let names = "\(TextForm.oneLine(names.was)) and \(TextForm.oneLine(names.now))"
    let compared = TextForm.count(pairs.count, "exchange")
    let different = pairs.filter { !$0.comparison.isSame }.count
    var text =
      isSame
      ? "\(names): the same, \(compared)"
      : "\(names): different, \(different) of \(compared)"
    if countsSingles, onlyWas.count + onlyNow.count > 0 {
      text += ", \(onlyWas.count + onlyNow.count) without a counterpart"
    }
    let volatile = pairs.reduce(0) { $0 + $1.comparison.volatile }
    if volatile > 0 {
      text +=
        "; \(TextForm.count(volatile, "value")) that \(volatile == 1 ? "differs" : "differ") by "
        + "nature left out (--strict shows \(volatile == 1 ? "it" : "them"))"
    }
    let ignored = ignored.map(\.rawValue).sorted()
    if !ignored.isEmpty { text += "; ignored: \(ignored.joined(separator: ", "))" }
    return text
  }
}

// For a machine.
extension DiffReport {
  /// The page of `diff --json`.
  var page: JSONValue {
    .object([
      .init("version", .number(1)),
      .init("same", .bool(isSame)),
      .init("a", .string(names.was)),
      .init("b", .string(names.now)),
      .init("ignored", .array(ignored.map(\.rawValue).sorted().map(JSONValue.string))),
      .init("exchanges", .array(pairs.map(Self.page))),
      .init("only_a", .array(onlyWas.map(Self.page))),
      .init("only_b", .array(onlyNow.map(Self.page))),
    ])
  }

  private static func page(of pair: Pair) -> JSONValue {
    let comparison = pair.comparison
    return .object([
      .init("a", .number(pair.was)),
      .init("b", pair.now.map { .number($0) } ?? .null),
      .init("method", .string(pair.request.method)),
      .init("path", .string(Redactor.redact(target: pair.request.target))),
      .init("same", .bool(comparison.isSame)),
      .init("differences", .array(comparison.differences.map(page))),
      .init("more", .number(comparison.more)),
      .init("volatile", .number(comparison.volatile)),
    ])
  }

  private static func page(of difference: ExchangeDifference) -> JSONValue {
    .object([
      .init("kind", .string(difference.kind.rawValue)),
      .init("place", .string(difference.place)),
      .init("was", difference.was.map(JSONValue.string) ?? .null),
      .init("is", difference.now.map(JSONValue.string) ?? .null),
      .init("text", .string(difference.text)),
    ])
  }

  private static func page(of single: Single) -> JSONValue {
    .object([
      .init("exchange", .number(single.number)),
      .init("method", .string(single.request.method)),
      .init("path", .string(Redactor.redact(target: single.request.target))),
    ])
  }
}
