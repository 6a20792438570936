public import Cassettes
package import Judging
public import Planning
package import Quotas
internal import Units

/// How a deck serves: where it listens, what it takes from a client, and what requests get by
/// default.
public struct DeckConfiguration: Sendable {
  /// The address to listen on, loopback by default.
  public var host = "127.0.0.1"

  /// The port to listen on, 0 for any that is free.
  public var port = 0

  /// How many event loops share the streams; 0 for one a core.
  public var threads = 0

  /// The number of threads that this machine is to use for one kind of work.
  var threadCount: Int { threads > 0 ? threads : Processors.count }

  /// What a request's own directives are laid over.
  public var directives = Directives()

  /// The longest interval that a recorded pace keeps, or nil for any.
  public var idleTimeLimit: Microseconds?

  /// Whether `~` segments and the header `tapedeck` are read at all.
  public var readsDirectives = true

  /// Whether a request without a session is answered with 400.
  public var requiresSession = false

  /// Whether only an exchange with an equal request body matches.
  public var matchesBody = false

  /// Whether requests are forwarded and recorded, and where to.
  public var forwarding = ForwardingConfiguration()

  /// Told at once, in one line, what a user of the deck should know: that a recording is lost.
  public var onWarning: @Sendable (String) -> Void = { _ in }

  /// Told of each request when its answer has ended, but for those of the deck's own pages; from
  /// one thread, and never so late that the deck waits for it: where it is slow, some are left out.
  public var onServed: (@Sendable (ServedRequest) -> Void)?

  /// The folder that holds a cassette for each session, or nil where sessions choose from all: a
  /// request that names a session and no cassette then has that session's own to choose from.
  var sessionFolder: String? {
    if case .folder(let path) = forwarding.target { path } else { nil }
  }

  /// The status of the answer to a request that nothing matches; 404 unless told otherwise.
  public var missStatus = 404

  /// How the deck behaves like a loaded provider; not at all unless told otherwise.
  package var provider = ProviderLimits()

  /// Where a client's conduct begins to be wrong.
  package var conduct = ConductLimits()

  /// Whether it is taken down when the bytes of an answer go out, for pictures.
  package var tracesWrites = false

  /// Names by which clients may call the deck, beside its addresses: `NAME`, or `NAME:PORT` for
  /// that port only.
  public var allowedHosts: [String] = []

  /// Origins whose web pages may ask the deck, beside those of the machine itself, as browsers
  /// write them: `https://app.example`, or `null`. (RFC 6454, 6.2)
  public var allowedOrigins: [String] = []

  /// Whether a client that ends its side of the connection still gets the answer that is under way;
  /// else it has left.
  public var keepsHalfClosed = false

  /// The bearer token without which nobody sees the deck's own pages, or nil for none. (RFC 6750)
  ///
  /// Without one, a deck that listens beyond loopback shows its health only.
  public var token: String?

  /// Whether the deck listens for other machines too.
  public var isBeyondLoopback: Bool {
    // A name may begin like an address of loopback and be of any machine.
    let isNumber = host.utf8.allSatisfy { ".0123456789".utf8.contains($0) }
    return !(host == "localhost" || host == "::1" || (isNumber && host.hasPrefix("127.")))
  }

  /// Makes sure that a deck may serve like that.
  ///
  /// A deck that forwards spends the keys of whoever runs it, so one that other machines reach must
  /// be told that this is meant.
  ///
  /// - Throws: What is missing.
  package func validate() throws(DeckConfigurationError) {
    guard forwarding.mode.forwards else { return }
    guard !isBeyondLoopback || forwarding.forwardsForOtherMachines else {
      throw .forwardsForOtherMachines(host: host)
    }
    guard !forwarding.upstreams.isEmpty else { throw .lacksUpstream(forwarding.mode) }
    guard !forwarding.mode.records || forwarding.target != nil else {
      throw .lacksTarget(forwarding.mode)
    }
  }

  /// What a client may send and hold.
  public var limits = DeckLimits()

  /// How long streams may go on once the deck was told to stop.
  public var drainTimeout = Microseconds(saturating: 5_000_000)

  /// Creates a configuration with every default.
  public init() {}
}

/// Why a deck may not serve as it is configured.
public enum DeckConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// It listens for other machines and forwards what they ask, and nobody said that this is meant.
  case forwardsForOtherMachines(host: String)

  /// It forwards, and nothing says where to.
  case lacksUpstream(RecordMode)

  /// It records, and nothing says where to.
  case lacksTarget(RecordMode)

  /// One sentence: what is wrong, and what to set.
  public var description: String {
    switch self {
    case .forwardsForOtherMachines(let host):
      "the host \(host) lets other machines in, and their requests would be forwarded: set "
        + "'forwarding.forwardsForOtherMachines' if this is intended"
    case .lacksUpstream(let mode):
      "the mode '\(mode.rawValue)' forwards requests: add a URL to 'forwarding.upstreams'"
    case .lacksTarget(let mode):
      "the mode '\(mode.rawValue)' records: set 'forwarding.target' to a cassette or a folder"
    }
  }
}

/// What a client may send and hold before it is refused.
public struct DeckLimits: Sendable {
  /// The bytes of a request head, 431 above it; 64 KiB unless told otherwise.
  public var headBytes = 64 << 10

  /// The bytes of a request body, 413 above it; 32 MiB unless told otherwise.
  public var bodyBytes = 32 << 20

  /// The bytes of all request bodies under way together, 503 beyond them; 256 MiB unless told
  /// otherwise.
  public var bodiesBytes = 256 << 20

  /// The connections at a time, 503 above it; 16,384 unless told otherwise.
  public var connections = 16_384

  /// The time that a connection may be open without a whole request; 60 s unless told otherwise.
  public var idle = Microseconds(saturating: 60_000_000)

  /// How long a client may take nothing before it is reset with bytes that it has not acknowledged;
  /// 10 s unless told otherwise.
  public var reset = Microseconds(saturating: 10_000_000)

  /// How long a client may take nothing of what is written to it, 30 s unless told otherwise.
  ///
  /// After that it is dropped. What a fault or a pace holds back is not written yet.
  public var write = Microseconds(saturating: 30_000_000)

  /// The sessions that the deck remembers, 503 for one more; 100,000 unless told otherwise.
  public var sessions = 100_000

  /// The distinct requests that one session remembers, 503 for one more; 100,000 unless told
  /// otherwise.
  public var requestsPerSession = 100_000

  /// The bytes that all sessions together may take up, 503 beyond them; 256 MiB unless told
  /// otherwise.
  public var sessionBytes = 256 << 20

  /// The requests that the journal remembers, the newest; 10,000 unless told otherwise.
  public var journalEntries = 10_000

  /// About how many bytes the journal may take up; 32 MiB unless told otherwise.
  public var journalBytes = 32 << 20

  /// About how many bytes the exchanges may take up that the deck itself recorded and serves; one
  /// more is served from its file by the next deck; 512 MiB unless told otherwise.
  public var recordedBytes = 512 << 20

  /// The wire bytes of one plan, 400 above it; 128 MiB unless told otherwise.
  public var planBytes = PlanLimits.wireBytes

  /// The wire bytes of the plans that are kept for the next request; 256 MiB unless told otherwise.
  public var cachedPlanBytes = 256 << 20

  /// Creates limits with every default.
  public init() {}
}
