internal import Deck
internal import Judging
internal import Matching
public import Testing
internal import Torture

/// One way in which a stream breaks, or is unusual, and what a right client does with it.
///
/// As arguments of a test, each case is a test case of its own:
///
/// ```swift
/// @Test(arguments: try JudgedCase.all(of: "greeting", matching: "cut/*"))
/// func noticesWhatIsMissing(_ judged: JudgedCase) async throws {
///   try await judged.judge { baseURL in
///     try await Client(baseURL: baseURL).ask("Hi")
///   }
/// }
/// ```
public struct JudgedCase: Sendable, Identifiable, CustomTestStringConvertible {
  /// The case, with its cassette in front, which never changes: `anthropic-text/cut/end/event-2`.
  public let id: String

  /// The case in plain words: "The connection drops in the middle of the text".
  public let title: String

  /// The faults, as a base URL has them, separated by `;`; empty for none.
  public let fault: String

  /// What a right client does, as one sentence.
  public let expectation: String

  /// The id, as the name of a test case.
  public var testDescription: String { id }

  let torture: TortureCase
  let plain: TortureCase?
  let library: Library

  /// The cases of cassettes.
  ///
  /// - Parameters:
  ///   - cassettes: The cassettes, or folders of them, which are looked up as those of the trait.
  ///   - patterns: Which cases, by id, with or without the cassette in front; `*` stands for
  ///     anything. All where there is none: a few hundred for each recording.
  ///   - excluded: Which of them not.
  ///   - readTimeout: How long the client waits for more bytes, where it does: adds cases that
  ///     exceed it.
  ///   - filePath: The file from which the cassettes are looked up.
  /// - Returns: The cases, in an order that does not change.
  /// - Throws: Where a cassette is missing or broken, a pattern matches no case, or none is left.
  public static func all(
    of cassettes: String..., matching patterns: String..., excluding excluded: String...,
    readTimeout: Duration? = nil, filePath: String = #filePath
  ) throws -> [JudgedCase] {
    let library = try JudgedCases.library(of: cassettes, from: filePath)
    return try JudgedCases(
      of: library, matching: patterns, excluding: excluded, readTimeout: readTimeout
    ).each
  }

  /// Judges a client by this case.
  ///
  /// Before, the client is run without the fault; what does not work at all is not judged.
  ///
  /// - Parameters:
  ///   - timeout: How long the case may take from the client's first request, 10 s by default;
  ///     after that the client's task is cancelled, and the verdict is `hang`.
  ///   - sourceLocation: Where what the client does wrong is recorded.
  ///   - client: Asks once below the base URL, and returns the text of the answer; it throws where
  ///     the answer is not whole.
  /// - Returns: What the client did.
  /// - Throws: ``TapedeckError`` where the client does not work without a fault either.
  @discardableResult
  public func judge(
    timeout: Duration = .seconds(10), sourceLocation: SourceLocation = #_sourceLocation,
    _ client: @escaping @Sendable (_ baseURL: String) async throws -> String
  ) async throws -> JudgeReport {
    try await judge(timeout: timeout, sourceLocation: sourceLocation) { baseURL, emit in
      emit(try await client(baseURL))
    }
  }

  /// Judges a client by this case, which delivers its text in pieces.
  ///
  /// Before, the client is run without the fault; what does not work at all is not judged.
  ///
  /// - Parameters:
  ///   - timeout: How long the case may take from the client's first request, 10 s by default;
  ///     after that the client's task is cancelled, and the verdict is `hang`.
  ///   - sourceLocation: Where what the client does wrong is recorded.
  ///   - client: Asks once below the base URL, and emits the text of the answer as it comes; it
  ///     throws where the answer is not whole.
  /// - Returns: What the client did.
  /// - Throws: ``TapedeckError`` where the client does not work without a fault either.
  @discardableResult
  public func judge(
    timeout: Duration = .seconds(10), sourceLocation: SourceLocation = #_sourceLocation,
    _ client: @escaping @Sendable (_ baseURL: String, _ emit: TextDelivery) async throws -> Void
  ) async throws -> JudgeReport {
    let cases = JudgedCases(library: library, plain: plain.map { [$0] } ?? [], cases: [torture])
    return try await ClientJudge(cases, jobs: 1, timeout: timeout).judge(at: sourceLocation, client)
  }
}
