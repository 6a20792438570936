import Cassettes
import Planning

/// What the text of an option says; errors name the option, with its dashes.
enum OptionValue {
  /// Whatever a parser makes of it.
  static func parsed<Value>(_ option: String, _ parse: () throws -> Value) throws -> Value {
    do {
      return try parse()
    } catch {
      throw Failure(.usage, "\(option): \(error)")
    }
  }

  /// A duration, like `20ms`.
  static func duration(_ text: String, _ option: String) throws -> Microseconds {
    try parsed(option) { try Quantity.duration(text) }
  }

  /// How old something may be: whole days like `90d`, or a duration.
  static func age(_ text: String, _ option: String) throws -> Microseconds {
    guard text.hasSuffix("d") else {
      guard let duration = try? Quantity.duration(text) else {
        throw Failure(.usage, "\(option): '\(text)' is not an age: write days, like 90d")
      }
      return duration
    }
    guard let days = ExactDecimal(text.dropLast()), let count = days.multiplied(by: 86_400_000_000),
      let age = Microseconds(count)
    else {
      throw Failure(.usage, "\(option): '\(text)' is not an age: write days, like 90d")
    }
    return age
  }

  /// A size above zero, like `4KiB`.
  static func size(_ text: String, _ option: String) throws -> Int {
    try positive(try parsed(option) { try Quantity.size(text) }, option)
  }
}

/// Checks a number that counts something.
func positive(_ value: Int, _ option: String) throws -> Int {
  guard value >= 1 else { throw Failure(.usage, "\(option) \(value) is not 1 or more") }
  return value
}

extension Directives {
  /// Adds the faults that `--fault` names, each checked against the catalogue.
  mutating func add(_ faults: [String]) throws {
    try OptionValue.parsed("--fault") {
      for fault in faults { try set("fault=\(fault)") }
      for fault in self.faults ?? [] { _ = try FaultCatalogue.standard.fault(fault) }
    }
  }
}
