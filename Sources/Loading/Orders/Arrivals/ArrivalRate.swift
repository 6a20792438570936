package import Planning

/// How many arrivals there are in a time: `50/s`, `3000/m`, `90/h`.
package struct ArrivalRate: Hashable, Sendable {
  /// The time that arrivals are counted in.
  package enum Unit: String, CaseIterable, Sendable {
    case second = "s"
    case minute = "m"
    case hour = "h"

    /// How many seconds it has.
    package var seconds: Int64 {
      switch self {
      case .second: 1
      case .minute: 60
      case .hour: 3600
      }
    }
  }

  /// How many arrivals, above 0.
  package var count: ExactDecimal
  /// In which time.
  package var unit: Unit

  /// Parses a rate above 0.
  package init(parsing text: some StringProtocol) throws(DirectiveError) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let unit = Unit(rawValue: String(parts[1])),
      let count = ExactDecimal(parts[0]), count.digits > 0
    else {
      let question = ExactDecimal(text) == nil ? "" : "; did you mean '\(text)/s'?"
      throw DirectiveError(
        "'\(text)' is not a rate of arrivals\(question): write a number above 0 and a time, like 50/s, "
          + "3000/m or 90/h")
    }
    self.count = count
    self.unit = unit
  }

  /// Arrivals in a second.
  package var perSecond: Double { Double(count.digits) / Double(count.scale * unit.seconds) }

  /// When arrival number `number`, from 0, is due at this rate, in nanoseconds: rounded down, each
  /// by itself, so that nothing adds up.
  ///
  /// - Returns: nil where that is beyond what can be said.
  package func time(of number: Int) -> Int64? {
    let hold = Int128(number).multipliedReportingOverflow(
      by: 1_000_000_000 * Int128(unit.seconds) * Int128(count.scale))
    return hold.overflow ? nil : Int64(exactly: hold.partialValue / Int128(count.digits))
  }
}

extension ArrivalRate: CustomStringConvertible {
  /// The rate in the form that parses back to it.
  package var description: String { "\(count)/\(unit.rawValue)" }
}
