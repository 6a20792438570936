internal import Cassettes
internal import Dialects
internal import HTTP

/// `status`: the API answers with an error.
struct StatusFault: Fault {
  static let name = "status"
  static let kind = FaultKind.answer
  static let layer = FaultLayer.message
  static let takes = FaultPlace.Taking.nothing
  static let usage = "status[:CODE][,retry-after=D][,type=T]"
  static let summary =
    "The dialect's own error answer with that status is sent instead of the recording."
  static let example = "status:529,retry-after=1s,on=1-2"
  static let symptoms = [
    FaultSymptom(
      "rate limited", "status:429,retry-after=1s,on=1",
      ["429", "rate limit", "too many requests", "throttled", "throttling", "quota"]),
    FaultSymptom("overloaded", "status:529,on=1", ["529", "overload", "busy", "capacity"]),
    FaultSymptom(
      "unavailable", "status:503,on=1",
      ["503", "service unavailable", "down", "outage", "maintenance"]),
    FaultSymptom(
      "server error", "status:500,on=1",
      ["500", "5xx", "internal server error", "http error"]),
    FaultSymptom(
      "gateway error", "status:502,on=1",
      ["502", "bad gateway", "gateway", "load balancer error"]),
    FaultSymptom(
      "gateway timeout", "status:504,on=1",
      ["504", "gateway timeout", "load balancer timeout"]),
    FaultSymptom(
      "wrong API key", "status:401",
      ["401", "403", "unauthorized", "forbidden", "authentication", "expired key"]),
    FaultSymptom(
      "the request is refused", "status:400",
      ["400", "bad request", "invalid request", "context too long"]),
  ]

  var effect: FaultEffect { .answers }

  private let code: Int
  private let errorType: String?
  private let retryAfter: Duration?

  init(_ arguments: inout FaultArguments) throws(DirectiveError) {
    let text = arguments.next() ?? "529"
    guard let code = Int(text), (200...599).contains(code), text.utf8.count == 3 else {
      throw arguments.unfit(text, "a status from 200 to 599")
    }
    self.code = code
    errorType = try arguments.value("type")
    if let delay = try arguments.value("retry-after") {
      retryAfter = .microseconds(try Quantity.duration(delay).count)
    } else {
      retryAfter = nil
    }
  }

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) {
    let reply = scene.dialect.reply(
      to: APIError(
        status: code, type: errorType, message: "tapedeck: status \(code)", retryAfter: retryAfter,
        rateLimit: code == 429 ? exhausted(at: scene.exchange.request.at) : nil))
    draft.answer(
      status: code, headers: reply.headers.map { HeaderField($0.name, $0.value) }, body: reply.body)
    draft.message.times = reply.headers.compactMap { header in
      header.lead.map { FieldTime(name: header.name, value: header.value, lead: $0) }
    }
  }

  /// The limits that a 429 tells of: used up, and anew when the client may try again.
  ///
  /// A plan knows no clock, so the time is that of the recording; whoever answers has one, and puts
  /// a time in its place that lies as far behind the answer.
  private func exhausted(at recorded: String) -> RateLimit {
    let now = Timestamp.microseconds(rfc3339: recorded) ?? 0
    return RateLimit(
      requests: RateLimit.Window(limit: 50, remaining: 0),
      tokens: RateLimit.Window(limit: 40_000, remaining: 0),
      resetsAfter: retryAfter ?? .seconds(1), nowSeconds: now / 1_000_000)
  }
}
