internal import CCurl
internal import Cassettes
internal import Libc

/// One transfer: its handle, what libcurl tells of it, and where that goes.
///
/// It lives on the recorder's thread alone; libcurl calls back on it there.
final class Transfer {
  let number: UInt64
  private var easy: CurlEasy
  private var transcript: Transcript
  private let onEvents: EventHandler
  private let touched: TouchedTransfers
  private var isTouched = false
  private let isSecure: Bool
  private let request: RecordingRequest
  private var hasWithheld = false
  private var isShakingHands = false

  var handle: UnsafeMutableRawPointer { easy.pointer }

  init(
    _ number: UInt64, _ request: RecordingRequest, _ touched: TouchedTransfers,
    onEvents: @escaping EventHandler
  ) throws(RecordingError) {
    easy = try CurlEasy()
    self.number = number
    self.onEvents = onEvents
    self.touched = touched
    self.request = request
    isSecure = request.url.lowercased().hasPrefix("https:")
    transcript = Transcript(request: request, started: MonotonicClock.nanoseconds())
    transcript.stream.isWatched = FrameWatch.isActive
    transcript.stream.isToldByLibcurl = FrameWatch.isToldByLibcurl
    easy.prepare(request)
    let context = Unmanaged.passUnretained(self).toOpaque()
    _ = tapedeck_curl_set_callbacks(
      easy.pointer, Self.onHeader, Self.onBody, Self.onDebug, context)
    guard tapedeck_curl_set_prereq(easy.pointer, Self.onRequest, context) == CURLE_OK else {
      throw RecordingError(
        "this libcurl may send a request twice: install libcurl 7.80 or newer", isUnavailable: true)
    }
  }

  func add(to multi: borrowing CurlMulti) -> Bool {
    if isSecure || request.options.followRedirects { FrameWatch.add(self) }
    return multi.add(easy)
  }

  /// Takes the transfer from libcurl, which calls back no more after this.
  func remove(from multi: borrowing CurlMulti) {
    easy.set(CURLOPT_VERBOSE, false)
    multi.remove(easy)
    FrameWatch.remove(self)
  }

  /// When it will be given up if nothing more comes, and why.
  var deadline: Deadline? { transcript.deadline }

  func tick(now: Int64) { onEvents([transcript.tick(now)]) }

  /// Ends it with what libcurl said.
  func finish(_ code: CURLcode, now: Int64) {
    let outcome = TransferOutcome(
      code: Int(code.rawValue), systemError: easy.long(CURLINFO_OS_ERRNO),
      text: easy.text(for: code), stage: stage)
    transcript.finish(outcome, now: now)
    handOver()
  }

  /// Ends it because it was given up.
  func finish(_ refusal: Transcript.Refusal, now: Int64) {
    transcript.finish(refusal, now: now)
    handOver()
  }

  /// Takes note of what an HTTP/2 frame said.
  func note(_ what: tapedeck_curl_frame, _ code: UInt32) {
    switch what {
    case TAPEDECK_STREAM_ENDED: transcript.stream.end()
    case TAPEDECK_STREAM_RESET: transcript.stream.reset(code)
    default: transcript.stream.broke(code)
    }
  }

  /// Takes the credentials from what is sent to another origin than was asked, for good.
  private func withholdCredentials() {
    guard request.options.followRedirects, !hasWithheld,
      URLOrigin(of: easy.string(CURLINFO_EFFECTIVE_URL)) != URLOrigin(of: request.sentURL)
    else { return }
    hasWithheld = true
    easy.replaceHeaders(request.linesWithoutCredentials)
  }

  private var stage: Ending.Stage {
    if transcript.isSent { return .request }
    if easy.offset(CURLINFO_NAMELOOKUP_TIME_T) == 0 { return .dns }
    let hasShakenHands = easy.offset(CURLINFO_APPCONNECT_TIME_T) != 0
    if isShakingHands, !hasShakenHands { return .tls }
    if easy.offset(CURLINFO_CONNECT_TIME_T) == 0 { return .connect }
    return isSecure && !hasShakenHands ? .tls : .request
  }

  /// Stops taking bytes from the connection.
  func pause(now: Int64) {
    transcript.pause(now: now)
    curl_easy_pause(easy.pointer, CURLPAUSE_RECV)
  }

  /// Takes bytes again, and returns a code where that ended the transfer.
  func resume(now: Int64) -> CURLcode? {
    guard transcript.isPaused else { return nil }
    transcript.resume(now: now)
    // What libcurl held back it hands out within the call.
    let code = curl_easy_pause(easy.pointer, CURLPAUSE_CONT)
    touch()
    // Where there is no connection yet, nothing was paused.
    return code == CURLE_OK || code == CURLE_BAD_FUNCTION_ARGUMENT ? nil : code
  }

  /// Has the loop look at the transfer when libcurl is done with the socket.
  private func touch() {
    guard !isTouched else { return }
    isTouched = true
    touched.add(self)
  }

  /// Hands on what libcurl told.
  func handOver() {
    isTouched = false
    let events = transcript.takeEvents()
    if !events.isEmpty { onEvents(events) }
  }
}

extension Transfer {
  private static func from(_ context: UnsafeMutableRawPointer?) -> Transfer? {
    context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
  }

  private static func bytes(
    _ start: UnsafeMutablePointer<CChar>?, _ count: Int
  ) -> UnsafeBufferPointer<UInt8> {
    UnsafeRawBufferPointer(start: start, count: count).assumingMemoryBound(to: UInt8.self)
  }

  private static let onBody: curl_write_callback = { start, _, count, context in
    let now = MonotonicClock.nanoseconds()
    guard let transfer = from(context) else { return 0 }
    let goesOn = transfer.transcript.body(bytes(start, count), now: now)
    transfer.touch()
    return goesOn ? count : 0
  }

  private static let onHeader: curl_write_callback = { start, size, count, context in
    let now = MonotonicClock.nanoseconds()
    guard let transfer = from(context) else { return 0 }
    let goesOn = transfer.transcript.headerLine(bytes(start, size * count), now: now)
    transfer.touch()
    return goesOn ? size * count : 0
  }

  private static let onRequest: curl_prereq_callback = { context, _, _, _, _ in
    guard let transfer = from(context) else { return CURL_PREREQFUNC_ABORT }
    transfer.withholdCredentials()
    let isReset = transfer.easy.long(CURLINFO_OS_ERRNO) == ECONNRESET
    return transfer.transcript.mayAsk(afterReset: isReset)
      ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
  }

  private static let onDebug: curl_debug_callback = { _, kind, start, count, context in
    let now = MonotonicClock.nanoseconds()
    guard let transfer = from(context) else { return 0 }
    switch kind {
    case CURLINFO_HEADER_OUT, CURLINFO_DATA_OUT:
      transfer.transcript.sent(bytes(start, count), isHead: kind == CURLINFO_HEADER_OUT, now: now)
      transfer.touch()
    case CURLINFO_HEADER_IN, CURLINFO_DATA_IN:
      transfer.transcript.received(now: now)
      transfer.touch()
    // CONNECT_TIME is not set yet when a handshake hangs.
    case CURLINFO_SSL_DATA_OUT: transfer.isShakingHands = true
    default: break
    }
    return 0
  }
}
