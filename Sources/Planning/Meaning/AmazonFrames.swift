internal import Cassettes
internal import EventStream
internal import LosslessJSON
internal import Units

/// The messages of `application/vnd.amazon.eventstream`, in which Bedrock streams.
///
/// ```
/// total length, headers length, CRC of both │ headers │ payload │ CRC of all before
/// 4             4               4           │         │         │ 4
/// ```
///
/// A payload is JSON; what a model's own API says stands in it as base64, under `bytes`.
struct AmazonFrames {
  /// Why the body is not whole frames, as a clause.
  private(set) var flaw: String?

  /// Reads a body; the messages are events whose type is that of the event, or `exception`.
  init(_ body: [UInt8], take: (ServerSentEvent) -> Void) {
    var rest = body[...]
    while !rest.isEmpty {
      guard rest.count >= 12 else {
        flaw = "a frame was cut"
        return
      }
      let total = Self.number(rest)
      let headers = Self.number(rest.dropFirst(4))
      guard total >= 16, headers <= total - 16 else {
        flaw = "a frame declares an impossible length"
        return
      }
      guard rest.count >= total else {
        flaw = "a frame was cut"
        return
      }
      let frame = rest.prefix(total)
      guard Checksum.crc32(frame.dropLast(4)) == UInt32(Self.number(frame.suffix(4))) else {
        flaw = "the checksum of a frame is wrong"
        return
      }
      take(
        Self.event(
          frame.dropFirst(12).prefix(headers), frame.dropFirst(12 + headers).dropLast(4)))
      rest = rest.dropFirst(total)
    }
  }

  private static func event(
    _ headers: ArraySlice<UInt8>, _ payload: ArraySlice<UInt8>
  ) -> ServerSentEvent {
    let fields = fields(headers)
    let kind = fields[":message-type"] ?? "event"
    let type = fields[":exception-type"] ?? fields[":error-code"] ?? fields[":event-type"] ?? kind
    guard kind == "event" else {
      let said = (try? JSONValue(parsing: Array(payload), nesting: 512))?["message"]?.text
      let message = said ?? fields[":error-message"] ?? ""
      let data = JSONValue.object([
        .init("type", .string(type)), .init("message", .string(message)),
      ])
      let text = String(decoding: data.bytes, as: UTF8.self)
      return ServerSentEvent(type: "exception", data: text)
    }
    let value = try? JSONValue(parsing: Array(payload), nesting: 512)
    if let inner = value?["bytes"]?.stringBytes.flatMap(Base64.decode) {
      let data = String(decoding: inner, as: UTF8.self)
      let name = (try? JSONValue(parsing: data, nesting: 512))?["type"]?.text
      return ServerSentEvent(type: name ?? "message", data: data)
    }
    return ServerSentEvent(type: type, data: String(decoding: payload, as: UTF8.self))
  }

  /// The headers whose value is a string, type 7, which are all that these streams have.
  private static func fields(_ bytes: ArraySlice<UInt8>) -> [String: String] {
    var fields: [String: String] = [:]
    var rest = bytes
    while let length = rest.first.map(Int.init), rest.count >= length + 4 {
      let name = String(decoding: rest.dropFirst().prefix(length), as: UTF8.self)
      rest = rest.dropFirst(1 + length)
      guard rest.first == 7 else { break }
      let count = Int(rest[rest.startIndex + 1]) << 8 | Int(rest[rest.startIndex + 2])
      fields[name] = String(decoding: rest.dropFirst(3).prefix(count), as: UTF8.self)
      rest = rest.dropFirst(3 + count)
    }
    return fields
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
  }
}
