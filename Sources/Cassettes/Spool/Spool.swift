internal import EventStream
package import LosslessJSON
package import Redaction

/// One exchange while it is recorded, in a file that survives the recorder.
///
/// In memory is only what is not in the file yet; at the end all of it is read back. The file
/// stands beside the cassette, as `NAME.tape.PID-N.part`, and is locked as long as this lives. What
/// is in it reads back as an `interrupted` exchange, redacted like everything that is written. Used
/// from one thread at a time.
package final class Spool {
  /// How long a line may wait in memory while others come.
  package static let flushInterval = Microseconds(saturating: 250_000)

  /// The file that holds it meanwhile.
  package let path: String

  let target: String
  var file: OpenFile?
  var growing: GrowingExchange
  /// The whole exchange, once it is finished and until it is added.
  var finished: Exchange?
  let rules: RedactionRules
  private let limits: CassetteLimits
  private var blocks = EventBlockCounter()
  /// The limit of a reader that the answer goes beyond, or nil.
  var exceeded: String?
  var isFinished = false
  private var flushedAt = Microseconds.zero
  private var latest = Microseconds.zero

  /// Creates the file and writes the request to it.
  ///
  /// - Parameters:
  ///   - target: The cassette that the exchange will be added to; it need not exist, its directory
  ///     must.
  ///   - request: What is asked; it is redacted.
  ///   - rules: What is covered in everything that is written.
  ///   - limits: What a reader takes of one exchange: events and markers beyond it are left out.
  ///     How many chunks and bytes there are is the caller's.
  /// - Throws: An error of kind `badData` where the request breaks a rule of the format, or one of
  ///   kind `system`.
  package init(
    target: String, request: RecordedRequest, rules: RedactionRules = .standard,
    limits: CassetteLimits = .init()
  ) throws(CassetteError) {
    var request = request
    Redactor.redact(&request, by: rules)
    let growing = GrowingExchange(request, rules: rules)
    try growing.exchange.check()
    let file = try OpenFile.locked(beside: target, as: .spool)
    self.growing = growing
    self.rules = rules
    self.limits = limits
    self.target = target
    self.path = file.path
    self.file = consume file
    let lines = CassetteHeader.line(extra: []) + [UInt8(ascii: "\n")] + self.growing.takeLines()
    try write(lines)
  }

  deinit {
    // An owner that was dropped leaves what it has for `check --repair`.
    guard file != nil else { return }
    if isFinished { writeEnd() } else { try? flush() }
  }

  /// Whether the answer says that it is an event stream.
  package var isEventStream: Bool { growing.exchange.isEventStream }

  /// Adds the response head and flushes.
  ///
  /// - Parameter head: The head; it is redacted.
  /// - Throws: An error of kind `badData` where it breaks a rule of the format or is the second, or
  ///   one of kind `system`.
  package func head(_ head: ResponseHead) throws(CassetteError) {
    guard growing.exchange.head == nil else {
      throw CassetteError(.badData, "a second head in one exchange", path: path)
    }
    var head = head
    Redactor.redact(&head, by: rules)
    head.at = noEarlier(head.at)
    try head.check()
    growing.add(head)
    try flush()
  }

  /// Adds an arrival; flushes when the last flush is `flushInterval` ago.
  ///
  /// - Parameters:
  ///   - bytes: What came.
  ///   - time: When it came.
  /// - Throws: An error of kind `badData` where no head came before it or the trailers did, or one
  ///   of kind `system`.
  package func chunk(_ bytes: UnsafeRawBufferPointer, at time: Microseconds) throws(CassetteError) {
    guard isInBody else {
      throw CassetteError(.badData, "a chunk outside of a body", path: path)
    }
    let bytes = withinLimits(bytes)
    guard exceeded == nil || !bytes.isEmpty else { return }
    growing.add(bytes, at: noEarlier(time))
    if time.count - flushedAt.count >= Self.flushInterval.count {
      try flush()
      flushedAt = time
    }
  }

  private var isInBody: Bool { growing.exchange.head != nil && growing.exchange.trailers == nil }

  /// What of an arrival a reader takes.
  private func withinLimits(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    guard exceeded == nil else { return UnsafeRawBufferPointer(rebasing: bytes[..<0]) }
    let taken = blocks.take(bytes.bindMemory(to: UInt8.self), upTo: limits.events)
    if taken < bytes.count { exceeded = "the limit of \(limits.events) events" }
    return UnsafeRawBufferPointer(rebasing: bytes[..<taken])
  }

  /// Adds an arrival; flushes when the last flush is `flushInterval` ago.
  ///
  /// - Parameters:
  ///   - bytes: What came.
  ///   - time: When it came.
  /// - Throws: As for a raw buffer.
  package func chunk(_ bytes: [UInt8], at time: Microseconds) throws(CassetteError) {
    try bytes.withUnsafeBufferPointer { (bytes) throws(CassetteError) in
      try chunk(UnsafeRawBufferPointer(bytes), at: time)
    }
  }

  /// Adds the trailer section, behind which no chunk comes.
  ///
  /// - Parameter trailers: The trailers; they are redacted.
  /// - Throws: An error of kind `badData` where they break a rule of the format or come twice, or
  ///   one of kind `system`.
  package func trailers(_ trailers: Trailers) throws(CassetteError) {
    guard isInBody else {
      throw CassetteError(.badData, "trailers outside of a body", path: path)
    }
    var trailers = trailers
    guard exceeded == nil else { return }
    Redactor.redact(&trailers, by: rules)
    trailers.at = noEarlier(trailers.at)
    try trailers.fields.check()
    growing.add(trailers)
  }

  /// Adds a marker, or a line of another code.
  ///
  /// - Parameters:
  ///   - code: `m` for a marker; none of the codes that make up an exchange.
  ///   - data: Any JSON; keys that it holds as strings are redacted.
  ///   - time: When it happened.
  /// - Throws: An error of kind `badData` where the code belongs to another line.
  package func aside(
    code: String = "m", data: JSONValue, at time: Microseconds
  ) throws(CassetteError) {
    guard LineCode(rawValue: code) == nil else {
      throw CassetteError(.badData, "an aside cannot have the code '\(code)'", path: path)
    }
    guard growing.asideCount < limits.asides else { return }
    growing.add(aside: code, data.redacted(by: rules), at: noEarlier(time))
  }

  /// Writes everything that is settled to the file, so that it can be read from there.
  ///
  /// To be called at least every `flushInterval` while nothing comes, too; does nothing when
  /// nothing is new.
  ///
  /// - Throws: An error of kind `system`.
  package func flush() throws(CassetteError) {
    let lines = growing.takeLines()
    if !lines.isEmpty { try write(lines) }
  }

  /// Times in one exchange never go back, as intervals are never negative.
  func noEarlier(_ time: Microseconds) -> Microseconds {
    latest = max(latest, time)
    return latest
  }

  /// Writes lines as a member of their own: what is written can be read, and between two flushes no
  /// memory is kept for compression, of which there would be one for each recording under way.
  ///
  /// They are stored as they are: a file that is soon gone is not worth the time, beside streams
  /// that are to be on time.
  func write(_ lines: [UInt8]) throws(CassetteError) {
    try file?.write(Deflater.member(of: lines, level: 0, size: .small))
  }
}
