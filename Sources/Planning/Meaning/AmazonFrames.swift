internal import EventStream
internal import JSON

/// The messages of `application/vnd.amazon.eventstream`, in which Bedrock streams.
///
/// ```
/// total length, headers length, CRC of both │ headers │ payload │ CRC of all before
/// 4             4               4           │         │         │ 4
/// ```
///
/// A payload is JSON; what a model's own API says stands in it as base64, under `bytes`.
struct AmazonFrames {
  /// The messages as events: their type is that of the event, or `exception`.
  private(set) var events: [ServerSentEvent] = []

  /// Why the body is not whole frames, as a clause.
  private(set) var flaw: String?

  /// Reads a body.
  init(_ body: [UInt8]) {
    var rest = body[...]
    while !rest.isEmpty {
      guard rest.count >= 12 else {
        flaw = "a frame was cut"
        return
      }
      let total = Self.number(rest)
      let headers = Self.number(rest.dropFirst(4))
      guard total >= 16, headers <= total - 16 else {
        flaw = "a frame says a length that it cannot have"
        return
      }
      guard rest.count >= total else {
        flaw = "a frame was cut"
        return
      }
      let frame = rest.prefix(total)
      guard Self.checksum(frame.dropLast(4)) == UInt32(Self.number(frame.suffix(4))) else {
        flaw = "the checksum of a frame is wrong"
        return
      }
      add(frame.dropFirst(12).prefix(headers), frame.dropFirst(12 + headers).dropLast(4))
      rest = rest.dropFirst(total)
    }
  }

  private mutating func add(_ headers: ArraySlice<UInt8>, _ payload: ArraySlice<UInt8>) {
    let fields = Self.fields(headers)
    let kind = fields[":message-type"] ?? "event"
    let type = fields[":exception-type"] ?? fields[":error-code"] ?? fields[":event-type"] ?? kind
    guard kind == "event" else {
      let said = (try? JSONValue(parsing: Array(payload), nesting: 512))?["message"]?.text
      let message = said ?? fields[":error-message"] ?? ""
      let data = JSONValue.object([
        .init("type", .string(type)), .init("message", .string(message)),
      ])
      let text = String(decoding: data.bytes, as: UTF8.self)
      events.append(ServerSentEvent(type: "exception", data: text))
      return
    }
    let value = try? JSONValue(parsing: Array(payload), nesting: 512)
    if let inner = value?["bytes"]?.stringBytes.flatMap(Self.base64) {
      let data = String(decoding: inner, as: UTF8.self)
      let name = (try? JSONValue(parsing: data, nesting: 512))?["type"]?.text
      events.append(ServerSentEvent(type: name ?? "message", data: data))
    } else {
      events.append(ServerSentEvent(type: type, data: String(decoding: payload, as: UTF8.self)))
    }
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

  /// The bytes of a text in base64; nil where it is none. (RFC 4648, 4)
  private static func base64(_ text: [UInt8]) -> [UInt8]? {
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for byte in text where byte != UInt8(ascii: "=") {
      guard let value = alphabet.firstIndex(of: byte) else { return nil }
      bits = bits << 6 | UInt32(value)
      count += 6
      guard count >= 8 else { continue }
      count -= 8
      bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
    }
    return bytes
  }

  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// CRC-32 as gzip has it.
  private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { crc, byte in
      table[Int((crc ^ UInt32(byte)) & 0xff)] ^ crc >> 8
    }
  }

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { crc, _ in crc & 1 == 1 ? 0xedb8_8320 ^ crc >> 1 : crc >> 1 }
  }
}
