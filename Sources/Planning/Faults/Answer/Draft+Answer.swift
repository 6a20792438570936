internal import Cassettes
internal import HTTP

extension Draft {
  /// Puts an answer in place of the recording: at the head's time, framed by its length.
  mutating func answer(status: Int, headers: [HeaderField], body: [UInt8]) {
    self.status = status
    self.headers = headers
    self.body = body
    chunks = body.isEmpty ? [] : [Chunk(end: body.count, at: headAt)]
    trailers = []
    framing = .length(Int64(body.count))
    end = .complete
    endAt = headAt
  }
}
