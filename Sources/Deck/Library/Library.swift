public import Cassettes
public import JSON
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

    /// When it was recorded, in microseconds since 1970.
    var recordedAt: Int64
  }

  /// All entries, cassette by cassette, in their places.
  public private(set) var entries: [Entry] = []

  /// The cassettes' names, in the order in which they were given, with the entries of each.
  public private(set) var cassettes: [(name: String, entries: Range<Int>)] = []

  /// The entries of each method and path, in recorded order.
  private var index: [RequestLine: [Int]] = [:]

  private let ignoredPointers: [JSONPointer]

  /// What is covered in requests before they are compared.
  public let rules: RedactionRules

  /// Creates an empty library.
  ///
  /// - Parameters:
  ///   - ignoredPointers: what body comparison leaves out.
  ///   - rules: what is covered before requests are compared: the rules by which they were recorded.
  public init(ignoring ignoredPointers: [JSONPointer] = [], rules: RedactionRules = .standard) {
    self.ignoredPointers = ignoredPointers
    self.rules = rules
  }

  /// Reads every cassette at the paths; a folder stands for all `.tape` files below it.
  ///
  /// - Throws: where a path is missing, or a cassette cannot be read whole.
  public init(
    paths: [String], ignoring ignoredPointers: [JSONPointer] = [],
    rules: RedactionRules = .standard, limits: CassetteLimits = .init()
  ) throws(CassetteError) {
    self.init(ignoring: ignoredPointers, rules: rules)
    var read: Set<CassettePath.Identity> = []
    for path in paths {
      for file in try CassettePath.files(at: path) {
        // Served twice, a recording would answer two attempts.
        if let identity = CassettePath.Identity(of: file.path), !read.insert(identity).inserted {
          continue
        }
        let exchanges = try CassetteReader.readAll(path: file.path, limits: limits)
        append(cassette: file.name, exchanges, path: file.path)
      }
    }
    for line in index.keys { sort(line) }
  }

  /// Adds a cassette's exchanges, which are in the order of their places.
  public mutating func add(cassette name: String, _ exchanges: [Exchange], path: String? = nil) {
    let start = entries.count
    append(cassette: name, exchanges, path: path ?? name)
    for line in Set(entries[start...].map(\.request.line)) { sort(line) }
  }

  /// Adds a cassette's exchanges without putting them into recorded order.
  private mutating func append(cassette name: String, _ exchanges: [Exchange], path: String) {
    let start = entries.count
    for (place, exchange) in exchanges.enumerated() {
      entries.append(
        Entry(
          cassette: name, path: path, number: place + 1, exchange: exchange,
          request: ComparableRequest(
            exchange.request, ignoring: ignoredPointers, rules: rules),
          recordedAt: Timestamp.microseconds(rfc3339: exchange.request.at) ?? 0))
    }
    cassettes.append((name, start..<entries.count))
    for place in start..<entries.count {
      index[entries[place].request.line, default: []].append(place)
    }
  }

  private mutating func sort(_ line: RequestLine) {
    index[line] = entries(for: line).sorted {
      (entries[$0].recordedAt, $0) < (entries[$1].recordedAt, $1)
    }
  }

  /// The entries of a method and path, in recorded order.
  func entries(for line: RequestLine) -> [Int] { index[line] ?? [] }

  /// The methods that are recorded for a path.
  func methods(for target: String) -> [String] {
    Set(index.keys.lazy.filter { $0.target == target }.map(\.method)).sorted()
  }
}
