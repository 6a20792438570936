import HTTP
import LosslessJSON
import TestSupport

@testable import Cassettes

/// Exchanges that tests share.
enum Samples {
  static func time(_ count: Int64) -> Microseconds { Microseconds(saturating: count) }

  /// The exchange of the format's own example.
  static var example: Exchange {
    var exchange = Exchange(
      request: RecordedRequest(
        id: "9f2c41d07ab35e66", at: "2026-11-22T11:00:00.123456Z", by: "tapedeck 0.1.0",
        method: "POST", url: "https://api.example.com/v1/messages", path: "/v1/messages",
        headers: [HeaderField("content-type", "application/json")], body: Array("{...}".utf8)),
      head: ResponseHead(
        status: 200, headers: [HeaderField("content-type", "text/event-stream")],
        at: time(412_345)),
      ending: Ending(how: .complete, at: time(432_625)))
    exchange.append(chunk: "event: message_start\ndata: {...}\n\n".utf8, at: time(412_497))
    exchange.append(chunk: [0xc3, 0xa9].dropLast(), at: time(432_607))
    return exchange
  }

  static let exampleLines = #"""
    [0,"q",{"id":"9f2c41d07ab35e66","at":"2026-11-22T11:00:00.123456Z","by":"tapedeck 0.1.0","timing":"recorded","method":"POST","url":"https://api.example.com/v1/messages","path":"/v1/messages","headers":[["content-type","application/json"]],"body":"{...}"}]
    [412345,"h",{"status":200,"http":"1.1","framing":"chunked","headers":[["content-type","text/event-stream"]]}]
    [152,"d","event: message_start\ndata: {...}\n\n"]
    [20110,"b","ww=="]
    [18,"e",{"how":"complete"}]

    """#

  /// One of everything that an exchange can hold.
  static var full: Exchange {
    var exchange = Exchange(
      request: RecordedRequest(
        id: "00", at: "2026-01-01T00:00:00Z", timing: .synthetic, method: "PUT", path: "*",
        headers: [HeaderField("x", "\u{e9}")], body: [0xff, 0x00],
        extra: [JSONValue.Member("later", .array([.null, .number("1e400")]))]),
      head: ResponseHead(
        status: 529, http: "1.0", framing: .length(12), headers: [], decoded: "gzip",
        at: time(5), extra: [JSONValue.Member("more", .bool(false))]),
      trailers: Trailers(fields: [HeaderField("grpc-status", "0")], at: time(40)),
      ending: Ending(
        how: .reset, detail: "peer \u{1F4FC} left\u{7f}", curlCode: 56, at: time(50),
        extra: [JSONValue.Member("last", .string("\u{2028}"))]),
      asides: [
        Aside(code: "m", data: .string("paused"), place: 1, at: time(0)),
        Aside(code: "zz", data: .object([]), place: 3, at: time(20)),
        Aside(code: "m", data: .number(3), place: 6, at: time(45)),
      ])
    exchange.append(chunk: "a\u{0}\u{1f}\"\\/\r\t\u{8}\u{c}é".utf8, at: time(10))
    exchange.append(chunk: [], at: time(20))
    exchange.append(chunk: [0xf0, 0x9f], at: time(30))
    return exchange
  }

  /// An exchange drawn from a seed.
  static func random(_ seed: inout SeededGenerator) -> Exchange {
    func pick<T>(_ choices: [T]) -> T { choices[Int.random(in: 0..<choices.count, using: &seed)] }
    var exchange = full
    exchange.request.id = String(seed.next(), radix: 16)
    exchange.request.body = (0..<Int.random(in: 0...20, using: &seed)).map { _ in pick([97, 0xc3]) }
    exchange.ending = Ending(how: .unreachable, stage: pick([.dns, .tls, nil]), at: time(9))
    (exchange.head, exchange.trailers, exchange.body, exchange.chunks) = (nil, nil, [], [])
    exchange.asides = []
    if Bool.random(using: &seed) { return exchange }
    var now: Int64 = 7
    exchange.head = ResponseHead(
      status: pick([200, 404]), framing: pick([.chunked, .eof, .h2, .length(7)]), at: time(now))
    for _ in 0..<Int.random(in: 0...8, using: &seed) {
      now += Int64.random(in: 0...1_000_000, using: &seed)
      let alphabet: [UInt8] = [0x22, 0x5c, 0x2f, 0x0a, 0x00, 0x61, 0x62, 0x7f, 0xc3, 0xa9, 0xed]
      let bytes = (0..<Int.random(in: 0...40, using: &seed)).map { _ in pick(alphabet) }
      let chunk = Bool.random(using: &seed) ? bytes : Array("data: é\n\n".utf8)
      exchange.append(chunk: chunk, at: time(now))
    }
    exchange.ending = Ending(how: pick([.complete, .reset, .truncated]), at: time(now))
    return exchange
  }
}
