import ArgumentParser
import Cassettes

/// What a reader takes from one cassette.
struct LimitOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The largest file, inflated, 1GiB by default.", valueName: "size"))
  var maxInflated: String?

  @Option(help: ArgumentHelp("The longest line, 256MiB by default.", valueName: "size"))
  var maxLine: String?

  @Option(help: ArgumentHelp("The most exchanges in a file, 100000 by default.", valueName: "n"))
  var maxExchanges: Int?

  @Option(help: ArgumentHelp("How deep JSON may be nested, 64 by default.", valueName: "n"))
  var maxNesting: Int?

  @Option(
    help: ArgumentHelp(
      "The most JSON values in a line that is no chunk, 500000 by default.", valueName: "n"))
  var maxValues: Int?

  @Option(
    help: ArgumentHelp("The most chunks of an exchange, 1000000 by default.", valueName: "n"))
  var maxChunks: Int?

  @Option(help: ArgumentHelp("The most events of an exchange, 250000 by default.", valueName: "n"))
  var maxEvents: Int?

  @Option(
    help: ArgumentHelp("The most markers of an exchange, 100000 by default.", valueName: "n"))
  var maxMarkers: Int?

  /// The names of the options.
  static let names = [
    "max-inflated", "max-line", "max-exchanges", "max-nesting", "max-values", "max-chunks",
    "max-events", "max-markers",
  ]

  /// The limits that were chosen.
  func limits() throws -> CassetteLimits {
    var limits = CassetteLimits()
    if let maxInflated {
      limits.inflatedBytes = try OptionValue.size(maxInflated, "--max-inflated")
    }
    if let maxLine { limits.lineBytes = try OptionValue.size(maxLine, "--max-line") }
    if let maxExchanges { limits.exchanges = try positive(maxExchanges, "--max-exchanges") }
    if let maxNesting { limits.nesting = try positive(maxNesting, "--max-nesting") }
    if let maxValues { limits.values = try positive(maxValues, "--max-values") }
    if let maxChunks { limits.chunks = try positive(maxChunks, "--max-chunks") }
    if let maxEvents { limits.events = try positive(maxEvents, "--max-events") }
    if let maxMarkers { limits.asides = try positive(maxMarkers, "--max-markers") }
    guard limits.nesting <= 1000 else {
      throw Failure(.usage, "--max-nesting \(limits.nesting) is above 1000")
    }
    return limits
  }
}
