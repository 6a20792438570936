internal import Cassettes
internal import HTTP
internal import LosslessJSON

/// Exchanges whose bytes are made of what a file means.
enum MadeExchange {
  /// A capture of a request that fits, and of an answer of JSON that has no body yet.
  static func capture(
    api: MadeAPI, model: String?, userMessage: String?, line: Int
  ) -> Capture {
    let request = api.request(model: model, userMessage: userMessage)
    var capture = Capture(
      .init(
        method: "POST", url: api.path(model: model),
        headers: [HeaderField("content-type", "application/json")], body: request.bytes),
      line: line)
    capture.status = 200
    capture.http = "1.1"
    capture.headers = [HeaderField("content-type", "application/json")]
    capture.framing = .chunked
    capture.isMadeUp = true
    capture.losses = ["the file has no bytes, only what the model says: the bytes are made here"]
    return capture
  }
}

/// When the events of a made stream come, and where it breaks off.
struct MadeDelivery {
  /// The pause before the first event and between the others, in milliseconds; nil where the file
  /// says nothing of it.
  var pauses: ((_ event: Int) -> Double)?
  /// Behind how many events the connection is closed, or nil.
  var eventLimit: Int?
  /// When the connection is closed, in milliseconds from the request, or nil.
  var timeLimit: Double?

  /// Makes an event stream of events.
  func fill(_ capture: inout Capture, with events: [[UInt8]]) {
    capture.headers = [HeaderField("content-type", "text/event-stream")]
    var ends: [Int] = []
    var times: [Double] = []
    var now = 0.0
    for (number, event) in events.enumerated() {
      now += pauses.map { max(0, $0(number)) } ?? 0
      if let timeLimit, now > timeLimit { break }
      if let eventLimit, number >= eventLimit { break }
      capture.body += event
      ends.append(capture.body.count)
      times.append(now)
    }
    if ends.count < events.count { capture.ending = .truncated }
    guard pauses != nil else {
      capture.times = .cuts(ends)
      return
    }
    let chunks = zip(ends, times).map { Chunk(end: $0, at: Microseconds(milliseconds: $1)) }
    let end = capture.ending == .truncated ? timeLimit ?? now : now
    capture.times = .arrivals(
      chunks, head: chunks.first?.at ?? .zero, end: Microseconds(milliseconds: end))
  }
}

extension Microseconds {
  /// A time from milliseconds, moved to the nearest that can be represented.
  init(milliseconds: Double) {
    let count = (milliseconds * 1000).rounded()
    self.init(saturating: count.isFinite ? Int64(exactly: min(max(count, 0), 1e15)) ?? 0 : 0)
  }
}
