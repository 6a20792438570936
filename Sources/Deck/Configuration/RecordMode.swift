/// What a deck does with a request that a cassette could answer, and with one that none can.
public enum RecordMode: String, CaseIterable, Sendable {
  /// Answers from cassettes only, and opens no connection of its own.
  case replay
  /// Answers from a cassette where an exchange matches, else forwards and records.
  case auto
  /// Forwards and records always.
  case record
  /// As `auto` where the cassette does not exist yet or holds no answer, else as `replay`, but for
  /// requests whose recordings hold none.
  case once
  /// Forwards always and records nothing.
  case passthrough

  /// The names that tools of the VCR family have for the modes.
  public static let aliases: [String: RecordMode] = [
    "none": .replay, "new_episodes": .auto, "all": .record,
  ]

  /// The names of all modes, and behind them those that other tools have.
  public static var names: [String] { allCases.map(\.rawValue) + aliases.keys.sorted() }

  /// Creates a mode from its name or from an alias of it, or nil where there is none of that name.
  public init?(named name: String) {
    guard let mode = Self(rawValue: name) ?? Self.aliases[name] else { return nil }
    self = mode
  }

  /// Whether requests may leave for an upstream.
  public var forwards: Bool { self != .replay }

  /// Whether what comes back is recorded.
  public var records: Bool { forwards && self != .passthrough }

  /// Whether only an exchange with an equal request body matches: what is like it must be recorded.
  var impliesBody: Bool { self == .auto || self == .once }
}
