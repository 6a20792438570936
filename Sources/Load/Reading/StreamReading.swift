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
  private let head: ResponseParser.Head
  private var mode: Mode
  /// How many bytes equal the recording, and how many of its events have come with them.
  private var offset = 0
  private var next = 0
  private var parser = EventStreamParser(eventLimitBytes: Self.eventLimitBytes)
  private var watch: EventWatch
  private(set) var kept: [UInt8] = []
  private var times = EventTimes()

  init(_ head: ResponseParser.Head, target: String, _ expected: ExpectedStream?) {
    self.head = head
    self.expected = expected
    watch = EventWatch(target: target, dialect: expected?.dialect)
    let isStream = head.isEventStream
    mode =
      (200..<300).contains(head.status)
      ? expected != nil ? .recorded : isStream ? .events : .other : .other
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
    case .other: kept.append(contentsOf: bytes.prefix(Self.keptBytes - kept.count))
    }
  }

  private mutating func takeRecorded(
    _ bytes: UnsafeBufferPointer<UInt8>, at now: Int64, _ record: inout StreamRecord,
    _ meter: inout LoadMeter
  ) {
    guard let expected else { return }
    guard expected.equals(bytes, at: offset) else {
      return leave(expected, bytes, at: now, &record, &meter)
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

  /// Goes on by parsing where the bytes are not the recording's any more: the parser gets what was
  /// equal so far, whose events have been noted.
  private mutating func leave(
    _ expected: ExpectedStream, _ bytes: UnsafeBufferPointer<UInt8>, at now: Int64,
    _ record: inout StreamRecord, _ meter: inout LoadMeter
  ) {
    guard head.isEventStream else {
      mode = .other
      kept = Array(expected.body[..<min(offset, Self.keptBytes)])
      kept.append(contentsOf: bytes.prefix(Self.keptBytes - kept.count))
      return
    }
    mode = .events
    expected.body.withUnsafeBufferPointer { body in
      parser.parse(UnsafeBufferPointer(rebasing: body[..<offset])) { _ = watch.take($0) }
    }
    parse(bytes, at: now, &record, &meter)
  }

  private mutating func parse(
    _ bytes: UnsafeBufferPointer<UInt8>, at now: Int64, _ record: inout StreamRecord,
    _ meter: inout LoadMeter
  ) {
    parser.parse(bytes) { event in
      times.note(hasContent: watch.take(event), at: now, &record, &meter)
    }
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
  ///   - verifies: whether it is compared with the recording.
  ///   - record: what is known of it, which gets its outcome.
  mutating func finish(
    missing: String?, asksForStream: Bool?, verifies: Bool, _ record: inout StreamRecord
  ) {
    record.status = head.status
    guard (200..<300).contains(head.status) else {
      let words = ErrorWords.text(in: kept)
      record.outcome = head.status >= 400 ? .status : .notAStream
      record.detail = "the status is \(head.status)" + (words.map { ": \($0)" } ?? "")
      return
    }
    if equalsRecording, let expected {
      judge(expected.message, expected.completeness, missing, &record)
      if verifies, record.outcome == .whole { record.verification = .equal }
      return
    }
    if mode == .recorded { leaveAtEnd() }
    guard mode == .events else {
      return finishOther(missing: missing, asksForStream: asksForStream, &record)
    }
    guard parser.droppedEvents == 0 else {
      record.outcome = .cut
      record.detail = "an event has more than \(Self.eventLimitBytes) bytes"
      return
    }
    let message = watch.finish()
    judge(message, message.completeness, missing, &record)
    if verifies, record.outcome == .whole, let expected {
      record.verification = Verification(of: message, against: expected.message)
    }
  }

  /// Parses what equals the beginning of the recording, to see what it adds up to.
  private mutating func leaveAtEnd() {
    guard let expected else { return }
    guard head.isEventStream else {
      mode = .other
      kept = Array(expected.body[..<min(offset, Self.keptBytes)])
      return
    }
    mode = .events
    expected.body.withUnsafeBufferPointer { body in
      parser.parse(UnsafeBufferPointer(rebasing: body[..<offset])) { _ = watch.take($0) }
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
      record.detail = "the answer is \(head.contentName), not an event stream\(words)"
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
