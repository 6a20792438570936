import ArgumentParser
import Cassettes

/// What a reader takes from one cassette.
struct LimitOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The largest file after decompression, 1GiB by default.", valueName: "size"))
  var maxInflated: String?

  @Option(help: ArgumentHelp("The longest line, 256MiB by default.", valueName: "size"))
  var maxLine: String?

  @Option(help: ArgumentHelp("The most exchanges in a file, 100000 by default.", valueName: "n"))
  var maxExchanges: Int?

  @Option(help: ArgumentHelp("How deeply JSON may be nested, 64 by default.", valueName: "n"))
  var maxNesting: Int?

  @Option(
    help: ArgumentHelp(
      "The most JSON values in a line that is not a chunk, 500000 by default.", valueName: "n"))
  var maxLineValues: Int?

  @Option(
    help: ArgumentHelp("The most chunks in an exchange, 1000000 by default.", valueName: "n"))
  var maxExchangeChunks: Int?

  @Option(help: ArgumentHelp("The most events in an exchange, 200000 by default.", valueName: "n"))
  var maxExchangeEvents: Int?

  @Option(
    help: ArgumentHelp("The most markers in an exchange, 100000 by default.", valueName: "n"))
  var maxExchangeMarkers: Int?

  /// The names of the options.
  static let names = [
    "max-inflated", "max-line", "max-exchanges", "max-nesting", "max-line-values",
    "max-exchange-chunks", "max-exchange-events", "max-exchange-markers",
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
    try setParts(&limits)
    guard limits.nesting <= 1000 else {
      throw Failure(.usage, "--max-nesting \(limits.nesting) is more than 1000")
    }
    return limits
  }

  /// Puts what was chosen into the limits of one exchange.
  private func setParts(_ limits: inout CassetteLimits) throws {
    if let maxLineValues { limits.values = try positive(maxLineValues, "--max-line-values") }
    if let maxExchangeChunks {
      limits.chunks = try positive(maxExchangeChunks, "--max-exchange-chunks")
    }
    if let maxExchangeEvents {
      limits.events = try positive(maxExchangeEvents, "--max-exchange-events")
    }
    if let maxExchangeMarkers {
      limits.asides = try positive(maxExchangeMarkers, "--max-exchange-markers")
    }
  }
}
