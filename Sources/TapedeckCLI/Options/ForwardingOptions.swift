import ArgumentParser
import Cassettes
import Deck
import Planning
import Recorder

/// Whether the deck forwards and records, and how it asks upstreams.
struct ForwardingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The URL to forward requests to, or /PREFIX=URL for the paths below it; may repeat.",
      valueName: "url"))
  var upstream: [String] = []

  @Option(
    help: ArgumentHelp(
      """
      replay (none): answer from cassettes only; auto (new_episodes): forward and record what does \
      not match; record (all): forward and record everything; once: like auto if the cassette is \
      new, else like replay; passthrough: forward, record nothing. replay by default.
      """, valueName: "mode"),
    completion: .list(RecordMode.names))
  var mode: String?

  @Option(
    help: ArgumentHelp(
      "Record to this cassette, or to a folder with one cassette for each session; also served.",
      valueName: "path"), completion: .cassette)
  var recordTo: String?

  @Option(
    help: ArgumentHelp(
      "When a client leaves: drain reads its answer to the end, cancel stops reading.",
      valueName: "what"), completion: .choice(ForwardingConfiguration.ClientClose.self))
  var onClientClose = ForwardingConfiguration.ClientClose.drain.rawValue

  @Option(
    help: ArgumentHelp(
      "How long to go on reading an answer after its client has left, 60s by default.",
      valueName: "duration"))
  var clientCloseTimeout: String?

  @Flag(help: "Forward requests from other machines too.")
  var allowRemoteRecord = false

  @OptionGroup
  var transport: UpstreamOptions

  @Option(
    help: ArgumentHelp(
      "How long an upstream may pause in a stream, 10m by default.", valueName: "duration"))
  var upstreamIdleTimeout: String?

  @Option(
    help: ArgumentHelp(
      "How many bytes may wait for a slow client before its upstream is paused, 1MiB by default.",
      valueName: "size"))
  var maxPending: String?

  /// The names of the options that take a value.
  static let names =
    UpstreamOptions.names + [
      "upstream", "mode", "record-to", "on-client-close", "client-close-timeout",
      "upstream-idle-timeout", "max-pending",
    ]

  /// Those of them that may repeat.
  static let repeatable = ["upstream"]

  /// The names of the flags.
  static let flags = UpstreamOptions.flags + ["allow-remote-record"]

  /// What was chosen.
  func configuration() throws -> ForwardingConfiguration {
    var configuration = ForwardingConfiguration()
    configuration.mode = try chosenMode()
    if !upstream.isEmpty { try StreamRecorder.checkLibcurl() }
    for upstream in upstream { try configuration.upstreams.add(parsing: upstream) }
    configuration.target = recordTo.map(RecordTarget.init(path:))
    guard let onClientClose = ForwardingConfiguration.ClientClose(rawValue: onClientClose) else {
      let names = ForwardingConfiguration.ClientClose.allCases.map(\.rawValue)
      throw Failure(
        .usage,
        "--on-client-close \(self.onClientClose)"
          + Spelling.advice(on: self.onClientClose, among: names))
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
    configuration.forwardsForOtherMachines = allowRemoteRecord
    try check(configuration)
    if mode == nil, !upstream.isEmpty {
      Console.warn(
        "--upstream does nothing without --mode: add --mode auto to record what no cassette answers"
      )
    }
    return configuration
  }

  private func chosenMode() throws -> RecordMode {
    guard let name = mode else {
      return .replay
    }
    guard let mode = RecordMode(named: name) else {
      throw Failure(
        .usage, "--mode \(name)\(Spelling.advice(on: name, among: RecordMode.names))")
    }
    return mode
  }

  private func check(_ configuration: ForwardingConfiguration) throws {
    let mode = configuration.mode
    let name = self.mode ?? mode.rawValue
    guard mode.forwards else { return }
    guard !configuration.upstreams.isEmpty else {
      throw Failure(.usage, "--mode \(name) needs --upstream URL, to which requests go")
    }
    guard !mode.records || !(recordTo ?? "").isEmpty else {
      throw Failure(
        .usage, "--mode \(name) needs --record-to, a cassette or a folder for recordings")
    }
    guard mode.records || recordTo == nil else {
      throw Failure(.usage, "--mode \(name) records nothing: leave out --record-to")
    }
  }

  private func options() throws -> RecordingOptions {
    var options = ForwardingConfiguration().options
    try transport.set(&options)
    if let upstreamIdleTimeout {
      options.idleTimeout = try UpstreamOptions.timeout(
        upstreamIdleTimeout, "--upstream-idle-timeout")
    }
    return options
  }
}
