/// How one request is to be served, as far as one source says so.
///
/// Sources are layered: default < config < environment < flag < base URL < header. What a source
/// does not say is left to the one before it.
public struct Directives: Hashable, Sendable {
  /// The client's own replay state, 1 to 128 of `A-Za-z0-9._:[]/-`.
  public var session: String?

  /// The cassette, a path below a served one, without `.tape`.
  public var cassette: String?

  /// The exchange within the cassette, from 1; it skips matching.
  public var exchange: Int?

  /// When things are sent.
  public var pace: Pace?

  /// The faults, in order; an empty list clears those of the sources before.
  public var faults: [FaultSpec]?

  /// The seed of all chance.
  public var seed: UInt64?

  /// Which try of the same request this is, from 1.
  public var attempt: Int?

  /// Creates directives that say nothing.
  public init() {}

  /// These directives, and what they leave open as `lower` says it.
  public func over(_ lower: Directives) -> Directives {
    var merged = self
    merged.session = session ?? lower.session
    merged.cassette = cassette ?? lower.cassette
    merged.exchange = exchange ?? lower.exchange
    merged.pace = pace ?? lower.pace
    merged.faults = faults ?? lower.faults
    merged.seed = seed ?? lower.seed
    merged.attempt = attempt ?? lower.attempt
    return merged
  }
}

extension Directives {
  /// The keys, as they are written.
  public enum Key: String, CaseIterable, Sendable {
    case session, cassette, exchange, pace, fault, seed, attempt
  }

  /// Takes in one `key=value`; only `fault` may be given more than once in a source.
  public mutating func set(_ text: some StringProtocol) throws(DirectiveError) {
    let pair = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard let name = pair.first, let key = Key(rawValue: String(name)) else {
      throw Self.unknown(String(pair.first ?? ""), rest: pair.dropFirst().first.map { String($0) })
    }
    guard pair.count == 2, !pair[1].isEmpty else {
      throw DirectiveError("'\(key.rawValue)' needs a value: \(key.rawValue)=VALUE")
    }
    guard key == .fault || !has(key) else {
      throw DirectiveError("'\(key.rawValue)' is given twice")
    }
    try set(key, to: String(pair[1]))
  }

  /// The key that a name in the wrong case, or with a letter wrong, was meant to be.
  static func key(like name: some StringProtocol) -> Key? {
    let names = Key.allCases.map(\.rawValue)
    return Spelling.nearest(to: String(name), among: names).flatMap { Key(rawValue: $0) }
  }

  /// What to say to a key that there is not.
  private static func unknown(_ name: String, rest: String?) -> DirectiveError {
    let names = Key.allCases.map(\.rawValue)
    let advice = Spelling.advice(on: name, among: names)
    var error = DirectiveError("'\(name)' is not a directive\(advice)")
    guard let meant = key(like: name) else { return error }
    let value = rest.map { "=\($0)" } ?? ""
    error.correction = .init(found: name + value, meant: meant.rawValue + value)
    return error
  }

  private func has(_ key: Key) -> Bool {
    switch key {
    case .session: session != nil
    case .cassette: cassette != nil
    case .exchange: exchange != nil
    case .pace: pace != nil
    case .fault: faults != nil
    case .seed: seed != nil
    case .attempt: attempt != nil
    }
  }

  private mutating func set(_ key: Key, to value: String) throws(DirectiveError) {
    switch key {
    case .session: session = try Self.session(try PercentCoding.decode(value))
    case .cassette: cassette = try PercentCoding.decode(value)
    case .exchange: exchange = try Quantity.ordinal(try PercentCoding.decode(value))
    case .pace: pace = try Pace(parsing: value)
    case .fault: faults = value == "none" ? [] : (faults ?? []) + [try FaultSpec(parsing: value)]
    case .seed: seed = try Quantity.seed(try PercentCoding.decode(value))
    case .attempt: attempt = try Quantity.ordinal(try PercentCoding.decode(value))
    }
    guard faults?.count ?? 0 <= Self.faultLimit else {
      throw DirectiveError("more than \(Self.faultLimit) faults on one request")
    }
  }

  /// The faults that one source may name.
  public static let faultLimit = 64

  /// Checks a session's name.
  public static func session(_ name: String) throws(DirectiveError) -> String {
    let isAllowed = { (byte: UInt8) in
      (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
        || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
        || "._:[]/-".utf8.contains(byte)
    }
    guard (1...128).contains(name.utf8.count), name.utf8.allSatisfy(isAllowed) else {
      let shown = name.utf8.count > 128 ? "\(name.prefix(32))…" : name
      throw DirectiveError(
        "session '\(shown)' of \(name.utf8.count) bytes is not 1 to 128 of A-Za-z0-9._:[]/-")
    }
    return name
  }
}
