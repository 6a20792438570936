import ArgumentParser
import Cassettes
import Planning

/// The options by which a verb chooses times and chance.
struct PlanningOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "recorded, 2x, instant, gap:20ms, ttft:300ms,rate:50/s or like:CASSETTE, each with "
        + ",jitter:20%, or model:ttft=lognormal(300ms,0.4),gap=lognormal(20ms,0.3).",
      valueName: "pace"),
    completion: .list(["recorded", "instant", "2x", "10x", "gap:20ms", "like:"]))
  var pace: String?

  @Option(help: ArgumentHelp("The longest recorded gap to keep, like 2s.", valueName: "duration"))
  var idleTimeLimit: String?

  @Option(help: ArgumentHelp("The seed for all random choices, 0 by default.", valueName: "n"))
  var seed: String?

  @Option(
    help: ArgumentHelp(
      "The largest answer, 128MiB by default.", valueName: "size"))
  var maxPlan: String?

  /// The names of the options.
  static let names = ["pace", "idle-time-limit", "seed", "max-plan"]

  /// A planner that keeps to the limit.
  func planner() throws -> Planner { Planner(wireLimitBytes: try planLimitBytes()) }

  /// The most bytes that one answer may have.
  func planLimitBytes() throws -> Int {
    try maxPlan.map { try OptionValue.size($0, "--max-plan") } ?? PlanLimits.wireBytes
  }

  /// What the options say, as directives.
  func directives() throws -> Directives {
    var directives = Directives()
    if let pace { directives.pace = try OptionValue.parsed("--pace") { try Pace(parsing: pace) } }
    if let seed { directives.seed = try OptionValue.parsed("--seed") { try Quantity.seed(seed) } }
    return directives
  }

  /// The longest recorded gap to keep.
  func limit() throws -> Microseconds? {
    try idleTimeLimit.map { try OptionValue.duration($0, "--idle-time-limit") }
  }
}
