package import Cassettes
package import Planning

/// By which process streams arrive, as `--arrivals` says it.
package enum Arrivals: Hashable, Sendable {
  /// One after another, the same time apart: `constant:50/s`.
  case constant(ArrivalRate)
  /// Each at any time, whatever the others do: `poisson:50/s`.
  case poisson(ArrivalRate)
  /// Apart by times of the gamma distribution with a coefficient of variation: `gamma:50/s,cv=2`.
  case gamma(ArrivalRate, cv: ExactDecimal)
  /// The next one when one before it has ended, so many at a time: `concurrent:200`.
  case concurrent(Int)
  /// At a rate that rises or falls evenly and then stays: `ramp:10..500/30s`, each second.
  case ramp(from: ExactDecimal, to: ExactDecimal, over: Microseconds)
  /// At the times of a file: `trace:FILE`.
  case trace(String)

  /// Whether streams arrive whatever became of those before: only then do latencies show a server
  /// that stood still.
  package var isOpen: Bool { if case .concurrent = self { false } else { true } }

  /// The most streams that a closed loop may hold.
  package static let placeLimit = 1_000_000
}

extension Arrivals {
  /// Parses the value of `--arrivals`.
  package init(parsing text: String) throws(DirectiveError) {
    let pair = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let value = pair.count == 2 ? pair[1] : ""
    switch pair.first {
    case "constant": self = .constant(try ArrivalRate(parsing: value))
    case "poisson": self = .poisson(try ArrivalRate(parsing: value))
    case "gamma": self = try Self.gamma(value)
    case "concurrent": self = .concurrent(try Self.places(value))
    case "ramp": self = try Self.ramp(value)
    case "trace":
      guard !value.isEmpty else {
        throw DirectiveError("'\(text)' names no file: write trace:FILE")
      }
      self = .trace(String(value))
    default:
      throw DirectiveError(
        "'\(text)' is not an arrival process\(Self.question(text)): write constant:50/s, poisson:50/s, "
          + "gamma:50/s,cv=2, concurrent:200, ramp:10..500/30s or trace:FILE")
    }
  }

  private static func gamma(_ text: Substring) throws(DirectiveError) -> Arrivals {
    let parts = text.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
    let rate = try ArrivalRate(parsing: parts.first ?? "")
    // Below, arrivals are constant; above, a sum of numbers that differ so much says nothing.
    guard parts.count == 2, parts[1].hasPrefix("cv="), let cv = ExactDecimal(parts[1].dropFirst(3)),
      cv.digits * 100 >= cv.scale, cv.digits <= 10 * cv.scale
    else {
      throw DirectiveError(
        "'gamma:\(text)' lacks a coefficient of variation from 0.01 to 10: write gamma:\(rate),cv=2 "
          + "(1 is poisson, more comes in bursts)")
    }
    return .gamma(rate, cv: cv)
  }

  private static func places(_ text: Substring) throws(DirectiveError) -> Int {
    guard let places = try? Quantity.ordinal(text), places <= placeLimit else {
      throw DirectiveError(
        "'concurrent:\(text)' does not say how many streams are under way at a time: write a whole "
          + "number from 1 to \(placeLimit), like concurrent:200")
    }
    return places
  }

  private static func ramp(_ text: Substring) throws(DirectiveError) -> Arrivals {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let (from, to) = rates(parts[0]), from.digits > 0 || to.digits > 0,
      let time = try? Quantity.duration(parts[1]), time > .zero
    else {
      throw DirectiveError(
        "'ramp:\(text)' is not a ramp: write the arrivals per second at its beginning and at its end, "
          + "and how long it takes, like ramp:10..500/30s")
    }
    return .ramp(from: from, to: to, over: time)
  }

  /// The numbers of `A..B`.
  private static func rates(_ text: Substring) -> (ExactDecimal, ExactDecimal)? {
    for place in text.indices where text[place...].hasPrefix("..") {
      let rest = text[place...].dropFirst(2)
      if let from = ExactDecimal(text[..<place]), let to = ExactDecimal(rest) { return (from, to) }
    }
    return nil
  }
}

extension Arrivals {
  /// The forms of arrivals, each with what others call it.
  private static let forms: [(form: String, names: [String])] = [
    ("constant:50/s", ["constant", "uniform", "fixed", "steady", "rate", "open"]),
    ("poisson:50/s", ["poisson", "exponential", "random"]),
    ("gamma:50/s,cv=2", ["gamma", "burst", "bursty", "burstiness"]),
    ("concurrent:200", ["concurrent", "concurrency", "closed", "users", "vus", "parallel"]),
    ("ramp:10..500/30s", ["ramp", "ramping", "linear", "stages"]),
    ("trace:FILE", ["trace", "replay", "file", "csv", "jsonl"]),
  ]

  /// The arrivals that a text was meant to be, as the end of a clause, or nothing.
  private static func question(_ text: String) -> String {
    if (try? ArrivalRate(parsing: text)) != nil { return "; did you mean 'constant:\(text)'?" }
    if (try? Quantity.ordinal(text)) != nil { return "; did you mean 'concurrent:\(text)'?" }
    let word = String(text.prefix { $0.isLetter })
    let meant = Spelling.nearest(to: word, among: forms.flatMap(\.names))
    let form = meant.flatMap { name in forms.first { $0.names.contains(name) }?.form }
    return form.map { "; did you mean '\($0)'?" } ?? ""
  }
}

extension Arrivals: CustomStringConvertible {
  /// The arrivals in the form that parses back to them.
  package var description: String {
    switch self {
    case .constant(let rate): "constant:\(rate)"
    case .poisson(let rate): "poisson:\(rate)"
    case .gamma(let rate, let cv): "gamma:\(rate),cv=\(cv)"
    case .concurrent(let places): "concurrent:\(places)"
    case .ramp(let from, let to, let time): "ramp:\(from)..\(to)/\(time.written)"
    case .trace(let path): "trace:\(path)"
    }
  }
}
