internal import EventStream

extension Plan {
  /// For each event of the body that a client receives, how many body bytes it has with it whole,
  /// ascending; none where the body is coded, as by `gzip`, or is no event stream.
  public func eventEnds() -> [Int] {
    var body: [UInt8] = []
    body.reserveCapacity(bodyBytes)
    for action in actions { body += wire[action.body] }
    var ends: [Int] = []
    var parser = EventStreamParser(eventLimitBytes: .max)
    parser.parse(body) { ends.append($0.block.upperBound) }
    return ends
  }
}
