import Answers
import TapedeckTesting
import Testing

@Suite(.tapedeck("greeting", pace: "instant", upstream: "https://api.anthropic.com"))
struct AnswerClientTests {
  /// The client, which asks the deck of the test instead of the API.
  var client: AnswerClient { AnswerClient(baseURL: Deck.current.anthropicURL) }

  @Test func streamsAnAnswer() async throws {
    let text = try await client.ask("Hi")
    #expect(text.hasPrefix("A tape deck"))
  }

  @Test(.tapedeck(fault: "end@event:12"))
  func halfAnAnswerIsAnError() async {
    await #expect(throws: AnswerClient.Failure.self) { try await client.ask("Hi") }
  }

  @Test(.tapedeck(fault: "status:529,retry-after=0s,on=1", failingOn: [.miss, .unfired, .conduct]))
  func anOverloadedServerIsAskedAgain() async throws {
    let text = try await client.ask("Hi")
    #expect(text.hasPrefix("A tape deck"))
    Deck.current.expectRequests(2)
  }
}
