public import Cassettes
internal import Digests

/// The timed wire actions that a replay performs: a pure value, the same on every machine.
///
/// It is what an encoder makes of a `PlannedMessage`. All bytes stand in one buffer, in the order
/// in which they go out; each action says how far into it the wire is once it has been performed,
/// so that actions due together are one write.
public struct Plan: Sendable {
  /// One thing that a replay does at a time.
  public struct Action: Hashable, Sendable {
    /// The kinds of action.
    public enum Kind: String, Sendable {
      /// The response head goes out.
      case head
      /// Body bytes go out.
      case send
      /// The exchange ends, as `Plan.ending` says.
      case finish
    }

    /// The kind of action.
    public var kind: Kind

    /// When it is due, from the request's arrival.
    public var at: Microseconds

    /// The offset in `wire` just after the action's last byte.
    public var wireEnd: Int

    /// The part of `wire` that is body bytes, empty for a head and a finish.
    public var body: Range<Int>
  }

  /// What a client sees behind the last byte, never `malformed`: that stands among the bytes.
  public typealias Ending = Cassettes.Ending.Kind

  /// The `id` of the exchange that is planned.
  public var exchangeID: String

  /// Which try of the same request is planned, from 1.
  public var attempt: Int

  /// The seed of all chance in the plan.
  public var seed: UInt64

  /// The status code, or nil where no whole head goes out.
  public var status: Int?

  /// The faults that fire as far as the answer gets, in the order in which they were asked for.
  public var firedFaults: [FiredFault]

  /// The actions, in the order in which they are performed; their times never decrease.
  public var actions: [Action]

  /// Every byte that goes out, head and framing included.
  public var wire: [UInt8]

  /// Where in `wire` times stand that depend on when the answer goes out.
  package var times: [WireTime] = []

  /// What the answer tells its client about trying again.
  package var advice = RetryAdvice()

  /// A time in the wire, as RFC 3339 has it, in whole seconds and UTC: always 20 bytes.
  package struct WireTime: Hashable, Sendable {
    /// Where it stands.
    package var range: Range<Int>

    /// How long after the start of the answer it lies.
    package var after: Microseconds
  }

  /// What a client sees at the end.
  public var ending: Ending

  /// Whether the connection cannot serve another request after a `complete` ending.
  public var closesConnection: Bool

  /// What a person should know of the plan: where it departs from the recording.
  public var notes: [String]

  /// The faults that fire, as they were asked for.
  public var faults: [String] { firedFaults.map(\.asked.description) }

  /// The same faults, each as one that every attempt fires, without chance: places by byte.
  public var pinnedFaults: [FaultSpec] { firedFaults.map(\.pinned) }

  /// How many body bytes a client receives.
  public var bodyBytes: Int { actions.reduce(0) { $0 + $1.body.count } }

  /// SHA-256 over the body bytes that a client receives, in lower-case hexadecimal.
  public var bodySHA256: String {
    var hash = SHA256()
    for action in actions where !action.body.isEmpty { hash.update(wire[action.body]) }
    return hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
