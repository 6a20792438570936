internal import Libc

/// Whether tests play recordings or make them, as the variable `TAPEDECK_MODE` says.
public enum TapedeckMode: String, CaseIterable, Sendable {
  /// Plays recordings and opens no connection to anybody else; a test without one fails. The
  /// default.
  case none

  /// Records a cassette that does not exist yet, and plays all others.
  case once

  /// Plays what is recorded, and records what is not.
  case auto

  /// Records each cassette anew: the first test of a run that uses a cassette replaces it.
  case rewrite

  /// Forwards everything and records nothing.
  case passthrough

  /// What the trait of the suite says, or `none` where that says nothing.
  ///
  /// It takes the place of an optional, in which `.none` would mean that nothing is said.
  case inherited

  /// The names that `tapedeck serve --mode` and tools of the VCR family have for the modes.
  static let aliases: [String: TapedeckMode] = [
    "replay": .none, "record": .rewrite, "all": .rewrite, "new_episodes": .auto,
  ]

  /// The variable of the environment that chooses the mode, before what a trait says.
  static let variable = "TAPEDECK_MODE"

  /// Creates a mode from its name, or from that which other tools have for it; nil where there is
  /// none of that name.
  public init?(named name: String) {
    guard let mode = Self(rawValue: name) ?? Self.aliases[name], mode != .inherited else {
      return nil
    }
    self = mode
  }

  /// The mode that the environment chooses, or nil where it chooses none.
  ///
  /// - Throws: Where its word is no mode.
  static func fromEnvironment() throws(TapedeckError) -> TapedeckMode? {
    guard let name = Environment.value(of: variable) else { return nil }
    guard let mode = TapedeckMode(named: name) else {
      let names = allCases.filter { $0 != .inherited }.map(\.rawValue) + aliases.keys.sorted()
      throw TapedeckError(
        "\(variable): '\(name)' is not a mode: expected one of \(names.joined(separator: ", "))")
    }
    return mode
  }
}

/// The variables of this process.
enum Environment {
  /// The value of a variable, or nil where it is empty or not set.
  static func value(of name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }
}

/// Why a test cannot have its deck, or a client cannot be judged.
public struct TapedeckError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was expected, what was found, and what to do.
  public var description: String

  /// Creates an error with its words.
  init(_ description: String) { self.description = description }
}
