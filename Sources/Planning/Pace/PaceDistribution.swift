public import Cassettes
internal import Units

extension Pace {
  /// How long something takes, by chance.
  ///
  /// What a draw comes to is the distribution's quantile, rounded down to whole microseconds:
  /// never below zero, and never above `Microseconds.limit`.
  public enum Distribution: Hashable, Sendable {
    /// Always as long.
    case constant(Microseconds)
    /// From one time to another, both included, each as likely.
    case uniform(from: Microseconds, to: Microseconds)
    /// As between the arrivals of a Poisson process.
    case exponential(mean: Microseconds)
    /// The bell curve; what would be below zero is zero.
    case normal(mean: Microseconds, deviation: Microseconds)
    /// Half of them below the median, and the logarithm a bell curve of that standard deviation.
    case lognormal(median: Microseconds, sigma: ExactDecimal)

    /// Whether chance has a part in it.
    var drawsChance: Bool {
      if case .constant = self { return false }
      return true
    }

    /// The time that a draw, any number of 64 bits, stands for.
    func interval(for draw: UInt64) -> Microseconds {
      switch self {
      case .constant(let time): return time
      case .uniform(let low, let high):
        // Both are at most 10^15.
        let width = UInt64(high.count - low.count) + 1
        return low + Microseconds(saturating: Int64(draw % width))
      case .exponential(let mean):
        return Microseconds(
          roundingDown: Double(mean.count) * -PortableMath.logarithm(Self.fraction(draw)))
      case .normal(let mean, let deviation):
        let quantile = NormalQuantile.of(Self.fraction(draw))
        return Microseconds(roundingDown: Double(mean.count) + Double(deviation.count) * quantile)
      case .lognormal(let median, let sigma):
        let quantile = NormalQuantile.of(Self.fraction(draw))
        let sigma = Double(sigma.digits) / Double(sigma.scale)
        return Microseconds(
          roundingDown: Double(median.count) * PortableMath.exponential(sigma * quantile))
      }
    }

    /// The middle of one of 2^52 equal parts of the range from 0 to 1, so never one of its ends.
    private static func fraction(_ draw: UInt64) -> Double {
      (Double(draw >> 12) + 0.5) / 0x1p52
    }
  }
}

extension Pace.Distribution {
  /// What each takes, with an example.
  private static let forms: [(name: String, takes: String, example: String)] = [
    ("lognormal", "a median and a sigma", "lognormal(20ms,0.3)"),
    ("normal", "a mean and a standard deviation", "normal(20ms,5ms)"),
    ("exponential", "a mean", "exponential(20ms)"),
    ("uniform", "the shortest and the longest time", "uniform(10ms,30ms)"),
    ("constant", "a time", "constant(20ms)"),
  ]

  /// What the distributions are called.
  static let names = forms.map(\.name)

  /// The largest sigma: there the longest times are beyond all bounds already.
  private static let sigmaLimit: Int64 = 10

  /// Parses `name(argument,argument)`, or a duration, which is a constant.
  init(parsing text: some StringProtocol) throws(DirectiveError) {
    if text.first?.isNumber == true {
      self = .constant(try Quantity.duration(text))
      return
    }
    let name = text.prefix { $0 != "(" }
    guard let form = Self.forms.first(where: { $0.name == name }) else {
      let advice = Spelling.advice(on: String(name), among: Self.names)
      throw DirectiveError("'\(name)' is not a distribution\(advice)")
    }
    var arguments: [Substring] = []
    if text.hasSuffix(")"), name.count + 2 <= text.count {
      let inner = text.dropFirst(name.count + 1).dropLast()
      arguments = inner.split(separator: ",", omittingEmptySubsequences: false).map { argument in
        Substring(argument.filter { $0 != " " })
      }
    }
    guard let made = try Self.make(form.name, arguments) else {
      throw DirectiveError("'\(text)' is not \(form.takes): write \(form.example)")
    }
    self = made
  }

  /// The distribution of a name, or nil where it takes other arguments.
  private static func make(
    _ name: String, _ arguments: [Substring]
  ) throws(DirectiveError) -> Self? {
    switch (name, arguments.count) {
    case ("constant", 1): return .constant(try Quantity.duration(arguments[0]))
    case ("exponential", 1): return .exponential(mean: try Quantity.duration(arguments[0]))
    case ("uniform", 2):
      let low = try Quantity.duration(arguments[0])
      let high = try Quantity.duration(arguments[1])
      return low <= high ? .uniform(from: low, to: high) : nil
    case ("normal", 2):
      return .normal(
        mean: try Quantity.duration(arguments[0]), deviation: try Quantity.duration(arguments[1]))
    case ("lognormal", 2):
      guard let sigma = ExactDecimal(arguments[1]), sigma.digits <= sigmaLimit * sigma.scale else {
        throw DirectiveError(
          "'\(arguments[1])' is not a sigma from 0 to \(sigmaLimit): write a number like 0.3")
      }
      return .lognormal(median: try Quantity.duration(arguments[0]), sigma: sigma)
    default: return nil
    }
  }
}

extension Pace.Distribution: CustomStringConvertible {
  /// The distribution in the form that parses back to it.
  public var description: String {
    switch self {
    case .constant(let time): "constant(\(time.count)us)"
    case .uniform(let low, let high): "uniform(\(low.count)us,\(high.count)us)"
    case .exponential(let mean): "exponential(\(mean.count)us)"
    case .normal(let mean, let deviation): "normal(\(mean.count)us,\(deviation.count)us)"
    case .lognormal(let median, let sigma): "lognormal(\(median.count)us,\(sigma))"
    }
  }
}

extension Microseconds {
  /// The whole microseconds in a number of them that may be below zero or beyond the limit.
  fileprivate init(roundingDown value: Double) {
    let limit = Double(Microseconds.limit.count)
    self = value < limit ? Microseconds(saturating: Int64(max(value, 0))) : .limit
  }
}
