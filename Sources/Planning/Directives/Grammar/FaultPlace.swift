public import Cassettes

/// Where in the recorded body a fault happens; places count from 1.
///
/// ```
/// place  = ["in:" | "after:"] ("head" | "event:" N | "type:" NAME [":" K] | "byte:" N | "time:" D
///          | "frac:" F | "end" | "random" [":event"])
/// ```
public struct FaultPlace: Hashable, Sendable {
  /// On which side of the thing named it happens.
  public enum Side: String, Sendable {
    /// Just before it.
    case before = ""
    /// At half its length, never on a boundary.
    case inside = "in:"
    /// Just after its last byte.
    case after = "after:"
  }

  /// The things that a place can name.
  public enum Target: Hashable, Sendable {
    case head
    case event(Int)
    case type(String, Int)
    case byte(Int)
    case time(Microseconds)
    case fraction(ExactDecimal)
    case end
    case random
    case randomEvent
  }

  /// On which side of the target it happens.
  public var side: Side

  /// What it names.
  public var target: Target

  /// Whether the target has no inside: a point between two bytes.
  private static func isPoint(_ target: Target) -> Bool {
    switch target {
    case .byte, .time, .fraction, .end, .random: true
    case .head, .event, .type, .randomEvent: false
    }
  }
}

extension FaultPlace {
  /// Parses a place; each part is split off first and then percent-decoded once.
  init(parsing text: Substring) throws(DirectiveError) {
    var parts: [String] = []
    for part in text.split(separator: ":", omittingEmptySubsequences: false) {
      parts.append(try PercentCoding.decode(part))
    }
    var side = Side.before
    if parts.count > 1, let named = Side(rawValue: parts[0] + ":") {
      side = named
      parts.removeFirst()
    }
    let target = try Self.target(of: parts, in: text)
    guard side != .inside || !Self.isPoint(target) else {
      throw DirectiveError("'@\(text)': in: needs head, event or type, which have a middle")
    }
    self.init(side: side, target: target)
  }

  private static func target(
    of parts: [String], in text: Substring
  ) throws(DirectiveError) -> Target {
    switch (parts[0], parts.count) {
    case ("head", 1): return .head
    case ("end", 1): return .end
    case ("random", 1): return .random
    case ("random", 2) where parts[1] == "event": return .randomEvent
    case ("event", 2): return .event(try Quantity.ordinal(parts[1]))
    case ("byte", 2): return .byte(try Quantity.ordinal(parts[1]))
    case ("time", 2): return .time(try Quantity.duration(parts[1]))
    case ("type", 2) where !parts[1].isEmpty: return .type(parts[1], 1)
    case ("type", 3) where !parts[1].isEmpty:
      return .type(parts[1], try Quantity.ordinal(parts[2]))
    case ("frac", 2):
      guard let fraction = ExactDecimal(parts[1]), fraction.digits <= fraction.scale else {
        throw DirectiveError("'@\(text)': a fraction is a number from 0 to 1")
      }
      return .fraction(fraction)
    default:
      throw DirectiveError(
        "'@\(text)' is not a place: write head, event:N, type:NAME[:K], byte:N, time:D, frac:F, end, "
          + "random or random:event, optionally with in: or after: before it")
    }
  }
}

extension FaultPlace: CustomStringConvertible {
  /// The place in the form that parses back to it.
  public var description: String {
    let name =
      switch target {
      case .head: "head"
      case .event(let number): "event:\(number)"
      case .type(let type, 1): "type:\(PercentCoding.encode(argument: type))"
      case .type(let type, let number): "type:\(PercentCoding.encode(argument: type)):\(number)"
      case .byte(let number): "byte:\(number)"
      case .time(let time): "time:\(time.count)us"
      case .fraction(let fraction): "frac:\(fraction)"
      case .end: "end"
      case .random: "random"
      case .randomEvent: "random:event"
      }
    return side.rawValue + name
  }
}
