/// Answers as servers send them, for tests.
enum Answers {
  /// A whole message of Anthropic's, event by event.
  static let message: [String] = [
    event(
      "message_start",
      #"{"type":"message_start","message":{"id":"m","type":"message","role":"assistant","content":[],"model":"m","stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":3,"output_tokens":1}}}"#
    ),
    event(
      "content_block_start",
      #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#),
    event("ping", #"{"type":"ping"}"#),
    text("Hello"), text(" there"), text(" you"),
    event("content_block_stop", #"{"type":"content_block_stop","index":0}"#),
    event(
      "message_delta",
      #"{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":7}}"#
    ),
    event("message_stop", #"{"type":"message_stop"}"#),
  ]

  static func event(_ type: String, _ data: String) -> String {
    "event: \(type)\ndata: \(data)\n\n"
  }

  static func text(_ text: String) -> String {
    event(
      "content_block_delta",
      #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\#(text)"}}"#)
  }

  static let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
  static let chunkedHead = head + "Transfer-Encoding: chunked\r\n\r\n"

  /// A chunk. (RFC 9112, 7.1)
  static func chunk(_ text: String) -> String {
    String(text.utf8.count, radix: 16) + "\r\n\(text)\r\n"
  }

  static let lastChunk = "0\r\n\r\n"

  /// The message with a chunk for each event.
  static let chunked = chunkedHead + message.map(chunk).joined() + lastChunk

  /// The message with its length.
  static let measured =
    head + "Content-Length: \(message.joined().utf8.count)\r\n\r\n" + message.joined()

  /// The message, which ends with the connection.
  static let untilClose = head + "\r\n" + message.joined()

  /// An answer of JSON.
  static func json(_ status: String, _ body: String) -> String {
    "HTTP/1.1 \(status)\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }
}
