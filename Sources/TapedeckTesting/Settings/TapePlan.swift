internal import Deck
internal import Matching
internal import Planning
internal import Testing

/// What a test's deck plays or records: all settings, each with its value.
struct TapePlan: Sendable {
  /// What the deck does.
  enum Action: Hashable, Sendable {
    /// It plays what is recorded.
    case play
    /// It records what is not, and first of all takes the place of what is, where that is asked.
    case record(isRewrite: Bool)
    /// It forwards everything and records nothing.
    case forward
  }

  var action: Action
  var place: CassettePlace
  var directives: Directives
  var upstreams: Upstreams
  /// What takes part when requests are compared, or nil for what usually does.
  var comparison: Comparison?
  var matchesBody: Bool
  var failures: Set<TapedeckFailure>
  /// Where what goes wrong is recorded.
  var location: SourceLocation
  /// What records in this test what is not recorded, as a person types it.
  var command: String

  /// Decides what a test's deck does.
  ///
  /// - Throws: What is wrong with the settings, or that there is no recording, with the command
  ///   that makes one.
  init(_ settings: TapeSettings, for test: Test) throws {
    let name = TestName(of: test)
    let mode = try TapedeckMode.fromEnvironment() ?? settings.mode
    place = Self.place(settings, name)
    directives = try settings.directives(session: name.session)
    upstreams = try Self.upstreams(settings)
    comparison = try settings.comparison()
    matchesBody = settings.matchesBody ?? false
    failures = settings.failures ?? TapeSettings.usualFailures
    location = settings.location
    let upstream = upstreams.isEmpty ? "\(Self.upstreamVariable)=https://api.example.com " : ""
    let (mayAdd, rest) = (place.exists ? "auto" : "once", "swift test --filter '\(name.filter)'")
    command = "\(TapedeckMode.variable)=\(mayAdd) \(upstream)\(rest)"
    action = Self.action(mode, place)
    guard action == .play else {
      guard !upstreams.isEmpty else {
        throw TapedeckError(
          "the mode '\(mode)' forwards requests, and nothing says where to: give the trait "
            + "upstream: \"https://api.example.com\", or set \(Self.upstreamVariable)")
      }
      guard !place.isFolder || action == .forward else {
        throw TapedeckError(
          "\(place.path) is a folder, and a test records to one cassette: name a cassette in it")
      }
      return
    }
    guard place.exists else { throw missing(settings) }
  }

  /// The variable that says where requests are forwarded to, a URL a line, before what a trait
  /// says.
  static let upstreamVariable = "TAPEDECK_UPSTREAM"

  /// Whether a test that asks for a fault can be run, or only once its cassette is recorded.
  static func canPlay(_ settings: TapeSettings, for test: Test) throws -> Bool {
    let mode = try TapedeckMode.fromEnvironment() ?? settings.mode
    return action(mode, place(settings, TestName(of: test))) == .play
  }

  private static func place(_ settings: TapeSettings, _ name: TestName) -> CassettePlace {
    let cassette = settings.cassette
    let isBeside = settings.folder == nil
    return CassettePlace(
      named: cassette?.words ?? name.path, in: settings.folder.map(path),
      from: isBeside ? cassette?.file ?? settings.file : settings.file)
  }

  /// The path of a folder that a trait names.
  private static func path(of folder: TapeSettings.Named) -> String {
    folder.words.hasPrefix("/")
      ? folder.words
      : CassettePlace.joined(CassettePlace.parent(of: folder.file), folder.words)
  }

  private static func action(_ mode: TapedeckMode, _ place: CassettePlace) -> Action {
    switch mode {
    case .none, .inherited: .play
    case .once:
      place.exists && !RecordingTurns.shared.hasBegun(place.path)
        ? .play : .record(isRewrite: false)
    case .auto: .record(isRewrite: false)
    case .rewrite: .record(isRewrite: true)
    case .passthrough: .forward
    }
  }

  private static func upstreams(_ settings: TapeSettings) throws(DirectiveError) -> Upstreams {
    var upstreams = Upstreams()
    let words = Environment.value(of: upstreamVariable) ?? settings.upstream ?? ""
    for url in words.split(whereSeparator: \.isWhitespace) {
      try upstreams.add(parsing: String(url))
    }
    return upstreams
  }

  private func missing(_ settings: TapeSettings) -> TapedeckError {
    let home = CassettePlace.parent(of: settings.file)
    guard CassettePlace.kind(of: home) != nil || settings.folder != nil else {
      return TapedeckError(
        "there is no recording \(place.path), and the test's sources are not on this machine: "
          + "name a folder that is, with cassettes:, such as that of Bundle.module")
    }
    return TapedeckError("there is no recording \(place.path): make it with\n  \(command)")
  }

  /// What is played at first.
  ///
  /// - Throws: Where a cassette cannot be read.
  func library() throws -> Library {
    guard action == .play else { return Library(comparing: comparison ?? Comparison()) }
    guard comparison == nil, !place.isFolder else {
      return try Library(paths: [place.path], comparing: comparison ?? Comparison())
    }
    return try KeptLibraries.shared.library(at: place.path)
  }
}
