internal import Dialects
internal import Loading

extension Verification {
  /// Compares a message that came whole with the recorded one.
  init(of message: MessageAccumulator, against recorded: MessageAccumulator) {
    if message.saysTheSame(as: recorded), message.stopReason == recorded.stopReason {
      self = .equal
    } else {
      self.init(of: message.said, against: recorded.said)
    }
  }

  /// Compares two texts: what is missing in one place is lost, and what stands once more behind
  /// itself is doubled.
  init(of text: [UInt8], against recorded: [UInt8]) {
    let front = zip(text, recorded).prefix { $0 == $1 }.count
    let shorter = min(text.count, recorded.count)
    let back = zip(text.reversed(), recorded.reversed()).prefix(shorter - front)
      .prefix { $0 == $1 }.count
    if text.count < recorded.count {
      self = front + back == text.count || text.isSubsequence(of: recorded) ? .lost : .changed
    } else if text.count > recorded.count, front + back == recorded.count {
      let added = text[front..<(text.count - back)]
      let isRepeat =
        text[..<front].suffix(added.count).elementsEqual(added)
        || text[(text.count - back)...].prefix(added.count).elementsEqual(added)
      self = isRepeat ? .doubled : .changed
    } else {
      self = .changed
    }
  }
}

extension MessageAccumulator {
  /// All that the message says, its parts one behind the other.
  fileprivate var said: [UInt8] { content.flatMap { $0.name.utf8 + $0.bytes } }
}

extension [UInt8] {
  /// Whether it is left where bytes of another are taken out.
  fileprivate func isSubsequence(of other: [UInt8]) -> Bool {
    var rest = self[...]
    for byte in other where byte == rest.first { rest = rest.dropFirst() }
    return rest.isEmpty
  }
}
