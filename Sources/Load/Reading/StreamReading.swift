internal import Dialects
internal import EventStream
internal import HTTP
internal import Libc
internal import Loading

/// The body of one answer, as it is read: events are counted when they come, and nothing of them is
/// kept that the end does not need.
struct StreamReading {
  private enum Mode {
    /// The bytes equal the recording so far.
    case recorded
    /// The events are parsed.
    case events
    /// It is no event stream: its beginning is kept, for what it says.
    case other
  }

  /// How much of an answer that is no stream is kept.
  private static let keptBytes = 16 << 10
  /// The most bytes of one event.
  private static let eventLimitBytes = 8 << 20

  private let expected: ExpectedStream?
  private let target: String
  private let verifies: Bool
  private let status: Int
  private let isEventStream: Bool
  /// What the body is, for a sentence, where it is no event stream.
  private let contentName: String
  private var mode: Mode
  /// How many bytes equal the recording, and how many of its events have come with them.
  private var offset = 0
  private var next = 0
  private var parsing: EventParsing?
  private var kept: [UInt8] = []
  private var times = EventTimes()

  /// - Parameters:
  ///   - head: the head of the answer.
  ///   - target: what was asked for.
  ///   - expected: the recording, where there is one.
  ///   - verifies: whether it is compared with the recording.
  init(
    _ head: ResponseParser.Head, target: String, _ expected: ExpectedStream?, verifies: Bool
  ) {
    self.expected = expected
    self.target = target
    self.verifies = verifies
    status = head.status
    isEventStream = head.isEventStream
    contentName = isEventStream ? "" : head.contentName
    guard (200..<300).contains(head.status) else {
      mode = .other
      return
    }
    // The same bytes under another content type are no event stream to any client.
    let isRecorded = expected?.isEventStream == isEventStream
    mode = isRecorded ? .recorded : isEventStream ? .events : .other
    if mode == .events { parsing = makeParsing() }
  }

  private func makeParsing() -> EventParsing {
    EventParsing(
      eventLimitBytes: Self.eventLimitBytes,
      EventWatch(
        target: target, dialect: expected?.dialect, keepsMessage: verifies && expected != nil))
  }

  /// Takes body bytes.
  mutating func take(
    _ bytes: UnsafeBufferPointer<UInt8>, at now: Int64, _ record: inout StreamRecord,
    _ meter: inout LoadMeter
  ) {
    record.bytes &+= bytes.count
    switch mode {
    case .recorded: takeRecorded(bytes, at: now, &record, &meter)
    case .events: parse(bytes, at: now, &record, &meter)
    case .other: keep(bytes)
    }
  }

  private mutating func takeRecorded(
    _ bytes: UnsafeBufferPointer<UInt8>, at now: Int64, _ record: inout StreamRecord,
    _ meter: inout LoadMeter
  ) {
    guard let expected else { return }
    guard expected.equals(bytes, at: offset) else {
      return leave(bytes, at: now, &record, &meter)
    }
    offset &+= bytes.count
    while next < expected.ends.count, expected.ends[next] <= offset {
      times.note(hasContent: expected.hasContent[next], at: now, &record, &meter)
      if let sent = record.sent, next < expected.offsets.count {
        let late = now &- sent &- expected.offsets[next]
        record.latest = max(record.latest ?? late, late)
        if !record.order.isWarmup { meter.note(late: late) }
      }
      next &+= 1
    }
  }

  /// Goes on by parsing where the bytes are not the recording's any more.
  private mutating func leave(
    _ bytes: UnsafeBufferPointer<UInt8>, at now: Int64, _ record: inout StreamRecord,
    _ meter: inout LoadMeter
  ) {
    leaveRecording()
    if mode == .events {
      parse(bytes, at: now, &record, &meter)
    } else {
      keep(bytes)
    }
  }

  /// Parses what was equal so far, whose events have been noted.
  private mutating func leaveRecording() {
    guard let expected else { return }
    expected.body.withUnsafeBufferPointer { body in
      let equal = UnsafeBufferPointer(rebasing: body[..<offset])
      guard isEventStream else {
        mode = .other
        return keep(equal)
      }
      mode = .events
      let parsing = makeParsing()
      parsing.parse(equal) { _ in }
      self.parsing = parsing
    }
  }

  private mutating func keep(_ bytes: UnsafeBufferPointer<UInt8>) {
    kept.append(contentsOf: bytes.prefix(Self.keptBytes - kept.count))
  }

  private mutating func parse(
    _ bytes: UnsafeBufferPointer<UInt8>, at now: Int64, _ record: inout StreamRecord,
    _ meter: inout LoadMeter
  ) {
    parsing?.parse(bytes) { times.note(hasContent: $0, at: now, &record, &meter) }
  }

  /// Whether every byte of the recording came, and none else.
  private var equalsRecording: Bool { mode == .recorded && offset == expected?.body.count }
}

extension StreamReading {
  /// What became of a stream whose HTTP message has ended.
  ///
  /// - Parameters:
  ///   - missing: what HTTP says is missing, as a clause; nil where it ended well.
  ///   - asksForStream: whether the request asks for a stream.
  ///   - record: what is known of it, which gets its outcome.
  mutating func finish(
    missing: String?, asksForStream: Bool?, _ record: inout StreamRecord
  ) {
    record.status = status
    guard (200..<300).contains(status) else {
      let words = ErrorWords.text(in: kept)
      record.outcome = status >= 400 ? .status : .notAStream
      record.detail = "the status is \(status)" + (words.map { ": \($0)" } ?? "")
      return
    }
    if equalsRecording, let expected {
      judge(expected.message, expected.completeness, missing, &record)
      if verifies, record.outcome == .whole { record.verification = .equal }
      return
    }
    if mode == .recorded { leaveRecording() }
    guard mode == .events, let parsing else {
      return finishOther(missing: missing, asksForStream: asksForStream, &record)
    }
    guard parsing.droppedEvents == 0 else {
      record.outcome = .cut
      record.detail = "an event has more than \(Self.eventLimitBytes) bytes"
      return
    }
    let message = parsing.finish()
    judge(message, message.completeness, missing, &record)
    if verifies, record.outcome == .whole, let expected {
      let verification = Verification(of: message, against: expected.message)
      record.verification =
        verification == .equal && parsing.streamed != expected.streamed
        ? Verification(of: parsing.streamed, against: expected.streamed) : verification
    }
  }

  private func judge(
    _ message: MessageAccumulator, _ completeness: Completeness, _ missing: String?,
    _ record: inout StreamRecord
  ) {
    record.outputTokens = message.outputTokens
    if let error = message.reportedError {
      record.outcome = .errorEvent
      record.detail = "the stream says: \(error)"
    } else if let missing {
      record.outcome = .cut
      record.detail = missing
    } else if case .incomplete(let why) = completeness {
      record.outcome = .cut
      record.detail = why
    } else {
      record.outcome = .whole
      record.detail = nil
    }
  }

  /// Judges an answer that is no event stream: it is whole where none was asked for.
  private func finishOther(
    missing: String?, asksForStream: Bool?, _ record: inout StreamRecord
  ) {
    if let missing {
      record.outcome = .cut
      record.detail = missing
    } else if asksForStream == false {
      record.outcome = .whole
    } else {
      record.outcome = .notAStream
      let words = ErrorWords.text(in: kept).map { ": \($0)" } ?? ""
      record.detail = "the answer is \(contentName), not an event stream\(words)"
    }
  }
}

extension ExpectedStream {
  /// Whether bytes stand in the recording at a place.
  func equals(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> Bool {
    guard bytes.count <= body.count - offset else { return false }
    return body.withUnsafeBytes { body in
      guard let base = body.baseAddress, let other = bytes.baseAddress else { return true }
      return memcmp(base + offset, other, bytes.count) == 0
    }
  }
}

extension ResponseParser.Head {
  private var contentType: String? {
    fields.value(of: "content-type").map { type in
      type.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }.lowercased()
    }
  }

  /// Whether it says that the body is an event stream that can be read. (WHATWG HTML, 9.2.2)
  var isEventStream: Bool { contentType == "text/event-stream" && fields.contentCoding == nil }

  /// What the body is, for a sentence.
  fileprivate var contentName: String {
    let type = contentType.map { String($0.prefix(60)) } ?? "of no content-type"
    return fields.contentCoding.map { "\(type) in the coding \($0.prefix(40))" } ?? type
  }
}
