import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// A client of the Anthropic Messages API that streams answers.
public struct AnswerClient: Sendable {
  /// Where the API is.
  public var baseURL: String

  /// How often it tries again where no text has come.
  public var retries = 2

  /// How long the server may be silent.
  public var timeout: TimeInterval = 10

  /// Creates a client; in a test its base URL is the deck's.
  public init(baseURL: String = "https://api.anthropic.com") {
    self.baseURL = baseURL
  }

  /// Why an answer is of no use, or not whole.
  public enum Failure: Error {
    case status(Int)
    case api(String)
    case brokenOff
    case malformed
  }

  /// The whole text of an answer.
  public func ask(_ prompt: String) async throws -> String {
    try await stream(prompt).reduce(into: "") { $0 += $1 }
  }

  /// The text of an answer, in pieces as they come.
  public func stream(_ prompt: String) -> AsyncThrowingStream<String, any Error> {
    AsyncThrowingStream { continuation in
      let task = Task {
        do {
          try await deliver(prompt) { continuation.yield($0) }
          continuation.finish()
        } catch {
          continuation.finish(throwing: error)
        }
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }

  private func deliver(_ prompt: String, to reader: (String) -> Void) async throws {
    var pause = Duration.milliseconds(100)
    for attempt in 0... {
      var hasText = false
      do {
        return try await deliverOnce(prompt) { text in
          hasText = true
          reader(text)
        }
      } catch let refusal as Refusal {
        // What was handed out cannot be taken back, and the server may ask for more time.
        guard refusal.mayRetry, attempt < retries else { throw Failure.status(refusal.status) }
        try await Task.sleep(for: max(pause, refusal.wait))
      } catch let error as URLError where error.code != .cancelled {
        guard !hasText, attempt < retries else { throw error }
        try await Task.sleep(for: pause)
      }
      pause *= 2
    }
  }

  private func deliverOnce(_ prompt: String, to reader: (String) -> Void) async throws {
    var events = EventParser()
    var isOver = false
    for try await arrival in HTTPStream.open(try request(prompt)) {
      switch arrival {
      case .head(let response):
        guard response.statusCode == 200 else { throw Refusal(response) }
      case .bytes(let data):
        for event in events.take(data) where !isOver {
          isOver = try take(event, reader)
        }
      }
    }
    guard isOver else { throw Failure.brokenOff }
  }

  /// Takes an event, and says whether it is the last.
  private func take(_ event: String, _ reader: (String) -> Void) throws -> Bool {
    guard let message = try? JSONDecoder().decode(Message.self, from: Data(event.utf8)) else {
      throw Failure.malformed
    }
    switch message.type {
    case "content_block_delta": if let text = message.delta?.text { reader(text) }
    case "error": throw Failure.api(message.error?.type ?? "unknown")
    case "message_stop": return true
    default: break
    }
    return false
  }

  private func request(_ prompt: String) throws -> URLRequest {
    guard let url = URL(string: "\(baseURL)/v1/messages") else { throw URLError(.badURL) }
    let body = Body(messages: [.init(content: prompt)])
    var request = URLRequest(url: url, timeoutInterval: timeout)
    request.httpMethod = "POST"
    request.setValue("application/json", forHTTPHeaderField: "content-type")
    request.setValue("2023-06-01", forHTTPHeaderField: "anthropic-version")
    if let key = ProcessInfo.processInfo.environment["ANTHROPIC_API_KEY"] {
      request.setValue(key, forHTTPHeaderField: "x-api-key")
    }
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    request.httpBody = try encoder.encode(body)
    return request
  }
}

/// What is asked.
private struct Body: Encodable {
  struct Message: Encodable {
    var role = "user"
    var content: String
  }

  var model = "claude-haiku-4-5"
  var maxTokens = 200
  var stream = true
  var messages: [Message]
}

/// What of an event this client needs.
private struct Message: Decodable {
  struct Delta: Decodable { var text: String? }
  struct Problem: Decodable { var type: String }

  var type: String
  var delta: Delta?
  var error: Problem?
}

/// An answer that is an error.
private struct Refusal: Error {
  var status: Int
  var mayRetry: Bool
  var wait: Duration

  /// Statuses that another try may change.
  private static let passing: Set = [408, 409, 429, 500, 502, 503, 504, 529]

  init(_ response: HTTPURLResponse) {
    status = response.statusCode
    let said = response.value(forHTTPHeaderField: "x-should-retry")
    mayRetry = said == "true" || said != "false" && Self.passing.contains(status)
    let seconds = response.value(forHTTPHeaderField: "retry-after").flatMap(Double.init)
    wait = .seconds(max(0, seconds ?? 0))
  }
}
