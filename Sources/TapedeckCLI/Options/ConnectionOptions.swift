import ArgumentParser
import Recorder

/// How a recorder of one request connects, and when it gives up.
struct ConnectionOptions: ParsableArguments {
  @OptionGroup
  var upstream: UpstreamOptions

  @Flag(name: [.customShort("L"), .long], help: "Follow redirects.")
  var location = false

  @Option(
    help: ArgumentHelp(
      "The longest pause between two chunks, 10m by default: reasoning models pause for minutes.",
      valueName: "duration"))
  var idleTimeout: String?

  @Option(
    help: ArgumentHelp(
      "The longest time for the whole transfer; no limit by default.", valueName: "duration"))
  var maxTime: String?

  /// The names of the options that take a value.
  static let names = UpstreamOptions.names + ["idle-timeout", "max-time"]

  /// The names of the flags.
  static let flags = UpstreamOptions.flags + ["location"]

  /// What was chosen.
  func options() throws -> RecordingOptions {
    var options = RecordingOptions(followRedirects: location)
    try upstream.set(&options)
    if let idleTimeout {
      options.idleTimeout = try UpstreamOptions.timeout(idleTimeout, "--idle-timeout")
    }
    if let maxTime { options.maxTime = try UpstreamOptions.timeout(maxTime, "--max-time") }
    return options
  }
}
