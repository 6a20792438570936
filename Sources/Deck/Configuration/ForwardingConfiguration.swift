public import Cassettes
public import Recorder

/// Whether and how a deck forwards requests, and where it records what comes back.
public struct ForwardingConfiguration: Sendable {
  /// What becomes of an upstream's answer when the client leaves before its end.
  public enum ClientClose: String, CaseIterable, Sendable {
    /// It is read on to its end, so that the recording is whole.
    case drain
    /// It is given up, and recorded as `cancelled`.
    case cancel
  }

  /// Which requests are forwarded, and whether answers are recorded.
  public var mode = RecordMode.replay

  /// Where requests are forwarded to.
  public var upstreams = Upstreams()

  /// Whether requests are forwarded for clients on other machines too, where the deck lets them in.
  ///
  /// Who can reach such a deck can spend the keys of whoever runs it.
  public var forwardsForOtherMachines = false

  /// Where recordings go; a mode that records needs one.
  public var target: RecordTarget?

  /// What happens when the client leaves before the end.
  public var onClientClose = ClientClose.drain

  /// How long an answer is read on without its client; 60 s unless told otherwise.
  public var clientCloseTimeout = Microseconds(saturating: 60_000_000)

  /// How upstreams are asked.
  ///
  /// Of an answer that exceeds its limits of bytes or chunks the rest is not recorded, and goes on
  /// to the client all the same.
  public var options = RecordingOptions(reusesConnections: true)

  /// The bytes that may wait for one client before its upstream is paused; 1 MiB unless told
  /// otherwise.
  public var pendingBytes = 1 << 20

  /// Creates a configuration that forwards nothing.
  public init() {}
}
