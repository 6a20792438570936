import ArgumentParser
import Quotas

/// How a deck behaves like a loaded provider.
struct ProviderOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      What a client may have, like requests=50/m, input-tokens=40000/m, output-tokens=8000/m or \
      concurrency=20,queue=100; each with ,per=session, key or all, ,status=CODE and \
      ,like=azure (whose headers); may repeat.
      """, valueName: "limit"))
  var limit: [String] = []

  @Option(
    help: ArgumentHelp(
      "When every request gets an error, from the deck's start, like 10s..15s=529; may repeat.",
      valueName: "times"))
  var outage: [String] = []

  @Option(
    help: ArgumentHelp(
      "At how many active streams all gaps are twice as long; they stretch with each stream.",
      valueName: "n"))
  var slowdown: String?

  /// The names of the options.
  static let names = ["limit", "outage", "slowdown"]

  /// Those of them that may repeat.
  static let repeatable = ["limit", "outage"]

  /// The limits that were chosen.
  func limits() throws -> ProviderLimits {
    var limits = ProviderLimits()
    try OptionValue.parsed("--limit") {
      for text in limit { try limits.add(ProviderLimit(parsing: text)) }
    }
    try OptionValue.parsed("--outage") {
      for text in outage { try limits.add(Outage(parsing: text)) }
    }
    if let slowdown {
      limits.slowdown = try OptionValue.parsed("--slowdown") { try Slowdown(parsing: slowdown) }
    }
    return limits
  }
}
