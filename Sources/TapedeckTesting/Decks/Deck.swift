internal import Deck
internal import Matching
internal import Planning
public import Testing

/// The server that plays recordings to a test: its addresses, and what it saw.
///
/// A test with the trait `.tapedeck(…)` has one of its own, which listens on a free port of
/// loopback for as long as the test runs.
///
/// ```swift
/// @Test(.tapedeck("greeting", fault: "reset@event:12"))
/// func aBrokenConnectionIsAnError() async {
///   let client = Client(baseURL: Deck.current.anthropicURL)
///   await #expect(throws: (any Error).self) { try await client.ask("Hi") }
/// }
/// ```
public struct Deck: Sendable {
  /// The URL that takes the place of a provider's, without a slash at its end.
  ///
  /// It is `http://127.0.0.1:PORT`, and behind it the directives that
  /// ``withFault(_:on:sourceLocation:)`` adds.
  public let baseURL: String

  /// Whether requests are forwarded now, and their answers recorded or passed on, so that no fault
  /// can happen.
  public let isRecording: Bool

  /// The deck behind it, or nil where there is none.
  let running: RunningDeck?

  /// The session of its requests.
  let session: String

  /// What it plays.
  let library: Library

  /// The deck of the test that runs.
  @TaskLocal static var running: Deck?

  /// The deck of the test that runs.
  ///
  /// It is a task-local value: tasks of the test have it, and so do their child tasks, but not
  /// detached tasks and callbacks from other threads. Put it into a constant for these.
  ///
  /// Where no deck runs, this records an issue, and the deck that it returns answers nobody.
  public static var current: Deck {
    if let running { return running }
    let words =
      "there is no deck here: give the test the trait .tapedeck(…), and read Deck.current in the "
      + "test's own task"
    if let test = Test.current {
      Issue.record(Comment(rawValue: words), sourceLocation: test.sourceLocation)
    } else {
      Issue.record(Comment(rawValue: words))
    }
    // Nobody listens on the port of the discard service, and nothing that is sent there goes out.
    return Deck(
      baseURL: "http://127.0.0.1:9", isRecording: false, running: nil, session: "",
      library: Library())
  }

  /// The base URL for clients of the Anthropic API.
  public var anthropicURL: String { baseURL }

  /// The base URL for clients of the OpenAI API, which ends with `/v1`.
  public var openAIURL: String { "\(baseURL)/v1" }

  /// The base URL for clients of the Gemini API.
  public var geminiURL: String { baseURL }

  /// The same deck at a base URL that asks for a fault.
  ///
  /// ```swift
  /// let deck = try Deck.current.withFault("status:529,retry-after=0s", on: 1)
  /// let text = try await Client(baseURL: deck.anthropicURL).ask("Hi")
  /// deck.expectRequests(2)
  /// ```
  ///
  /// It takes the place of faults that the trait asks for. While the test's cassette is recorded
  /// no fault can happen: the test is cancelled with that reason, or fails with it where Swift is
  /// older than 6.3.
  ///
  /// - Parameters:
  ///   - fault: The fault as a base URL has it, such as `reset@event:12`; several are separated by
  ///     `;`.
  ///   - attempt: The attempt of a request on which it fires, from 1; nil for all.
  ///   - sourceLocation: Where a test that is cancelled says that it was.
  /// - Returns: The deck at the other base URL.
  /// - Throws: What is wrong with the fault, and what was meant.
  public func withFault(
    _ fault: String, on attempt: Int? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Deck {
    try refuseWhileRecording("no fault can happen", at: sourceLocation)
    var directives = Directives()
    for part in fault.split(separator: ";") {
      try directives.set("fault=\(part)\(attempt.map { ",on=\($0)" } ?? "")")
    }
    for fault in directives.faults ?? [] { _ = try FaultCatalogue.standard.fault(fault) }
    return Deck(
      baseURL: baseURL + directives.prefix, isRecording: false, running: running, session: session,
      library: library)
  }

  /// Cancels the test where its cassette is recorded.
  func refuseWhileRecording(_ words: String, at location: SourceLocation) throws {
    guard isRecording else { return }
    let words =
      "\(words) while its cassette is recorded: run it again without \(TapedeckMode.variable)"
    #if compiler(>=6.3)
      try Test.cancel(Comment(rawValue: words), sourceLocation: location)
    #else
      throw TapedeckError(words)
    #endif
  }
}
