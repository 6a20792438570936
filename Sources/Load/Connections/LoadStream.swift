internal import HTTP
internal import Loading

/// A stream under way: what was asked, and what has come of the answer.
struct LoadStream {
  /// What a piece of the answer came to.
  enum Progress {
    case goesOn
    /// HTTP says that the answer is over; whether bytes came behind it.
    case over(hasMore: Bool)
    /// No client can take it; why, as a clause.
    case broken(String)
  }

  var record: StreamRecord
  /// How much of the request the kernel has taken.
  var sentBytes = 0
  /// How often the request was put on a kept connection that turned out to be closed.
  var retries = 0
  /// How many addresses of the target were tried.
  var addressesTried = 1
  private(set) var parser: ResponseParser
  private(set) var reading: StreamReading?

  init(_ record: StreamRecord, _ request: RenderedRequest, headLimitBytes: Int) {
    self.record = record
    parser = ResponseParser(answering: request.method, headLimitBytes: headLimitBytes)
  }

  /// Takes what has come of the answer.
  mutating func take(
    _ bytes: UnsafeBufferPointer<UInt8>, at now: Int64, _ scene: LoadScene,
    _ meter: inout LoadMeter
  ) -> Progress {
    if record.firstByte == nil { record.firstByte = now }
    var position = 0
    while true {
      switch parser.next(bytes, from: &position) {
      case .needsMore: return .goesOn
      case .head: begin(scene)
      case .body(let range):
        reading?.take(UnsafeBufferPointer(rebasing: bytes[range]), at: now, &record, &meter)
        guard record.bytes <= scene.options.bodyLimitBytes else {
          return .broken("the body has more than \(scene.options.bodyLimitBytes) bytes")
        }
      case .end: return .over(hasMore: position < bytes.count)
      case .failure(let why): return .broken(why)
      }
    }
  }

  private mutating func begin(_ scene: LoadScene) {
    guard let head = parser.head else { return }
    record.status = head.status
    let number = scene.index(of: record.order)
    reading = StreamReading(
      head, target: scene.requests[number].target, scene.expected[number],
      verifies: scene.options.verifies)
    parser.forgetFields()
  }

  /// Says what became of it, once its HTTP message has ended.
  ///
  /// - Parameters:
  ///   - missing: what HTTP says is missing, as a clause; nil where it ended well.
  ///   - asksForStream: whether the request asks for a stream.
  mutating func finish(missing: String?, asksForStream: Bool?) {
    guard reading != nil else {
      record.outcome = .cut
      record.detail = missing
      return
    }
    reading?.finish(missing: missing, asksForStream: asksForStream, &record)
  }
}
