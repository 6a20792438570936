public import Cassettes

extension Library {
  /// One exchange of one cassette, ready for matching.
  public final class Entry: Sendable {
    /// Who brought an exchange into the library.
    package enum Origin: Hashable, Sendable {
      /// It was read from a file.
      case file
      /// This deck recorded it, for the session of that name; the unnamed one is "".
      case recorded(session: String)
    }

    /// Where an entry stands among those of its method and path: cassettes by the time of their
    /// first exchange, and on a cassette by place, since a clock may step back.
    struct Rank: Comparable, Sendable {
      /// When the first exchange of its cassette was recorded, in microseconds since 1970.
      var recordedAt: Int64
      /// The `order` of its cassette.
      var cassette: Int
      var number: Int

      static func < (a: Self, b: Self) -> Bool {
        (a.recordedAt, a.cassette, a.number) < (b.recordedAt, b.cassette, b.number)
      }
    }

    /// What tells it from every other entry that the library ever had.
    public let id: Int

    /// The cassette's name: its path below a served one, without `.tape`.
    public let cassette: String

    /// The cassette's file, or its name where it was not read from one.
    public let path: String

    /// The exchange's place in its cassette, from 1.
    public var number: Int { rank.number }

    /// The exchange.
    public let exchange: Exchange

    /// What is compared with a request.
    package let request: ComparableRequest

    let rank: Rank
    package let origin: Origin

    package init(
      id: Int, _ exchange: Exchange, _ request: ComparableRequest, in cassette: Cassette,
      number: Int, origin: Origin, recordedAt: Int64? = nil
    ) {
      self.id = id
      self.cassette = cassette.name
      path = cassette.path
      self.exchange = exchange
      self.request = request
      self.origin = origin
      rank = Rank(
        recordedAt: recordedAt ?? cassette.recordedAt ?? Self.recordedAt(exchange),
        cassette: cassette.order, number: number)
    }

    /// When an exchange was recorded, in microseconds since 1970.
    package static func recordedAt(_ exchange: Exchange) -> Int64 {
      Timestamp.microseconds(rfc3339: exchange.request.at) ?? 0
    }

    /// The same entry in another place, or of another origin.
    ///
    /// `recordedAt` says when the first exchange of the cassette was recorded, where that changed.
    package init(_ entry: Entry, number: Int, origin: Origin, recordedAt: Int64? = nil) {
      id = entry.id
      cassette = entry.cassette
      path = entry.path
      exchange = entry.exchange
      request = entry.request
      self.origin = origin
      rank = Rank(
        recordedAt: recordedAt ?? entry.rank.recordedAt, cassette: entry.rank.cassette,
        number: number)
    }

    /// What tells a recording from others: the identity that its recorder gave it, and its time.
    package struct Recording: Hashable, Sendable {
      package var id: String
      package var at: String

      package init(_ exchange: Exchange) {
        id = exchange.request.id
        at = exchange.request.at
      }
    }

    /// About how much memory it takes up, where this deck recorded it; else 0, since what was read
    /// is bounded by the limits of reading.
    package var recordedBytes: Int { origin == .file ? 0 : Self.sizeBytes(of: exchange) }

    /// About how much memory an exchange takes up here; its request body is kept in two forms.
    package static func sizeBytes(of exchange: Exchange) -> Int {
      2048 + exchange.body.count + exchange.chunks.count * MemoryLayout<Chunk>.stride
        + exchange.request.body.count * 2
    }
  }

  /// A cassette, and what is on it.
  public struct Cassette: Sendable {
    /// Its path below a served one, without `.tape`.
    public let name: String

    /// Its file, or its name where it was not read from one.
    public let path: String

    /// Its file as the system calls it, whatever links lead there.
    package let resolvedPath: String

    /// Its entries, in their places.
    public internal(set) var entries: [Entry] = []

    /// Its place in the order in which cassettes came.
    package let order: Int

    /// When its first exchange was recorded, or nil while it is empty.
    package var recordedAt: Int64? { entries.first.map { $0.rank.recordedAt } }

    /// The entry of a number, from 1, or nil where there is none.
    package func entry(_ number: Int) -> Entry? {
      entries.indices.contains(number - 1) ? entries[number - 1] : nil
    }
  }
}

extension Library {
  /// Passes over every entry of a library, cassette by cassette, without a list of them.
  package struct EntryIterator: IteratorProtocol, Sendable {
    private let library: Library
    private var cassette = 0
    private var entry = 0

    package init(_ library: Library) { self.library = library }

    package mutating func next() -> Entry? {
      while cassette < library.cassettes.count {
        let entries = library.cassettes[cassette].entries
        if entry < entries.count {
          defer { entry += 1 }
          return entries[entry]
        }
        (cassette, entry) = (cassette + 1, 0)
      }
      return nil
    }
  }
}
