import Foundation
import TapedeckTesting
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// How the client takes streams that break.
///
/// The answers are recorded: no network, no key.
@Suite(.tapedeck("anthropic-text", pace: "instant"))
struct TapedeckTests {
  @Test func theAnswerIsWhole() async throws {
    #expect(try await ask(Deck.current.baseURL).contains(" sound"))
  }

  @Test(.tapedeck(fault: "status:503,on=1"))
  func anOverloadedServerIsAskedAgain() async throws {
    #expect(try await ask(Deck.current.baseURL).contains(" sound"))
  }

  @Test(.tapedeck(fault: "end@event:12"))
  func halfAnAnswerIsAnError() async throws {
    await #expect(throws: BrokenOff.self) { try await ask(Deck.current.baseURL) }
  }
}

struct BrokenOff: Error {}

/// Stands for your own client, which is told where the API is.
private func ask(_ baseURL: String) async throws -> String {
  let url = try #require(URL(string: baseURL + "/v1/messages"))
  var request = URLRequest(url: url)
  request.httpMethod = "POST"
  request.httpBody = Data(#"{"model": "claude-haiku-4-5", "stream": true, "messages": []}"#.utf8)
  request.setValue("application/json", forHTTPHeaderField: "content-type")
  var attempt = 1
  while true {
    let (data, response) = try await URLSession.shared.data(for: request)
    let status = (response as? HTTPURLResponse)?.statusCode ?? 0
    if status >= 429, attempt < 3 {
      attempt += 1
      continue
    }
    let stream = String(decoding: data, as: UTF8.self)
    // The end of the body is not the end of the answer: without this, half of one is taken for the
    // whole.
    guard status == 200, stream.contains("message_stop") else { throw BrokenOff() }
    return stream
  }
}
