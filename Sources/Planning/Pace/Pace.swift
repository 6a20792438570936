public import Cassettes

/// When things are sent.
///
/// `recorded`, `2x`, `instant`, `gap:20ms` or `ttft:300ms,rate:50/s`, each with `,jitter:20%`.
public struct Pace: Hashable, Sendable {
  /// The kinds of pace.
  public enum Kind: Hashable, Sendable {
    /// As it was recorded.
    case recorded
    /// That many times as fast as it was recorded.
    case speed(ExactDecimal)
    /// Without any waiting; each recorded chunk stays an HTTP chunk of its own.
    case instant
    /// The head at once, then an event each gap.
    case gap(Microseconds)
    /// The head at once, the first event after a time, then events at a rate each second.
    case rate(first: Microseconds, perSecond: ExactDecimal)
  }

  /// The kind of pace.
  public var kind: Kind

  /// How far each gap may stray, in percent of it, or nil for not at all.
  public var jitter: ExactDecimal?

  /// The pace of the recording.
  public static let recorded = Pace(.recorded)

  /// No waiting at all.
  public static let instant = Pace(.instant)

  /// Creates a pace from its kind and jitter.
  public init(_ kind: Kind, jitter: ExactDecimal? = nil) {
    self.kind = kind
    self.jitter = jitter
  }

  /// Whether chunks are made anew, one event each.
  public var rechunksByEvent: Bool {
    switch kind {
    case .gap, .rate: true
    case .recorded, .speed, .instant: false
    }
  }
}

extension Pace {
  /// Parses a pace; each part is split off first and then percent-decoded once.
  public init(parsing text: String) throws(DirectiveError) {
    var parts: [[String]] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      var pieces: [String] = []
      for piece in part.split(separator: ":", omittingEmptySubsequences: false) {
        pieces.append(try PercentCoding.decode(piece))
      }
      parts.append(pieces)
    }
    var jitter: ExactDecimal?
    if let last = parts.last, last.count == 2, last[0] == "jitter" {
      jitter = try Quantity.percentage(last[1])
      parts.removeLast()
    }
    self.init(try Self.kind(of: parts, in: text), jitter: jitter)
  }

  private static func kind(of parts: [[String]], in text: String) throws(DirectiveError) -> Kind {
    if parts == [["recorded"]] { return .recorded }
    if parts == [["instant"]] { return .instant }
    if parts.count == 1, parts[0].count == 2, parts[0][0] == "gap" {
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
    throw DirectiveError(
      "'\(text)' is not a pace\(question(text)): write recorded, instant, a speed like 2x, gap:20ms or "
        + "ttft:300ms,rate:50/s, each optionally with ,jitter:20%")
  }
}

extension Pace {
  /// The forms of a pace, each with what others call it.
  private static let forms: [(form: String, names: [String])] = [
    ("recorded", ["recorded", "original", "realtime", "real", "normal", "live"]),
    ("instant", ["instant", "fast", "immediate", "max", "none", "zero", "off"]),
    ("gap:20ms", ["gap", "interval", "delay"]),
    ("ttft:300ms,rate:50/s", ["ttft", "rate", "tokens", "tps"]),
  ]

  /// The pace that a text was meant to be, as the end of a clause, or nothing.
  private static func question(_ text: String) -> String {
    if ExactDecimal(text) != nil { return "; did you mean '\(text)x'?" }
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
      }
    return jitter.map { "\(base),jitter:\($0)%25" } ?? base
  }
}
