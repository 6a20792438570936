internal import Cassettes
internal import HTTP

extension Draft {
  /// Puts an answer in place of the recording: at the head's time, framed by its length.
  mutating func answer(status: Int, headers: [HeaderField], body: [UInt8]) {
    message.status = status
    message.headers = headers
    message.body = body
    message.chunks = body.isEmpty ? [] : [Chunk(end: body.count, at: message.headAt)]
    message.trailers = []
    message.framing = .length(Int64(body.count))
    message.end = .complete
    message.endAt = message.headAt
  }
}
