import Cassettes
import Dialects
import EventStream
import HTTP
import Recorder

/// A client that does everything right with a streamed answer.
///
/// It believes that an answer is whole only where HTTP, the event stream and the rules of the API
/// all say so. It tries again where another try can help, after a pause that grows and is never
/// shorter than the server asks for, and never once it has handed out text: that cannot be taken
/// back.
struct RightClient {
  /// What it asks for.
  var api: StreamingAPI

  /// How long the server may be silent.
  var readTimeout = Duration.seconds(2)

  /// How many times it tries again.
  var retries = 2

  /// The longest that it waits because a server asks it to.
  var longestWait = Duration.seconds(5)

  /// The pause before the second try; each later one is twice as long.
  var firstPause = Duration.milliseconds(100)

  /// The answer is not whole, or of no use.
  struct Broken: Error {
    var reason: String
    var mayRetry = true
    var wait: Duration?
  }

  private let recorder: StreamRecorder

  /// Creates a client of an API.
  init(_ api: StreamingAPI) throws(RecordingError) {
    self.api = api
    recorder = try StreamRecorder()
  }

  /// Asks until it has a whole answer, or must not ask again.
  ///
  /// - Parameters:
  ///   - base: The base URL.
  ///   - deliver: Takes each piece of the text, as UTF-8.
  /// - Returns: Why the model stopped, in the word of the API.
  /// - Throws: `Broken` where the answer is not whole; what was delivered is a part of it then.
  func stream(from base: String, deliver: ([UInt8]) -> Void) async throws -> String? {
    var pause = firstPause
    for _ in 0..<retries {
      var hasText = false
      do {
        return try await attempt(base) { text in
          hasText = true
          deliver(text)
        }
      } catch let broken as Broken {
        let wait = broken.wait ?? .zero
        guard broken.mayRetry, !hasText, wait <= longestWait else { throw broken }
        try await Task.sleep(for: max(pause, wait))
        pause *= 2
      }
    }
    return try await attempt(base, deliver: deliver)
  }

  /// Asks once.
  private func attempt(_ base: String, deliver: ([UInt8]) -> Void) async throws -> String? {
    let request = RecordingRequest(
      url: base + api.path, method: "POST",
      headers: [HeaderField("content-type", "application/json")], body: Array(api.body.utf8),
      options: RecordingOptions(firstByteTimeout: readTimeout, idleTimeout: readTimeout))
    var reading = Reading(api.dialect)
    for await event in try recorder.record(request) {
      switch event {
      case .head(let head): try reading.take(head)
      case .chunk(let bytes, _): try reading.take(bytes, deliver)
      case .ended(let ending, _): try reading.end(ending)
      case .sent, .marker, .tick, .trailers: break
      }
      if reading.isOver { break }
    }
    return try reading.finish()
  }
}

/// One answer as it comes.
private struct Reading {
  private let dialect: any Dialect
  private var parser = EventStreamParser()
  private var message: MessageAccumulator
  private var refusal: RightClient.Broken?
  private var error: [UInt8] = []

  /// Whether nothing of the answer can follow.
  private(set) var isOver = false

  /// How much of an error's body is told.
  private static let errorLimitBytes = 200

  init(_ dialect: any Dialect) {
    self.dialect = dialect
    message = MessageAccumulator(dialect)
  }

  /// Takes a head: one that promises no event stream makes an error of the body.
  mutating func take(_ head: ResponseHead) throws {
    guard head.status == 200 else {
      refusal = RightClient.Broken(
        reason: "status \(head.status)", mayRetry: head.mayRetry, wait: head.wait)
      return
    }
    let type = head.headers.value(of: "content-type") ?? ""
    guard type.lowercased().hasPrefix("text/event-stream") else {
      throw RightClient.Broken(reason: "the answer is not an event stream", mayRetry: false)
    }
  }

  /// Takes a piece of the body.
  mutating func take(_ bytes: [UInt8], _ deliver: ([UInt8]) -> Void) throws {
    guard refusal == nil else {
      error += bytes.prefix(Self.errorLimitBytes - min(error.count, Self.errorLimitBytes))
      return
    }
    var events: [ServerSentEvent] = []
    parser.parse(bytes) { events.append($0) }
    for event in events where !isOver {
      let text = message.take(event)
      if let problem = message.log.breaking { throw RightClient.Broken(reason: problem.text) }
      if !text.isEmpty { deliver(text) }
      isOver = dialect.isTerminal(event)
    }
  }

  /// Takes the end of the body: one that its framing calls incomplete is no answer. (RFC 9112, 8)
  func end(_ ending: Ending) throws {
    if let refusal {
      let said = String(decoding: error, as: UTF8.self)
      throw RightClient.Broken(
        reason: "\(refusal.reason): \(said)", mayRetry: refusal.mayRetry, wait: refusal.wait)
    }
    guard ending.how == .complete else {
      throw RightClient.Broken(reason: ending.detail ?? "the body ended as \(ending.how.rawValue)")
    }
  }

  /// Looks whether the message is whole, by the rules of its API.
  mutating func finish() throws -> String? {
    message.finish()
    if case .incomplete(let reason) = message.completeness {
      throw RightClient.Broken(reason: reason)
    }
    return message.stopReason
  }
}

extension ResponseHead {
  /// Whether another try can help: the server says so, or its status does.
  fileprivate var mayRetry: Bool {
    switch headers.value(of: "x-should-retry") {
    case "true": true
    case "false": false
    default: [408, 409, 429].contains(status) || status >= 500
    }
  }

  /// How long the server asks to wait. (RFC 9110, 10.2.3)
  fileprivate var wait: Duration? {
    if let text = headers.value(of: "retry-after-ms"), let wait = Double(text) {
      return .milliseconds(wait)
    }
    return headers.value(of: "retry-after").flatMap(Double.init).map { .seconds($0) }
  }
}
