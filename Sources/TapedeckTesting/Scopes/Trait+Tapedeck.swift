public import Testing

extension Trait where Self == TapedeckTrait {
  /// Gives each test a deck that plays a cassette.
  ///
  /// A deck is a server in this process, on a free port of loopback. Each test has its own, and so
  /// has each case of a parametrised one: tests run in parallel, and none sees another's requests.
  /// ``Deck/current`` is the deck of the test that runs. As the trait of a suite it holds for all
  /// tests in it; what a test's own trait says goes before what its suite's says, one by one.
  ///
  /// ```swift
  /// @Suite(.tapedeck("greeting"))
  /// struct ClientTests {
  ///   @Test func streams() async throws {
  ///     let text = try await Client(baseURL: Deck.current.anthropicURL).ask("Hi")
  ///     #expect(text.hasPrefix("Hello"))
  ///   }
  ///
  ///   @Test(.tapedeck(fault: "status:529,retry-after=0s,on=1"))
  ///   func triesAgain() async throws {
  ///     _ = try await Client(baseURL: Deck.current.anthropicURL).ask("Hi")
  ///     Deck.current.expectRequests(2)
  ///   }
  /// }
  /// ```
  ///
  /// **The cassette.** A name stands for `NAME.tape` in a folder `cassettes` beside the test's
  /// file, or in the next folder above that has it, up to that of the package. It may have folders
  /// in front, which may also begin beside the file, and may be an absolute path. A folder of
  /// cassettes is played as a whole. Without a name the test's own is taken:
  /// `cassettes/ClientTests/streams.tape`.
  ///
  /// **What fails a test.** A request that no recording answers, a directive that is wrong, a fault
  /// that never fires, and a recording that cannot be written are recorded as issues at the place
  /// of the trait, with what the deck's journal says of the requests. `failingOn` chooses others:
  /// `.conduct` is what the client did wrong towards the server, such as trying again too soon.
  ///
  /// **Recording.** The variable `TAPEDECK_MODE` of the environment, or `mode`, makes recordings:
  /// `TAPEDECK_MODE=once swift test` records the cassettes that do not exist yet from `upstream`.
  /// Secrets are replaced before anything is written. A test that asks for a fault is skipped as
  /// long as its cassette is recorded.
  ///
  /// - Parameters:
  ///   - cassette: The cassette's name, or nil for the test's.
  ///   - fault: What breaks, as a base URL of the deck has it: `reset@event:12`. Several are
  ///     separated by `;`, and `none` takes back those of the suite.
  ///   - pace: When bytes are sent: `instant` (the default), `recorded`, `2x`, `gap:20ms` or
  ///     `ttft:300ms,rate:50/s`.
  ///   - seed: The seed of all chance, 0 by default.
  ///   - cassettes: The folder of the cassettes, from that of the test's file where it is not
  ///     absolute: for cassettes that are resources, `Bundle.module.resourcePath`.
  ///   - mode: Whether recordings are played or made, where `TAPEDECK_MODE` is not set; what the
  ///     suite's trait says by default, or `none`.
  ///   - upstream: The API that is recorded, such as `https://api.anthropic.com`, where
  ///     `TAPEDECK_UPSTREAM` is not set; `/PREFIX=URL` is for some paths only, and several are
  ///     separated by spaces.
  ///   - ignoring: Fields of request bodies that play no part when they are compared, as JSON
  ///     pointers in which `*` stands for every key or index: `/messages/*/id`. (RFC 6901)
  ///   - normalizing: Values that change on every run and are equal when request bodies are
  ///     compared: `uuid`, `date`, `id` or `all`, separated by commas.
  ///   - matchesBody: Whether a recording with another request body never answers; false by
  ///     default.
  ///   - failingOn: What fails the test; `refused`, `unfired`, `miss` and `lost` by default.
  ///   - sourceLocation: Where what goes wrong is recorded.
  ///   - filePath: The file from which the cassette is looked up.
  /// - Returns: The trait.
  public static func tapedeck(
    _ cassette: String? = nil, fault: String? = nil, pace: String? = nil, seed: UInt64? = nil,
    cassettes: String? = nil, mode: TapedeckMode = .inherited, upstream: String? = nil,
    ignoring: [String]? = nil, normalizing: String? = nil, matchesBody: Bool? = nil,
    failingOn: Set<TapedeckFailure>? = nil,
    sourceLocation: SourceLocation = #_sourceLocation, filePath: String = #filePath
  ) -> Self {
    let named = { (words: String) in TapeSettings.Named(words: words, file: filePath) }
    return TapedeckTrait(
      TapeSettings(
        cassette: cassette.map(named), folder: cassettes.map(named), fault: fault, pace: pace,
        seed: seed, mode: mode, upstream: upstream, ignoring: ignoring, normalizing: normalizing,
        matchesBody: matchesBody, failures: failingOn, location: sourceLocation, file: filePath))
  }
}
