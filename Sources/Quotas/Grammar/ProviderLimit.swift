package import Planning

/// One limit of a provider, as a flag has it: `requests=50/m,per=key`.
package struct ProviderLimit: Hashable, Sendable {
  /// What is limited.
  package enum Measure: Hashable, Sendable {
    /// How much of something in a span of time.
    case quota(Quota)
    /// How many answers at a time, and how many more requests may wait for their turn.
    case concurrency(places: Int, queue: Int)
  }

  /// Whom a limit tells apart.
  package enum Scope: String, CaseIterable, Hashable, Sendable {
    case session
    case key
    case all
  }

  /// The most answers at a time, and the most that wait, that a limit can name.
  package static let largestConcurrency = 1_000_000

  /// What is limited.
  package var measure: Measure

  /// Whom it tells apart; nil for the key where a request has one, else its session, else nobody.
  package var scope: Scope?

  /// The status of the answer beyond it, or nil for that of the dialect.
  package var status: Int?

  /// Whose headers it has, or nil for those of the recording.
  package var shape: LimitShape?

  /// Creates a limit of its parts.
  package init(
    _ measure: Measure, per scope: Scope? = nil, status: Int? = nil, like shape: LimitShape? = nil
  ) {
    self.measure = measure
    self.scope = scope
    self.status = status
    self.shape = shape
  }

  /// Parses `requests=50/m`, `input-tokens=40000/m`, `output-tokens=8000/m` or
  /// `concurrency=20,queue=100`, each with `per=`, `status=` and `like=` behind it.
  ///
  /// - Throws: What was found, and what to write instead.
  package init(parsing text: String) throws(DirectiveError) {
    var parts: [(name: String, value: String)] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard pair.count == 2 else {
        throw DirectiveError("'\(part)' is not NAME=VALUE: write \(Self.example)")
      }
      let name = String(pair[0])
      guard !parts.contains(where: { $0.name == name }) else {
        throw DirectiveError("'\(text)' has \(name) twice: give it once")
      }
      parts.append((name, String(pair[1])))
    }
    var options = Dictionary(
      uniqueKeysWithValues: parts.dropFirst().map { ($0.name, $0.value) })
    self.init(try Self.measure(parts[0], &options))
    if let word = options.removeValue(forKey: "per") {
      scope = try Self.choice(word, "per")
    }
    if let word = options.removeValue(forKey: "like") { shape = try Self.choice(word, "like") }
    if let word = options.removeValue(forKey: "status") { status = try Self.status(word) }
    if let name = options.keys.min() {
      let queue = if case .concurrency = measure { "queue, " } else { "" }
      throw DirectiveError("'\(name)' is not known here: there are \(queue)per, like and status")
    }
  }

  private static let example = "requests=50/m, input-tokens=40000/m or concurrency=20,queue=100"

  private static func measure(
    _ first: (name: String, value: String), _ options: inout [String: String]
  ) throws(DirectiveError) -> Measure {
    if let kind = Quota.Kind(rawValue: first.name) {
      let (amount, period) = try rate(first.value)
      return .quota(Quota(kind: kind, amount: amount, period: period))
    }
    guard first.name == "concurrency" else {
      throw DirectiveError(
        "'\(first.name)' is no limit: there are requests, input-tokens, output-tokens and "
          + "concurrency, like \(example)")
    }
    let queue = options.removeValue(forKey: "queue") ?? "0"
    return .concurrency(
      places: try count(first.value, from: 1), queue: try count(queue, from: 0))
  }

  private static func count(
    _ text: String, from least: Int
  ) throws(DirectiveError) -> Int {
    guard isNumber(text), let count = Int(text), (least...largestConcurrency).contains(count) else {
      throw DirectiveError(
        "'\(text)' is not a whole number from \(least) to \(largestConcurrency)")
    }
    return count
  }

  private static let units: [(unit: String, nanoseconds: Int64)] = [
    ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
    ("d", 86_400_000_000_000),
  ]

  private static func rate(
    _ text: String
  ) throws(DirectiveError) -> (amount: Int64, period: Int64) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, let unit = units.first(where: { $0.unit == parts[1] }),
      isNumber(parts[0]), let amount = Int64(parts[0]),
      (1...Quota.largestAmount).contains(amount)
    else {
      throw DirectiveError(
        "'\(text)' is not an amount in a span of time: write a whole number from 1 to "
          + "\(Quota.largestAmount), and /s, /m, /h or /d, like 50/m")
    }
    return (amount, unit.nanoseconds)
  }

  static func status(_ text: String) throws(DirectiveError) -> Int {
    guard isNumber(text), text.utf8.count == 3, let status = Int(text), (400...599).contains(status)
    else { throw DirectiveError("'\(text)' is not a status from 400 to 599") }
    return status
  }

  private static func isNumber(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  private static func choice<Choice: RawRepresentable & CaseIterable>(
    _ word: String, _ name: String
  ) throws(DirectiveError) -> Choice where Choice.RawValue == String {
    guard let choice = Choice(rawValue: word) else {
      let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw DirectiveError("\(name)=\(word) is not one of \(words)")
    }
    return choice
  }
}

extension ProviderLimit: CustomStringConvertible {
  /// The limit as it is written.
  package var description: String {
    var text =
      switch measure {
      case .quota(let quota):
        "\(quota.kind.rawValue)=\(quota.amount)/"
          + (Self.units.first { $0.nanoseconds == quota.period }?.unit ?? "\(quota.period)ns")
      case .concurrency(let places, 0): "concurrency=\(places)"
      case .concurrency(let places, let queue): "concurrency=\(places),queue=\(queue)"
      }
    if let scope { text += ",per=\(scope.rawValue)" }
    if let status { text += ",status=\(status)" }
    if let shape { text += ",like=\(shape.rawValue)" }
    return text
  }
}
