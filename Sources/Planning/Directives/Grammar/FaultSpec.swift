/// One fault as it was asked for: a name, arguments, keys, a place and the attempts it fires on.
///
/// ```
/// fault  = name *(":" arg) *("," key ["=" value]), with "@" place once, before or after the keys
/// ```
public struct FaultSpec: Hashable, Sendable {
  /// One key, with its value where it has one.
  public struct Key: Hashable, Sendable {
    /// The key's name.
    public var name: String

    /// The key's value, or nil.
    public var value: String?
  }

  /// The fault's name, like `reset`.
  public var name: String

  /// The arguments, in order.
  public var arguments: [String]

  /// The keys but for `on` and `nth`, in order.
  public var keys: [Key]

  /// Where it happens, or nil where no place was given.
  public var place: FaultPlace?

  /// The attempts that it fires on: `on=`.
  public var attempts: AttemptRange

  /// Which of its session's requests it fires on, whatever they ask: `nth=`.
  public var requests: AttemptRange

  /// Whether it fires on an attempt that is the session's request of that number.
  public func fires(onAttempt attempt: Int, request: Int) -> Bool {
    attempts.contains(attempt) && requests.contains(request)
  }
}

extension FaultSpec {
  /// Parses a fault; each part is split off first and then percent-decoded once.
  ///
  /// - Throws: What is wrong with a part of it, at the fault as it was written.
  public init(parsing text: String) throws(DirectiveError) {
    do { try self.init(splitting: text) } catch {
      throw error.reason.hasPrefix("'\(text)'") ? error : error.at("'\(text)'")
    }
  }

  private init(splitting text: String) throws(DirectiveError) {
    var rest = Substring(text)
    var placeText: Substring?
    if let sign = rest.firstIndex(of: "@") {
      let after = rest[rest.index(after: sign)...]
      guard !after.contains("@") else {
        throw DirectiveError("'\(text)' names two places: write @ once")
      }
      let end = after.firstIndex(of: ",") ?? after.endIndex
      placeText = after[..<end]
      rest = rest[..<sign] + after[end...]
    }
    let parts = rest.split(separator: ",", omittingEmptySubsequences: false)
    var pieces: [String] = []
    for piece in (parts.first ?? "").split(separator: ":", omittingEmptySubsequences: false) {
      pieces.append(try PercentCoding.decode(piece))
    }
    // No fault has an underscore in its name, but who writes one is told which is meant.
    guard let name = pieces.first, Self.isName(name.replacing("_", with: "-")) else {
      throw DirectiveError(
        "'\(text)' is not a fault: it must begin with a name, like reset@event:3")
    }
    self.init(
      name: name, arguments: Array(pieces.dropFirst()), keys: [], place: nil, attempts: .every,
      requests: .every)
    for part in parts.dropFirst() { try add(key: part, of: text) }
    if let placeText { place = try FaultPlace(parsing: placeText) }
  }

  private mutating func add(key part: Substring, of text: String) throws(DirectiveError) {
    let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = try PercentCoding.decode(pair[0])
    let value: String? = pair.count == 2 ? try PercentCoding.decode(pair[1]) : nil
    guard Self.isName(name) else {
      throw DirectiveError("'\(text)': '\(part)' is not a key: write key or key=value")
    }
    switch name {
    case "on":
      guard attempts == .every else { throw DirectiveError("'\(text)' gives on= twice") }
      attempts = try AttemptRange(parsing: value ?? "", of: name, "attempt")
      return
    case "nth":
      guard requests == .every else { throw DirectiveError("'\(text)' gives nth= twice") }
      requests = try AttemptRange(parsing: value ?? "", of: name, "request")
      return
    default: break
    }
    guard !keys.contains(where: { $0.name == name }) else {
      throw DirectiveError("'\(text)' gives \(name) twice")
    }
    keys.append(Key(name: name, value: value))
  }

  private static func isName(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy {
        ($0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "z"))
          || ($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9")) || $0 == UInt8(ascii: "-")
      }
  }
}

extension FaultSpec: CustomStringConvertible {
  /// The fault as `name:args@place,keys`, in the form that parses back to it.
  public var description: String {
    var text = ([name] + arguments.map(PercentCoding.encode(argument:))).joined(separator: ":")
    if let place { text += "@\(place)" }
    for key in keys {
      text += ",\(key.name)"
      if let value = key.value { text += "=\(PercentCoding.encode(argument: value))" }
    }
    if attempts != .every { text += ",on=\(attempts)" }
    return requests == .every ? text : "\(text),nth=\(requests)"
  }
}
