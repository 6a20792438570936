import ArgumentParser
import Cassettes
import Deck
import Planning
import Recorder

/// Whether the deck forwards and records, and how it asks upstreams.
struct ForwardingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Where requests go: a URL, or /PREFIX=URL for the paths below it; may repeat.",
      valueName: "url"))
  var upstream: [String] = []

  @Option(
    help: ArgumentHelp(
      "replay (none): from cassettes only; auto (new_episodes): forward and record what does not "
        + "match; record (all): always; once: as auto where the cassette is new, else replay; "
        + "passthrough: forward, record nothing.", valueName: "mode"))
  var mode = "replay"

  @Option(
    help: ArgumentHelp(
      "Record to this cassette, or to one cassette a session in this folder; served too.",
      valueName: "path"))
  var recordTo: String?

  @Option(
    help: ArgumentHelp(
      "drain: read an answer to its end when its client leaves; cancel: give it up.",
      valueName: "what"))
  var onClientClose = ForwardingConfiguration.ClientClose.drain.rawValue

  @Option(
    help: ArgumentHelp(
      "How long an answer is read on without its client, 60s by default.", valueName: "duration"))
  var clientCloseTimeout: String?

  @Flag(help: "Forward for clients on other machines too.")
  var allowRemoteRecord = false

  @Option(help: ArgumentHelp("Trust the certificates in this PEM file.", valueName: "file"))
  var cacert: String?

  @Flag(name: [.customShort("k"), .long], help: "Do not verify an upstream's certificate.")
  var insecure = false

  @Flag(name: .customLong("http1.1"), help: "Do not offer HTTP/2 to upstreams.")
  var http11 = false

  @Option(help: ArgumentHelp("Until connected, 30s by default.", valueName: "duration"))
  var connectTimeout: String?

  @Option(help: ArgumentHelp("Until the answer begins, 10m by default.", valueName: "duration"))
  var firstByteTimeout: String?

  @Option(
    help: ArgumentHelp("Between an upstream's chunks, 10m by default.", valueName: "duration"))
  var upstreamIdleTimeout: String?

  @Option(
    help: ArgumentHelp("The largest body that is recorded, 64MiB by default.", valueName: "size"))
  var maxBytes: String?

  @Option(
    help: ArgumentHelp("The most chunks that are recorded, 4000000 by default.", valueName: "n"))
  var maxChunks: Int?

  @Option(
    help: ArgumentHelp(
      "What may wait for a slow client before its upstream is paused, 1MiB by default.",
      valueName: "size"))
  var maxPending: String?

  /// The names of the options that take a value.
  static let names = [
    "upstream", "mode", "record-to", "on-client-close", "client-close-timeout", "cacert",
    "connect-timeout", "first-byte-timeout", "upstream-idle-timeout", "max-bytes", "max-chunks",
    "max-pending",
  ]

  /// Those of them that may repeat.
  static let repeatable = ["upstream"]

  /// The names of the flags.
  static let flags = ["allow-remote-record", "insecure", "http1.1"]

  /// What was chosen.
  func configuration() throws -> ForwardingConfiguration {
    var configuration = ForwardingConfiguration()
    configuration.mode = try chosenMode()
    for upstream in upstream { try configuration.upstreams.add(parsing: upstream) }
    configuration.target = recordTo.map(RecordTarget.init(path:))
    guard let onClientClose = ForwardingConfiguration.ClientClose(rawValue: onClientClose) else {
      throw Failure(.usage, "--on-client-close \(onClientClose): there are drain and cancel")
    }
    configuration.onClientClose = onClientClose
    if let clientCloseTimeout {
      configuration.clientCloseTimeout = try OptionValue.duration(
        clientCloseTimeout, "--client-close-timeout")
    }
    if let maxPending {
      configuration.pendingBytes = try OptionValue.size(maxPending, "--max-pending")
    }
    configuration.options = try options()
    try check(configuration)
    return configuration
  }

  private func chosenMode() throws -> RecordMode {
    guard let mode = RecordMode(named: mode) else {
      let names = RecordMode.allCases.map(\.rawValue).joined(separator: ", ")
      let aliases = RecordMode.aliases.keys.sorted().joined(separator: ", ")
      throw Failure(.usage, "--mode \(mode): there are \(names), and as other names \(aliases)")
    }
    return mode
  }

  private func check(_ configuration: ForwardingConfiguration) throws {
    let mode = configuration.mode
    guard mode.forwards else { return }
    guard !configuration.upstreams.isEmpty else {
      throw Failure(.usage, "--mode \(self.mode) needs --upstream URL, to which requests go")
    }
    guard !mode.records || !(recordTo ?? "").isEmpty else {
      throw Failure(
        .usage, "--mode \(self.mode) needs --record-to, a cassette or a folder for recordings")
    }
    guard mode.records || recordTo == nil else {
      throw Failure(.usage, "--mode \(self.mode) records nothing: leave --record-to out")
    }
  }

  private func options() throws -> RecordingOptions {
    var options = ForwardingConfiguration().options
    options.caFile = cacert
    options.insecure = insecure
    options.http2 = !http11
    if let connectTimeout {
      options.connectTimeout = try ConnectionOptions.timeout(connectTimeout, "--connect-timeout")
    }
    if let firstByteTimeout {
      options.firstByteTimeout = try ConnectionOptions.timeout(
        firstByteTimeout, "--first-byte-timeout")
    }
    if let upstreamIdleTimeout {
      options.idleTimeout = try ConnectionOptions.timeout(
        upstreamIdleTimeout, "--upstream-idle-timeout")
    }
    if let maxBytes { options.maxBytes = try OptionValue.size(maxBytes, "--max-bytes") }
    if let maxChunks { options.maxChunks = try positive(maxChunks, "--max-chunks") }
    return options
  }
}
