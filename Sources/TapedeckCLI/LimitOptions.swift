import ArgumentParser
import Cassettes

/// What a reader takes from one cassette.
struct LimitOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The largest file, inflated, 512MiB by default.", valueName: "size"))
  var maxInflated: String?

  @Option(help: ArgumentHelp("The longest line, 64MiB by default.", valueName: "size"))
  var maxLine: String?

  @Option(help: ArgumentHelp("The most exchanges in a file, 100000 by default.", valueName: "n"))
  var maxExchanges: Int?

  @Option(help: ArgumentHelp("How deep JSON may be nested, 64 by default.", valueName: "n"))
  var maxNesting: Int?

  /// The names of the options.
  static let names = ["max-inflated", "max-line", "max-exchanges", "max-nesting"]

  /// The limits that were chosen.
  func limits() throws -> CassetteLimits {
    var limits = CassetteLimits()
    if let maxInflated {
      limits.inflatedBytes = try OptionValue.size(maxInflated, "--max-inflated")
    }
    if let maxLine { limits.lineBytes = try OptionValue.size(maxLine, "--max-line") }
    if let maxExchanges { limits.exchanges = try positive(maxExchanges, "--max-exchanges") }
    if let maxNesting { limits.nesting = try positive(maxNesting, "--max-nesting") }
    guard limits.nesting <= 1000 else {
      throw Failure(.usage, "--max-nesting \(limits.nesting) is above 1000")
    }
    return limits
  }
}
