internal import Cassettes
internal import Matching
internal import Planning
internal import Units

/// What the deck keeps of one request.
///
/// It is kept as it came: what a reader sees is redacted and put into words only when it is read,
/// so that an entry costs a request next to nothing.
struct JournalEntry: Sendable {
  /// Who said which attempt a request is.
  enum AttemptSource: String, Sendable {
    case directive, session, header, unnamed
  }

  /// How an exchange was found.
  enum Match: String, Sendable {
    /// Its request body is equal.
    case exact
    /// Its request body is another.
    case loose
    /// The request named it by number.
    case directive
  }

  /// Who ended an answer, and how.
  enum Ended: Hashable, Sendable {
    /// The deck, as it was to end; a reset, when everything before it had been acknowledged.
    case planned(Ending.Kind)
    /// The deck, with RST, before everything was acknowledged: the client took nothing for too
    /// long.
    case resetUnacknowledged
    /// The deck, with RST, since the client took nothing of what was written for too long.
    case writeTimeout
    /// The client, which left before the end.
    case client
    /// The deck, which was told to stop.
    case drain

    static let complete = Ended.planned(.complete)
    static let disconnect = Ended.planned(.disconnect)
    static let reset = Ended.planned(.reset)
    static let hang = Ended.planned(.hang)

    /// All of them, in the order in which they are counted.
    static let all: [Ended] = [
      .complete, .disconnect, .reset, .resetUnacknowledged, .writeTimeout, .hang, .client, .drain,
    ]

    /// What the journal calls it.
    var word: String {
      switch self {
      case .planned(let kind): kind.behindBytes.rawValue
      case .resetUnacknowledged: "reset-unacknowledged"
      case .writeTimeout: "write-timeout"
      case .client: "client"
      case .drain: "drain"
      }
    }

    /// Whether the answer ended as it was to.
    var isWhole: Bool {
      switch self {
      case .planned, .resetUnacknowledged: true
      case .writeTimeout, .client, .drain: false
      }
    }
  }

  /// What was chosen to answer the request.
  struct Choice: Sendable {
    /// The exchange, as it was called when it was chosen.
    var exchange: ExchangeName
    var match: Match
    var pace: Pace
    var seed: UInt64
    /// The faults that fire as far as the answer gets.
    var faults: [FiredFault]
    /// What a person should know, such as which fault did not fire, and why.
    var notes: [String]
    /// Whether replaying it draws on chance, which depends on the session.
    var needsSession: Bool
  }

  /// What went out.
  struct Delivery: Hashable, Sendable {
    /// Body bytes.
    var bytes: Int
    /// Events whose last byte is among them.
    var events: Int
    var ended: Ended
    /// How late the latest write was.
    var latenessNanoseconds: Int64
    /// The faults that have fired.
    var faults: [FiredFault] = []
    /// How long the request had waited for its turn.
    var queuedNanoseconds: Int64 = 0
  }

  /// When the request had come whole, in microseconds since 1970.
  var at: Int64

  /// The same by the clock that never goes back.
  var arrival = Instant.now()

  /// The method, or nil where what came is no request.
  var method: String?

  /// The request target without directives, or nil where what came is no request.
  var target: String?

  /// The directives in front of the path, as they were written.
  var prefix = ""

  /// The value of the request header that carries directives.
  var header = ""

  /// The session that the request names.
  var session: String?

  /// Which try of the same request it is, or nil where it was refused before that was asked.
  var attempt: (number: Int, source: AttemptSource)?

  /// How its client behaves, or nil where it was refused before that was asked.
  var conduct: Conduct?

  /// The exchange that answers it, or nil where the deck itself does.
  var choice: Choice?

  /// What was asked upstream, or nil where nothing was forwarded.
  var upstream: String?

  /// What a person should know of a request that was forwarded.
  var notes: [String] = []

  /// The exchange that was recorded of what was forwarded.
  var recorded: ExchangeName?

  /// Why there is no exchange.
  var refusal: String?

  /// How a request whose body no exchange has differs from the nearest one, or from what it was
  /// answered with all the same.
  var missDetail: MissDetail?

  /// What the provider's limits said, or nil where there are none, or it did not get so far.
  var limit: LimitNote?

  /// The status code, or nil where no whole head goes out.
  var status: Int?

  /// What went out, or nil while the answer is under way.
  var delivery: Delivery?

  /// The faults that fired, or that fire as far as an answer under way gets.
  var faults: [FiredFault] { delivery?.faults ?? choice?.faults ?? [] }

  /// The faults that were to fire behind where the answer ended.
  var unreachedFaults: [FiredFault] {
    guard let delivery, let choice, choice.faults.count > delivery.faults.count else { return [] }
    return choice.faults.filter { !delivery.faults.contains($0) }
  }

  /// About how much memory it takes.
  var sizeBytes: Int {
    let asked = (method?.utf8.count ?? 0) + (target?.utf8.count ?? 0) + (session?.utf8.count ?? 0)
    let said = prefix.utf8.count + header.utf8.count + (refusal?.utf8.count ?? 0)
    let noted = (notes + (choice?.notes ?? [])).reduce(0) {
      $0 + Self.sizeBytes(ofNote: $1)
    }
    let came =
      (missDetail?.sizeBytes ?? 0) + (upstream?.utf8.count ?? 0) + (limit?.sizeBytes ?? 0)
    return 500 + asked + said + came + noted + (choice?.faults.count ?? 0)
      * 400
  }

  /// About how many bytes a sentence of the notes takes up.
  static func sizeBytes(ofNote note: String) -> Int { 32 + note.utf8.count }
}
