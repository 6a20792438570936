import ArgumentParser
import Cassettes
import Planning

/// What a reader takes from one cassette.
struct LimitOptions: ParsableArguments {
  @Option(help: "The largest file, inflated, like 1GiB.")
  var maxInflated: String?

  @Option(help: "The longest line, like 64MiB.")
  var maxLine: String?

  @Option(help: "The most exchanges in a file.")
  var maxExchanges: Int?

  @Option(help: "How deep JSON may be nested.")
  var maxNesting: Int?

  /// The names of the options.
  static let names = ["max-inflated", "max-line", "max-exchanges", "max-nesting"]

  /// The limits that were chosen.
  func limits() throws -> CassetteLimits {
    var limits = CassetteLimits()
    if let maxInflated { limits.inflatedBytes = try Quantity.size(maxInflated) }
    if let maxLine { limits.lineBytes = try Quantity.size(maxLine) }
    if let maxExchanges { limits.exchanges = try positive(maxExchanges, "--max-exchanges") }
    if let maxNesting { limits.nesting = try positive(maxNesting, "--max-nesting") }
    guard limits.nesting <= 1000 else {
      throw Failure(.usage, "--max-nesting \(limits.nesting) is above 1000")
    }
    return limits
  }
}

/// Checks a number that counts something.
func positive(_ value: Int, _ option: String) throws -> Int {
  guard value >= 1 else { throw Failure(.usage, "\(option) \(value) is not 1 or more") }
  return value
}
