internal import LosslessJSON
internal import Matching
internal import Planning
internal import Testing

/// What the traits of a test say of its deck; what one leaves open, the suite's says.
struct TapeSettings: Sendable {
  /// Words of a trait, with the file in which they stand: paths are looked up from there.
  struct Named: Sendable {
    var words: String
    var file: String
  }

  /// The cassette.
  var cassette: Named?

  /// The folder of the cassettes.
  var folder: Named?

  /// The faults, as they are written in a base URL, separated by `;`.
  var fault: String?

  /// The pace, as it is written in a base URL.
  var pace: String?

  /// The seed of all chance.
  var seed: UInt64?

  /// The mode.
  var mode: TapedeckMode

  /// Where requests are forwarded to while recording.
  var upstream: String?

  /// What of request bodies plays no part when they are compared, as JSON pointers.
  var ignoring: [String]?

  /// What kinds of values are equal when request bodies are compared, separated by commas.
  var normalizing: String?

  /// Whether only an exchange with an equal request body matches.
  var matchesBody: Bool?

  /// What fails the test.
  var failures: Set<TapedeckFailure>?

  /// Where the trait stands.
  var location: SourceLocation

  /// The file that it stands in.
  var file: String

  /// What fails a test where nobody says anything else.
  static let usualFailures: Set<TapedeckFailure> = [.refused, .unfired, .miss, .lost]

  /// These settings, and what they leave open as those of the suite around have it.
  func over(_ outer: TapeSettings) -> TapeSettings {
    var merged = self
    merged.cassette = cassette ?? outer.cassette
    merged.folder = folder ?? outer.folder
    merged.fault = fault ?? outer.fault
    merged.pace = pace ?? outer.pace
    merged.seed = seed ?? outer.seed
    merged.mode = mode == .inherited ? outer.mode : mode
    merged.upstream = upstream ?? outer.upstream
    merged.ignoring = ignoring ?? outer.ignoring
    merged.normalizing = normalizing ?? outer.normalizing
    merged.matchesBody = matchesBody ?? outer.matchesBody
    merged.failures = failures ?? outer.failures
    return merged
  }

  /// The directives that stand for all requests of the test.
  ///
  /// - Throws: What is wrong with the fault or the pace, and what was meant.
  func directives(session: String) throws(DirectiveError) -> Directives {
    var directives = Directives()
    directives.session = session
    directives.seed = seed
    // Tests wait for nothing unless somebody says so.
    try directives.set("pace=\(pace ?? "instant")")
    for fault in (fault ?? "").split(separator: ";") { try directives.set("fault=\(fault)") }
    for fault in directives.faults ?? [] { _ = try FaultCatalogue.standard.fault(fault) }
    return directives
  }

  /// What takes part when requests are compared, or nil for what usually does.
  ///
  /// - Throws: What is wrong with a pointer or a kind of values.
  func comparison() throws -> Comparison? {
    guard ignoring != nil || normalizing != nil else { return nil }
    return Comparison(
      ignoring: try (ignoring ?? []).map { try JSONPointer(parsing: $0) },
      normalizing: try normalizing.map { try Normalization.set(parsing: $0) } ?? [])
  }

  /// Whether the test asks for a fault.
  var asksForFault: Bool { fault.map { $0 != "none" && !$0.isEmpty } ?? false }
}

/// What a test is called where its deck writes it down.
struct TestName {
  /// The suites and the function: `Answers/streams`.
  let path: String

  /// The name of its session: what its path has that no session may have is a dash.
  let session: String

  /// What `swift test --filter` finds it by.
  let filter: String

  init(of test: Test) {
    let names = test.id.nameComponents.map { name in
      String(name.prefix { $0 != "(" }.filter { $0 != "`" })
    }
    path = names.map { Self.replacing($0, keeping: "._-", by: "-") }.joined(separator: "/")
    session = String(path.isEmpty ? "test" : path.suffix(128))
    filter = names.map { Self.replacing($0, keeping: "_", by: ".") }.joined(separator: "/")
  }

  private static func replacing(_ name: String, keeping kept: String, by other: Character)
    -> String
  {
    String(
      name.map { character in
        let isPlain = character.isASCII && (character.isLetter || character.isNumber)
        return isPlain || kept.contains(character) ? character : other
      })
  }
}
