internal import Cassettes
internal import Dialects
internal import HTTP
internal import Judging
internal import Planning
internal import Units

/// A client in this program that does right, by which the judging itself is tested: it reads by the
/// rules of HTTP, of the event stream and of the dialect, and tries again where that is allowed.
package struct BuiltInClient: TortureClient {
  /// How long it waits for more before it gives up.
  private let readTimeout: Duration

  /// How many requests it makes at the most.
  private static let mostAttempts = 3

  /// The pause before its second attempt, where the answer names none; then twice that.
  private static let pause = Duration.milliseconds(20)

  /// Statuses that another try may change. (RFC 9110, 15.5.9, 15.5.10, 15.6; RFC 6585, 4)
  private static let passing: Set<Int> = [408, 409, 429, 500, 502, 503, 504, 529]

  /// The longest pause that it takes.
  private static let longestPause = Duration.seconds(10)

  /// Creates a client.
  package init(readTimeout: Duration = .seconds(1)) {
    self.readTimeout = readTimeout
  }

  package func visit(_ visit: ClientVisit) -> ClientAccount {
    var clock = visit.clock
    var pause = Self.pause
    var attempt = 1
    while true {
      let answer = HTTPVisit(visit.baseURL, visit.request, until: clock.deadline())
        .answer(within: readTimeout)
      let status = answer.head?.status
      let mayPass = status.map(Self.passing.contains) ?? true
      // What a caller has got cannot be taken back, so a stream that broke is not asked again.
      let asksAgain =
        mayPass && answer.head?.shouldRetry != false || answer.head?.shouldRetry == true
      guard asksAgain, status != 200, attempt < Self.mostAttempts else {
        return Self.account(of: answer)
      }
      let told = answer.head?.retryAfter ?? pause
      guard told <= Self.longestPause, Instant.now() + told < clock.deadline() else {
        return Self.account(of: answer)
      }
      BlockingSocket.sleep(told)
      pause = pause * 2
      attempt += 1
    }
  }

  private static func account(of answer: Exchange) -> ClientAccount {
    let message = ExchangeMessage(of: answer)
    let text = message.accumulator.text
    let problem =
      message.completeness.reason ?? message.accumulator.log.breaking.map { $0.text }
    let delivered = Delivered(
      text: text, claim: problem == nil ? .complete : .error, error: problem,
      finish: message.accumulator.stopReason)
    return ClientAccount(delivered: delivered, marks: [(.now(), text.count)])
  }
}

extension ResponseHead {
  /// How long the answer tells a client to wait, in the forms that SDKs read.
  fileprivate var retryAfter: Duration? {
    if let text = headers.value(of: "retry-after-ms"), let milliseconds = Int(text),
      milliseconds >= 0
    {
      return .milliseconds(milliseconds)
    }
    return headers.value(of: "retry-after").flatMap { Int($0) }.flatMap {
      $0 >= 0 ? .seconds($0) : nil
    }
  }

  /// What the server says of another try.
  fileprivate var shouldRetry: Bool? { headers.value(of: "x-should-retry").flatMap { Bool($0) } }
}
