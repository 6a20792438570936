internal import Cassettes
internal import Dispatch
internal import Matching
internal import Planning
internal import Recorder
internal import Redaction
internal import Synchronization
internal import Threads
internal import Units

/// Forwards requests to their upstreams, and records what comes back where that is asked for.
///
/// An arrival goes to the client from libcurl's thread at once; files are written by threads of
/// their own, on which no recording waits for what another costs. Only the end of an answer waits
/// for its recording, which is served from then on: a client that has everything and asks again
/// finds it.
final class Forwarder: Sendable {
  let configuration: ForwardingConfiguration
  private let missStatus: Int
  private let sessionLimit: Int
  private let ownHeader: String?
  private let recorder: StreamRecorder
  private let shelf: Shelf
  private let state: DeckState
  private let lanes: RecordingLanes
  /// How long the end of an answer waits for its recording to be on disk, so that who has the one
  /// finds the other; a slow disk costs a client no more than this.
  private static let diskPatience = DispatchTimeInterval.milliseconds(50)
  /// How many threads ask upstreams at the most.
  private static let recorderThreads = 4

  /// What takes too long is given up here, where nothing waits for the disk.
  private let deadlines = DispatchQueue(label: "tapedeck.deadlines")
  private let underWay = DispatchGroup()
  private struct Transfers {
    /// What is under way, by its number in the journal; nil until it is known how to stop it.
    var controls: [Int: RecordingControl?] = [:]
    /// Whether the deck has waited long enough: what begins from now on is given up at once.
    var isOver = false
  }

  private let transfers = Mutex(Transfers())
  private let newCassettes = Mutex<[String: Bool]>([:])
  private let schemes = SchemeWatch()

  /// Starts the recorder.
  ///
  /// - Throws: What the system refused.
  init(
    _ configuration: DeckConfiguration, shelf: Shelf, state: DeckState
  ) throws(RecordingError) {
    self.configuration = configuration.forwarding
    missStatus = configuration.missStatus
    sessionLimit = configuration.limits.sessions
    ownHeader = configuration.readsDirectives ? Directives.headerName : nil
    self.shelf = shelf
    self.state = state
    recorder = try StreamRecorder(maxThreads: min(configuration.threadCount, Self.recorderThreads))
    lanes = RecordingLanes(threads: configuration.threadCount)
  }

  /// What the requests of a session may do; the unnamed one is "".
  func policy(for session: String) -> ForwardingPolicy {
    switch configuration.mode {
    case .replay: .never
    case .auto: .whereNothingMatches
    case .record, .passthrough: .always
    case .once:
      isNew(configuration.target?.cassette(of: session).path)
        ? .whereNothingMatches : .whereNothingAnswers
    }
  }

  /// Whether a cassette was not there when it was first asked for, or held no answer at all: a
  /// first run that failed as a whole has recorded nothing.
  private func isNew(_ path: String?) -> Bool {
    guard let path else { return false }
    return newCassettes.withLock { known in
      if let isNew = known[path] { return isNew }
      let isNew = !RecordTarget.exists(path) || holdsNoAnswer(path)
      // Beyond as many as sessions are remembered, what was recorded counts as there before.
      if known.count < sessionLimit { known[path] = isNew }
      return isNew
    }
  }

  private func holdsNoAnswer(_ path: String) -> Bool {
    guard let cassette = shelf.library.cassette(path: path) else { return false }
    return !cassette.entries.contains { $0.exchange.isAnswer }
  }

  /// Puts together what is asked upstream.
  ///
  /// - Throws: Where no upstream is for the path, or what is asked for is a tunnel.
  func order(
    _ request: DeckRequest, _ target: RequestTarget, in session: String
  ) throws(DeckRefusal) -> ForwardOrder {
    guard request.method != "CONNECT" else {
      throw DeckRefusal(
        status: 405,
        "CONNECT asks a proxy for a tunnel, and the deck is not a proxy: set the client's base URL "
          + "instead of its proxy")
    }
    guard let url = configuration.upstreams.url(for: target.target) else {
      state.sessions.withLock { $0.note(.missed, in: session) }
      throw DeckRefusal(
        status: missStatus, kind: .miss,
        "no --upstream covers the path \(target.target.prefix { $0 != "?" }): add one for it, or "
          + "one for every path")
    }
    let cassette = try cassette(for: session)
    let headers = ForwardOrder.forwarded(
      request.headers, ownName: ownHeader, recording: configuration.mode.records)
    let asked = RecordingRequest(
      url: url, method: request.method, headers: headers, body: request.body,
      options: transferOptions)
    var recorded = asked.recordedNow()
    recorded.path = target.target
    var client = request
    client.body = []
    client.client.prefix = target.prefix
    return ForwardOrder(
      request: asked, recorded: recorded, cassette: cassette, session: session, client: client)
  }

  /// Where a session's recordings go, or nil where nothing is recorded.
  ///
  /// - Throws: Where the session's name would be that of a file and holds a secret: a name is found
  ///   by those who look for the file, so it cannot be covered as in an error.
  private func cassette(
    for session: String
  ) throws(DeckRefusal) -> (name: String, path: String)? {
    guard configuration.mode.records, let target = configuration.target else { return nil }
    guard !target.isFolder || Redactor.redact(text: session, by: shelf.rules) == session else {
      throw DeckRefusal(
        status: 400,
        "the session's name holds what looks like a secret, and a cassette would be named after it: "
          + "choose another name")
    }
    return target.cassette(of: session)
  }

  /// How upstreams are asked: without limits, since what a recording leaves out the client still
  /// gets.
  private var transferOptions: RecordingOptions {
    var options = configuration.options
    options.reusesConnections = true
    options.decodesContent = false
    options.addsFields = false
    options.maxBytes = .max
    options.maxChunks = .max
    return options
  }

  /// Forwards a request.
  ///
  /// - Parameters:
  ///   - order: What is asked, and where the answer goes.
  ///   - deliver: Takes what happens, from any thread, in order; `ended` is the last.
  /// - Returns: The way to stop it.
  /// - Throws: What would keep the request from being sent as it stands.
  func start(
    _ order: ForwardOrder, deliver: @escaping @Sendable ([RecordingEvent]) -> Void
  ) throws(RecordingError) -> RecordingControl {
    let number = order.number
    underWay.enter()
    transfers.withLock { $0.controls[number] = .some(nil) }
    let tape = order.cassette.map { cassette in
      LiveRecording(order, path: cassette.path, limits: configuration.options, rules: shelf.rules)
    }
    let lane = lanes.lane()
    let reasons = findReason(of: order)
    do throws(RecordingError) {
      let control = try recorder.start(order.request) { [self] events in
        let isEnd = if case .ended = events.last { true } else { false }
        if isEnd {
          transfers.withLock { _ = $0.controls.removeValue(forKey: number) }
          schemes.look(at: events.last, of: order.request.url, underWay) { [state] in
            state.warnOnce($0)
            state.journal.note(number, $0)
          }
        }
        guard let tape else {
          deliver(events)
          if isEnd { underWay.leave() }
          return
        }
        let ahead = isEnd ? Array(events.dropLast()) : events
        if !ahead.isEmpty { deliver(ahead) }
        guard tape.add(events) || isEnd else { return }
        guard isEnd else { return lane.submit { [self] in takeIn(tape) } }
        let end = { @Sendable in if tape.mayEnd() { deliver(Array(events.suffix(1))) } }
        deadlines.asyncAfter(deadline: .now() + Self.diskPatience, execute: end)
        lane.submit { [self] in
          takeIn(tape)
          // Behind the recording's own write.
          lanes.change(tape.path) { [self] in
            let close = { @Sendable [self] in
              end()
              underWay.leave()
            }
            // Behind the reason, so that who has the end finds that too.
            if let reasons { reasons.submit(close) } else { close() }
          }
        }
      }
      let isOver = transfers.withLock { transfers in
        // It may have ended by now.
        if transfers.controls[number] != nil { transfers.controls[number] = control }
        return transfers.isOver
      }
      if isOver { Self.stop(control) }
      return control
    } catch {
      transfers.withLock { _ = $0.controls.removeValue(forKey: number) }
      underWay.leave()
      throw error
    }
  }

  /// Says in the journal why a request is recorded: beside its recording, which does not wait for
  /// that.
  ///
  /// - Returns: The lane in which that is done, or nil where there is nothing to find out.
  private func findReason(of order: ForwardOrder) -> WorkLane? {
    guard let reason = order.reason else { return nil }
    underWay.enter()
    let lane = lanes.reasons()
    lane.submit { [self] in
      if let detail = reason() { state.journal.note(order.number, missDetail: detail) }
      underWay.leave()
    }
    return lane
  }

  /// How long an answer that is given up with its client may take to end by itself: SDKs close when
  /// they have the last event, a moment before the end of the body.
  private static let cancelPatience = DispatchTimeInterval.milliseconds(250)

  /// Goes on without a client: to the end, within the time for that, or hardly at all.
  func clientLeft(_ control: RecordingControl) {
    control.resume()
    guard configuration.onClientClose == .drain else {
      return deadlines.asyncAfter(deadline: .now() + Self.cancelPatience) {
        control.cancel(because: "the client left")
      }
    }
    let patience = configuration.clientCloseTimeout
    deadlines.asyncAfter(deadline: .now() + .microseconds(Int(clamping: patience.count))) {
      control.cancel(
        because: "the client left, and the answer did not end in the time allowed after that")
    }
  }

  /// Waits until everything under way has ended and is on disk; what has not ended by itself at the
  /// deadline is given up, and recorded as `cancelled`.
  func finish(by deadline: Instant) async {
    let stop = DispatchWorkItem { [self] in
      let controls = transfers.withLock { transfers in
        transfers.isOver = true
        return transfers.controls.values.compactMap { $0 }
      }
      for control in controls { Self.stop(control) }
    }
    let patience = max(0, deadline.nanoseconds(since: .now()))
    deadlines.asyncAfter(
      deadline: .now() + .nanoseconds(Int(clamping: patience)), execute: stop)
    await withCheckedContinuation { continuation in
      underWay.notify(queue: deadlines) { continuation.resume() }
    }
    stop.cancel()
    recorder.shutdown()
  }

  private static func stop(_ control: RecordingControl) {
    control.cancel(because: "the deck was stopped")
  }

  /// Takes in what has come of a recording; where that is all of it, has it served and written.
  private func takeIn(_ tape: LiveRecording) {
    let order = tape.order
    guard let cassette = order.cassette else { return }
    do throws(CassetteError) {
      guard case .finished(let exchange) = try tape.takeIn() else { return }
      lanes.change(cassette.path) { [self] in
        serve(exchange, from: cassette, order)
      } write: { [self] in
        do throws(CassetteError) { try tape.commit() } catch { lose(order, error) }
        guard !SecretScanner().joinedFindings(in: exchange).isEmpty else { return }
        state.tally.withLock { $0.note(joinedSecretIn: cassette.path) }
      }
    } catch {
      lose(order, error)
    }
  }

  /// Serves what was recorded, from now on.
  private func serve(
    _ exchange: Exchange, from cassette: (name: String, path: String), _ order: ForwardOrder
  ) {
    let entry = shelf.add(
      exchange, cassette: cassette.name, path: cassette.path, session: order.session,
      insteadOf: order.superseded)
    guard let entry else { return }
    state.journal.note(order.number, recorded: ExchangeName(entry))
    state.sessions.withLock {
      $0.note(.found(entry: entry.id, isLoose: false, isPlayed: true), in: order.session)
    }
  }

  /// Says that a recording is lost: the client has its answer all the same.
  private func lose(_ order: ForwardOrder, _ error: CassetteError) {
    let target = Redactor.redact(target: order.recorded.target, by: shelf.rules)
    let why = Redactor.redact(text: "\(error)", by: shelf.rules)
    state.lost("\(order.recorded.method) \(target) was not recorded: \(why)", in: order.session)
  }
}
