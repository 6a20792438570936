internal import Planning

/// In what the limit of an objective is written, and the value beside it.
package enum ObjectiveUnit: String, CaseIterable, Hashable, Sendable {
  case microseconds = "us"
  case milliseconds = "ms"
  case seconds = "s"
  case minutes = "m"
  case percent = "%"
  case perSecond = "/s"
  case count = ""

  /// The unit that a text ends with, and the number before it.
  static func split(_ text: String) -> (ExactDecimal, ObjectiveUnit)? {
    // `ms` and `/s` end with what is a unit too.
    let units: [ObjectiveUnit] = [
      .percent, .perSecond, .microseconds, .milliseconds, .seconds, .minutes, .count,
    ]
    for unit in units where text.hasSuffix(unit.rawValue) {
      guard let number = ExactDecimal(text.dropLast(unit.rawValue.count)) else { continue }
      return (number, unit)
    }
    return nil
  }

  /// How many nanoseconds it has; 1 where it is no time.
  var nanoseconds: Double {
    switch self {
    case .microseconds: 1e3
    case .milliseconds: 1e6
    case .seconds: 1e9
    case .minutes: 6e10
    case .percent, .perSecond, .count: 1
    }
  }

  /// A limit that shows how it is written.
  var example: String {
    switch self {
    case .microseconds: "500us"
    case .milliseconds: "500ms"
    case .seconds: "2s"
    case .minutes: "1m"
    case .percent: "1%"
    case .perSecond: "45/s"
    case .count: "0"
    }
  }
}
