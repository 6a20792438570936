internal import Cassettes

extension Pace {
  /// Parses a pace; each part is split off first and then percent-decoded once.
  ///
  /// A comma inside parentheses separates nothing, and parentheses and commas may be encoded too.
  public init(parsing text: String) throws(DirectiveError) {
    var parts: [[String]] = []
    for part in Self.parts(of: text) {
      var pieces: [String] = []
      for piece in part.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false) {
        pieces.append(try PercentCoding.decode(piece))
      }
      parts.append(pieces)
    }
    var jitter: ExactDecimal?
    if let last = parts.last, last.count == 2, last[0] == "jitter" {
      jitter = try Quantity.percentage(last[1])
      parts.removeLast()
    }
    let kind = try Self.kind(of: parts, in: text)
    if case .model = kind, jitter != nil {
      throw DirectiveError(
        "'\(text)' sways twice: a model draws each gap by itself, so leave out ,jitter")
    }
    self.init(kind, jitter: jitter)
  }

  /// The parts between the commas that stand outside of parentheses.
  private static func parts(of text: String) -> [Substring] {
    var depth = 0
    var parts: [Substring] = []
    var rest = text[...]
    for index in text.indices {
      switch text[index] {
      case "(": depth += 1
      case ")": depth -= 1
      case "," where depth <= 0:
        parts.append(rest[..<index])
        rest = text[text.index(after: index)...]
      default: continue
      }
    }
    return parts + [rest]
  }

  private static func kind(of parts: [[String]], in text: String) throws(DirectiveError) -> Kind {
    if parts == [["recorded"]] { return .recorded }
    if parts == [["instant"]] { return .instant }
    if parts.count == 1, parts[0].count == 2, parts[0][0] == "gap", !parts[0][1].contains("(") {
      return .gap(try Quantity.duration(parts[0][1]))
    }
    if parts.count == 2, parts[0].count == 2, parts[1].count == 2, parts[0][0] == "ttft",
      parts[1][0] == "rate"
    {
      return .rate(
        first: try Quantity.duration(parts[0][1]),
        perSecond: try Quantity.eventRate(parts[1][1]))
    }
    if parts.count == 1, parts[0].count == 1, parts[0][0].hasSuffix("x"),
      let speed = ExactDecimal(parts[0][0].dropLast()), speed.digits > 0
    {
      return .speed(speed)
    }
    if parts.count == 1, parts[0].count == 2, parts[0][0] == "like", !parts[0][1].isEmpty {
      return .like(parts[0][1])
    }
    if parts.first?.count == 2, parts[0][0] == "model" {
      return .model(
        try Model(parsing: [parts[0][1]] + parts.dropFirst().map { $0.joined(separator: ":") }))
    }
    throw DirectiveError(
      "'\(text)' is not a pace\(question(text)): write recorded, instant, a speed like 2x, "
        + "gap:20ms, ttft:300ms,rate:50/s or like:NAME, each optionally with ,jitter:20%, or "
        + Model.example)
  }

  /// The forms of a pace, each with what others call it.
  private static let forms: [(form: String, names: [String])] = [
    ("recorded", ["recorded", "original", "realtime", "real", "live"]),
    ("instant", ["instant", "fast", "immediate", "max", "none", "zero", "off"]),
    ("gap:20ms", ["gap", "interval", "delay"]),
    ("ttft:300ms,rate:50/s", ["ttft", "rate", "tokens", "tps"]),
    ("like:NAME", ["like", "as", "from", "cassette"]),
    (
      Model.example,
      ["model", "distribution", "random"] + Distribution.names.filter { $0 != "constant" }
    ),
  ]

  /// The pace that a text was meant to be, as the end of a clause, or nothing.
  private static func question(_ text: String) -> String {
    if ExactDecimal(text) != nil { return "; did you mean '\(text)x'?" }
    if text.contains("=") || text.contains("(") { return "; did you mean '\(Model.example)'?" }
    let word = String(text.prefix { $0.isLetter })
    let meant = Spelling.nearest(to: word, among: forms.flatMap(\.names))
    let form = meant.flatMap { name in forms.first { $0.names.contains(name) }?.form }
    return form.map { "; did you mean '\($0)'?" } ?? ""
  }
}

extension Pace: CustomStringConvertible {
  /// The pace in the form that parses back to it, as a header has it.
  public var description: String {
    let base =
      switch kind {
      case .recorded: "recorded"
      case .speed(let speed): "\(speed)x"
      case .instant: "instant"
      case .gap(let gap): "gap:\(gap.count)us"
      case .rate(let first, let rate): "ttft:\(first.count)us,rate:\(rate)%2Fs"
      case .like(let name): "like:\(Self.encoded(name))"
      case .model(let model): "model:\(model)"
      }
    return jitter.map { "\(base),jitter:\($0)%25" } ?? base
  }

  /// A name in which no parenthesis hides a comma behind it.
  private static func encoded(_ name: String) -> String {
    PercentCoding.encode(argument: name).replacing("(", with: "%28").replacing(")", with: "%29")
  }
}
