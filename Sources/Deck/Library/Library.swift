public import Cassettes
internal import Planning

/// Every exchange that a deck can serve, and the way to those of a request.
public struct Library: Sendable {
  /// One exchange of one cassette, ready for matching.
  public struct Entry: Sendable {
    /// The cassette's name: its path below a served one, without `.tape`.
    public var cassette: String

    /// The cassette's file, or its name where it was not read from one.
    public var path: String

    /// The exchange's place in its cassette, from 1.
    public var number: Int

    /// The exchange.
    public var exchange: Exchange

    /// What is compared with a request.
    var request: ComparableRequest
  }

  /// All entries, cassette by cassette, in their places.
  public private(set) var entries: [Entry] = []

  /// The cassettes' names, in the order in which they were given, with the entries of each.
  public private(set) var cassettes: [(name: String, entries: Range<Int>)] = []

  /// The entries of each method and path, in recorded order.
  private var index: [RequestLine: [Int]] = [:]

  private let ignoredPointers: [JSONPointer]

  /// Creates an empty library.
  ///
  /// - Parameter ignoredPointers: what body comparison leaves out.
  public init(ignoring ignoredPointers: [JSONPointer] = []) {
    self.ignoredPointers = ignoredPointers
  }

  /// Reads every cassette at the paths; a folder stands for all `.tape` files below it.
  ///
  /// - Throws: where a path is missing, or a cassette cannot be read whole.
  public init(
    paths: [String], ignoring ignoredPointers: [JSONPointer] = [], limits: CassetteLimits = .init()
  ) throws(CassetteError) {
    self.init(ignoring: ignoredPointers)
    var read: Set<CassettePath.Identity> = []
    for path in paths {
      for file in try CassettePath.files(at: path) {
        // Served twice, a recording would answer two attempts.
        if let identity = CassettePath.Identity(of: file.path), !read.insert(identity).inserted {
          continue
        }
        let exchanges = try CassetteReader.readAll(path: file.path, limits: limits)
        add(cassette: file.name, exchanges, path: file.path)
      }
    }
  }

  /// Adds a cassette's exchanges, which are in the order of their places.
  public mutating func add(cassette name: String, _ exchanges: [Exchange], path: String? = nil) {
    let start = entries.count
    for (place, exchange) in exchanges.enumerated() {
      entries.append(
        Entry(
          cassette: name, path: path ?? name, number: place + 1, exchange: exchange,
          request: ComparableRequest(exchange.request, ignoring: ignoredPointers)))
    }
    cassettes.append((name, start..<entries.count))
    var touched: Set<RequestLine> = []
    for place in start..<entries.count {
      let line = entries[place].request.line
      index[line, default: []].append(place)
      touched.insert(line)
    }
    for line in touched { index[line] = entries(for: line).sorted(by: wasRecordedBefore) }
  }

  /// The entries of a method and path, in recorded order.
  func entries(for line: RequestLine) -> [Int] { index[line] ?? [] }

  /// The methods that are recorded for a path.
  func methods(for target: String) -> [String] {
    Set(index.keys.lazy.filter { $0.target == target }.map(\.method)).sorted()
  }

  private func wasRecordedBefore(_ a: Int, _ b: Int) -> Bool {
    let first = Timestamp.microseconds(rfc3339: entries[a].exchange.request.at) ?? 0
    let second = Timestamp.microseconds(rfc3339: entries[b].exchange.request.at) ?? 0
    return (first, a) < (second, b)
  }
}
