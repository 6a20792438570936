import ArgumentParser
import Cassettes
import Recorder

/// How a server is asked, be it by a recorder or by a deck that records through.
struct UpstreamOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Trust the certificates in this PEM file.", valueName: "file"),
    completion: .file(extensions: ["pem", "crt"]))
  var cacert: String?

  @Flag(name: [.customShort("k"), .long], help: "Do not verify the server's certificate.")
  var insecure = false

  @Flag(name: .customLong("http1.1"), help: "Do not offer HTTP/2.")
  var http11 = false

  @Option(
    help: ArgumentHelp("The longest time to connect, 30s by default.", valueName: "duration"))
  var connectTimeout: String?

  @Option(
    help: ArgumentHelp(
      "The longest wait until an answer begins, 10m by default.", valueName: "duration"))
  var firstByteTimeout: String?

  @Option(
    help: ArgumentHelp("The largest body to record, 64MiB by default.", valueName: "size"))
  var maxBytes: String?

  @Option(
    help: ArgumentHelp("The most chunks to record, 1000000 by default.", valueName: "n"))
  var maxChunks: Int?

  /// The names of the options that take a value.
  static let names = [
    "cacert", "connect-timeout", "first-byte-timeout", "max-bytes", "max-chunks",
  ]

  /// The names of the flags.
  static let flags = ["insecure", "http1.1"]

  /// Puts what was chosen into the options of a recording.
  func set(_ options: inout RecordingOptions) throws {
    options.caFile = cacert
    options.insecure = insecure
    options.http2 = !http11
    if let connectTimeout {
      options.connectTimeout = try Self.timeout(connectTimeout, "--connect-timeout")
    }
    if let firstByteTimeout {
      options.firstByteTimeout = try Self.timeout(firstByteTimeout, "--first-byte-timeout")
    }
    if let maxBytes { options.maxBytes = try OptionValue.size(maxBytes, "--max-bytes") }
    if let maxChunks { options.maxChunks = try positive(maxChunks, "--max-chunks") }
  }

  /// A timeout as it is written: one of no length would fail whatever is asked.
  static func timeout(_ text: String, _ option: String) throws -> Duration {
    let count = try OptionValue.duration(text, option).count
    guard count > 0 else {
      throw Failure(.usage, "\(option): \(text) leaves no time: use a longer one")
    }
    return .microseconds(count)
  }
}
