internal import Matching
internal import Planning

/// The faults that were asked for by name, and whether each has fired by now: for each session, and
/// for the deck itself where nobody asked but its own options.
///
/// Bounded: what is asked beyond the limit is not remembered.
struct AskedFaults: Sendable {
  /// Why a fault did not fire on a request.
  enum Silence: Sendable {
    /// It fires on other attempts than this one.
    case attempt(Int)
    /// It fires on other requests of the session than the one of that number.
    case request(Int)
    /// The recording has no place for it.
    case placeless
    /// The answer came from upstream.
    case forwarded
    /// Nothing matched the request.
    case missed
    /// A limit of the provider refused the request.
    case limited
    /// It was planned, and the answer has not come so far.
    case unreached
    /// There was no request.
    case unasked
  }

  /// Who asked for which fault.
  struct Key: Hashable, Sendable {
    /// The session, "" for the unnamed one, or nil for the deck's own options.
    var session: String?
    var fault: FaultSpec
  }

  /// Who asked for the faults of a request.
  struct Asker: Sendable {
    /// The session; the unnamed one is "".
    var session: String
    /// Whether the request itself did, and not the deck's own options.
    var isOwn: Bool

    /// The key of one of them.
    func key(of fault: FaultSpec) -> Key { Key(session: isOwn ? session : nil, fault: fault) }
  }

  private struct State: Sendable {
    let place: Int
    var hasFired = false
    var silence: Silence
  }

  /// About how many bytes they may take up.
  static let limitBytes = 16 << 20

  private var states: [Key: State] = [:]
  private var bytes = 0

  /// Takes in that a fault was asked for, and why it has not fired by now.
  mutating func note(_ key: Key, silence: Silence) {
    guard key.fault.name != "chaos" else { return }
    if states[key] == nil {
      let size = 400 + (key.session?.utf8.count ?? 0) + key.fault.sizeBytes
      guard bytes + size <= Self.limitBytes else { return }
      bytes += size
      states[key] = State(place: states.count, silence: silence)
    }
    states[key]?.silence = silence
  }

  /// Takes in that a fault that was asked for has fired.
  mutating func fire(_ key: Key) { states[key]?.hasFired = true }

  /// Those that have not fired, in the order in which they were first asked for.
  var unfired: [(key: Key, silence: Silence)] {
    states.filter { !$0.value.hasFired }.sorted { $0.value.place < $1.value.place }
      .map { ($0.key, $0.value.silence) }
  }
}

extension AskedFaults.Silence: CustomStringConvertible {
  /// The reason, as the end of a sentence.
  var description: String {
    switch self {
    case .attempt(let number): "the last request was attempt \(number)"
    case .request(let number): "the last request was number \(number) of its session"
    case .placeless: "the place is not in the recording"
    case .forwarded: "the answer came from upstream"
    case .missed: "nothing matched the request"
    case .limited: "a limit refused the last request"
    case .unreached: "the answer ended before its place"
    case .unasked: "there was no request"
    }
  }
}
