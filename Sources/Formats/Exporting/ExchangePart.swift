package import Cassettes

/// A part of an exchange that a format may be unable to hold.
package enum ExchangePart: CaseIterable, Sendable {
  case identity, date, timing, target, requestFields, requestBody, status, version, framing, coding
  case fields, body, cuts, times, trailers, ending, detail, markers, unknownKeys

  /// What it is, as a noun phrase.
  package var phrase: String {
    switch self {
    case .identity: "its id and the program that recorded it"
    case .date: "when it was recorded"
    case .timing: "whether its times were measured"
    case .target: "its URL and path as they were"
    case .requestFields: "the request's header fields as they were"
    case .requestBody: "the request's body"
    case .status: "the status"
    case .version: "the version of HTTP"
    case .framing: "how the body was framed"
    case .coding: "which content coding was undone"
    case .fields: "the answer's header fields as they were"
    case .body: "the bytes of the body as they were"
    case .cuts: "where the chunks end"
    case .times: "when the bytes came"
    case .trailers: "the trailer fields"
    case .ending: "how it ended"
    case .detail: "what the recorder said of the end"
    case .markers: "its markers"
    case .unknownKeys: "keys that this version does not know"
    }
  }

  /// The parts in which two exchanges differ.
  package static func differing(_ a: Exchange, _ b: Exchange) -> [ExchangePart] {
    allCases.filter { !$0.isSame(a, b) }
  }

  private func isSame(_ a: Exchange, _ b: Exchange) -> Bool {
    switch self {
    case .identity, .date, .timing, .target, .requestFields, .requestBody:
      isSame(a.request, b.request)
    case .status: a.head?.status == b.head?.status
    case .version: a.head?.http == b.head?.http
    case .framing: a.head?.framing == b.head?.framing
    case .coding: a.head?.decoded == b.head?.decoded
    case .fields: a.head?.headers == b.head?.headers
    case .body: a.body == b.body
    case .cuts: a.chunks.map(\.end) == b.chunks.map(\.end)
    case .times:
      a.head?.at == b.head?.at && a.chunks.map(\.at) == b.chunks.map(\.at)
        && a.ending.at == b.ending.at
    case .trailers: a.trailers == b.trailers
    case .ending: a.ending.how == b.ending.how && a.ending.stage == b.ending.stage
    case .detail: a.ending.detail == b.ending.detail && a.ending.curlCode == b.ending.curlCode
    case .markers: a.asides == b.asides
    case .unknownKeys:
      a.request.extra == b.request.extra && a.head?.extra ?? [] == b.head?.extra ?? []
        && a.ending.extra == b.ending.extra
    }
  }

  private func isSame(_ a: RecordedRequest, _ b: RecordedRequest) -> Bool {
    switch self {
    case .identity: a.id == b.id && a.by == b.by
    case .date:
      Timestamp.microseconds(rfc3339: a.at) == Timestamp.microseconds(rfc3339: b.at)
    case .timing: a.timing == b.timing
    case .target: a.method == b.method && a.url == b.url && a.target == b.target
    case .requestFields: a.headers == b.headers
    default: a.body == b.body
    }
  }
}
