internal import Deck
internal import Matching
public import Testing

/// Judges a client by every way in which a stream can break.
///
/// Each case is a recording with one fault at one place, or more. What a right client does with it
/// is worked out before from the recording, the standards and the API's documentation. The client
/// is run in this process against a deck of its own; ``Deck/current`` in it is at the base URL of
/// the case. For each kind of failure an issue is recorded, with the evidence of one case.
///
/// ```swift
/// @Test func survivesBrokenStreams() async throws {
///   try await judge(cassettes: "greeting", cases: "cut/*", "end/*") { baseURL in
///     try await Client(baseURL: baseURL).ask("Hi")
///   }
/// }
/// ```
///
/// - Parameters:
///   - cassettes: The cassettes, or folders of them, which are looked up as those of the trait;
///     without any, that of the test's own trait is taken.
///   - cases: Which cases, by id, with or without the cassette in front; `*` stands for anything.
///     All where there is none: a few hundred for each recording.
///   - excluded: Which of them not.
///   - jobs: How many cases are run at a time, 4 by default.
///   - timeout: How long one case may take from the client's first request, 10 s by default; after
///     that the client's task is cancelled, and the verdict is `hang`.
///   - readTimeout: How long the client waits for more bytes, where it does: adds cases that exceed
///     it.
///   - sourceLocation: Where what the client does wrong is recorded.
///   - filePath: The file from which the cassettes are looked up.
///   - client: Asks once below the base URL, and returns the text of the answer; it throws where
///     the answer is not whole.
/// - Returns: What the client did.
/// - Throws: ``TapedeckError`` where a cassette or a case is missing, and where the client does not
///   work without a fault either.
@discardableResult
public func judge(
  cassettes: String..., cases: String..., excluding excluded: String..., jobs: Int = 4,
  timeout: Duration = .seconds(10), readTimeout: Duration? = nil,
  sourceLocation: SourceLocation = #_sourceLocation, filePath: String = #filePath,
  _ client: @escaping @Sendable (_ baseURL: String) async throws -> String
) async throws -> JudgeReport {
  let judged = try judgedCases(
    cassettes, cases, excluded, readTimeout: readTimeout, at: sourceLocation, from: filePath)
  return try await ClientJudge(judged, jobs: jobs, timeout: timeout).judge(at: sourceLocation) {
    baseURL, emit in
    emit(try await client(baseURL))
  }
}

/// Judges a client that delivers its text in pieces by every way in which a stream can break.
///
/// What it has emitted before it throws counts as delivered, so that text which comes twice after a
/// retry is noticed.
///
/// ```swift
/// try await judge(cassettes: "greeting") { baseURL, emit in
///   for try await piece in Client(baseURL: baseURL).stream("Hi") { emit(piece) }
/// }
/// ```
///
/// - Parameters:
///   - cassettes: The cassettes, or folders of them, which are looked up as those of the trait;
///     without any, that of the test's own trait is taken.
///   - cases: Which cases, by id, with or without the cassette in front; `*` stands for anything.
///     All where there is none: a few hundred for each recording.
///   - excluded: Which of them not.
///   - jobs: How many cases are run at a time, 4 by default.
///   - timeout: How long one case may take from the client's first request, 10 s by default; after
///     that the client's task is cancelled, and the verdict is `hang`.
///   - readTimeout: How long the client waits for more bytes, where it does: adds cases that exceed
///     it.
///   - sourceLocation: Where what the client does wrong is recorded.
///   - filePath: The file from which the cassettes are looked up.
///   - client: Asks once below the base URL, and emits the text of the answer as it comes; it
///     throws where the answer is not whole.
/// - Returns: What the client did.
/// - Throws: ``TapedeckError`` where a cassette or a case is missing, and where the client does not
///   work without a fault either.
@discardableResult
public func judge(
  cassettes: String..., cases: String..., excluding excluded: String..., jobs: Int = 4,
  timeout: Duration = .seconds(10), readTimeout: Duration? = nil,
  sourceLocation: SourceLocation = #_sourceLocation, filePath: String = #filePath,
  _ client: @escaping @Sendable (_ baseURL: String, _ emit: TextDelivery) async throws -> Void
) async throws -> JudgeReport {
  let judged = try judgedCases(
    cassettes, cases, excluded, readTimeout: readTimeout, at: sourceLocation, from: filePath)
  return try await ClientJudge(judged, jobs: jobs, timeout: timeout)
    .judge(at: sourceLocation, client)
}

/// The cases of the cassettes that are named, or of that which the test's deck plays.
private func judgedCases(
  _ cassettes: [String], _ cases: [String], _ excluded: [String], readTimeout: Duration?,
  at location: SourceLocation, from file: String
) throws -> JudgedCases {
  let library: Library
  if cassettes.isEmpty {
    guard let deck = Deck.running else {
      throw TapedeckError(
        "no cassette is named: write judge(cassettes: \"NAME\"), or give the test the trait "
          + ".tapedeck(\"NAME\")")
    }
    try deck.refuseWhileRecording("no client can be judged", at: location)
    library = deck.library
  } else {
    library = try JudgedCases.library(of: cassettes, from: file)
  }
  return try JudgedCases(
    of: library, matching: cases, excluding: excluded, readTimeout: readTimeout)
}
