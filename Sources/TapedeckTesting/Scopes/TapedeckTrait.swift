public import Testing

/// A trait that gives each test a deck of its own: a server in this process that plays recordings,
/// and breaks them on request.
///
/// `.tapedeck(…)` makes one; its documentation says how cassettes are found, and what fails a test.
public struct TapedeckTrait: TestTrait, SuiteTrait, TestScoping {
  /// Which trait of a test this is: several may say the same at one place.
  private final class Identity: Sendable {}

  private let identity = Identity()
  private let settings: TapeSettings

  init(_ settings: TapeSettings) { self.settings = settings }

  /// A suite's trait holds for all tests in it.
  public var isRecursive: Bool { true }

  /// Skips a test that asks for a fault as long as its cassette is recorded: no fault can happen
  /// then.
  ///
  /// - Parameter test: The test.
  /// - Throws: That the test is to be skipped.
  public func prepare(for test: Test) async throws {
    guard !test.isSuite, isLast(of: test) else { return }
    let settings = Self.settings(of: test)
    // What is wrong with the settings is recorded when the test is run.
    guard settings.asksForFault, (try? TapePlan.canPlay(settings, for: test)) == false else {
      return
    }
    let reason: Comment = "no fault can happen while the cassette is recorded"
    try await ConditionTrait.disabled(reason, sourceLocation: settings.location).prepare(for: test)
  }

  /// The trait that stands nearest to a test gives it its deck, with what the others say.
  ///
  /// - Parameters:
  ///   - test: The test or suite.
  ///   - testCase: The case, with its arguments.
  /// - Returns: The trait itself, or nil where another is nearer.
  public func scopeProvider(for test: Test, testCase: Test.Case?) -> TapedeckTrait? {
    testCase != nil && isLast(of: test) ? self : nil
  }

  /// Runs a test with its deck, and records as issues what went wrong between the two.
  ///
  /// - Parameters:
  ///   - test: The test.
  ///   - testCase: The case, with its arguments.
  ///   - function: Runs it.
  /// - Throws: What the test throws.
  public func provideScope(
    for test: Test, testCase: Test.Case?,
    performing function: @concurrent @Sendable () async throws -> Void
  ) async throws {
    let settings = Self.settings(of: test)
    let plan: TapePlan
    do { plan = try TapePlan(settings, for: test) } catch {
      Issue.record(Comment(rawValue: "\(error)"), sourceLocation: settings.location)
      return
    }
    try await DeckScope(plan).run(function)
  }

  private func isLast(of test: Test) -> Bool {
    test.traits.lazy.compactMap { $0 as? TapedeckTrait }.last?.identity === identity
  }

  private static func settings(of test: Test) -> TapeSettings {
    let all = test.traits.compactMap { ($0 as? TapedeckTrait)?.settings }
    let none = TapeSettings(mode: .inherited, location: test.sourceLocation, file: "")
    return all.dropFirst().reduce(all.first ?? none) { $1.over($0) }
  }
}
