import ArgumentParser
import Cassettes
import Recorder

/// How a recorder connects, and when it gives up.
struct ConnectionOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Trust the certificates in this PEM file.", valueName: "file"))
  var cacert: String?

  @Flag(name: [.customShort("k"), .long], help: "Do not verify the server's certificate.")
  var insecure = false

  @Flag(name: [.customShort("L"), .long], help: "Follow redirects.")
  var location = false

  @Flag(name: .customLong("http1.1"), help: "Do not offer HTTP/2.")
  var http11 = false

  @Option(help: ArgumentHelp("Until connected, 30s by default.", valueName: "duration"))
  var connectTimeout: String?

  @Option(
    help: ArgumentHelp("Until the answer begins, 10m by default.", valueName: "duration"))
  var firstByteTimeout: String?

  @Option(
    help: ArgumentHelp(
      "Between chunks, 10m by default: reasoning models pause for minutes.", valueName: "duration"))
  var idleTimeout: String?

  @Option(help: ArgumentHelp("For everything; no limit by default.", valueName: "duration"))
  var maxTime: String?

  @Option(help: ArgumentHelp("The largest body, 64MiB by default.", valueName: "size"))
  var maxBytes: String?

  @Option(help: ArgumentHelp("The most chunks, 4000000 by default.", valueName: "n"))
  var maxChunks: Int?

  /// The names of the options.
  static let names = [
    "cacert", "connect-timeout", "first-byte-timeout", "idle-timeout", "max-time", "max-bytes",
    "max-chunks",
  ]

  /// The names of the flags.
  static let flags = ["insecure", "location", "http1.1"]

  /// What was chosen.
  func options() throws -> RecordingOptions {
    var options = RecordingOptions(
      caFile: cacert, insecure: insecure, followRedirects: location, http2: !http11)
    if let connectTimeout {
      options.connectTimeout = try Self.timeout(connectTimeout, "--connect-timeout")
    }
    if let firstByteTimeout {
      options.firstByteTimeout = try Self.timeout(firstByteTimeout, "--first-byte-timeout")
    }
    if let idleTimeout { options.idleTimeout = try Self.timeout(idleTimeout, "--idle-timeout") }
    if let maxTime { options.maxTime = try Self.timeout(maxTime, "--max-time") }
    if let maxBytes { options.maxBytes = try OptionValue.size(maxBytes, "--max-bytes") }
    if let maxChunks { options.maxChunks = try positive(maxChunks, "--max-chunks") }
    return options
  }

  /// A timeout as it is written: one of no length would fail whatever is asked.
  static func timeout(_ text: String, _ option: String) throws -> Duration {
    let count = try OptionValue.duration(text, option).count
    guard count > 0 else { throw Failure(.usage, "\(option): \(text) leaves no time at all") }
    return .microseconds(count)
  }
}
