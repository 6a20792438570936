internal import HTTP
internal import Planning
internal import Sockets
internal import Units

/// How requests are read, and taken up one after the other.
extension Connection {
  /// How many requests that are answered at once are taken up before the streams of the loop go on.
  static let requestsPerTurn = 8

  /// How much is read before the streams of the loop go on.
  private static let bytesPerTurn = 256 << 10

  /// Does what the socket lets it do again.
  func socketIsReady(_ readiness: Readiness) {
    wire.note(readiness)
    if readiness.contains(.write), wire.isPending { flush() }
    readOn()
    // What was not answered by now waits in vain.
    if wire.hasFailed { return leave() }
    leaveWithClient()
  }

  /// Whether the client has closed: it has left, unless clients are said to close only their own
  /// side.
  private var clientHasLeft: Bool {
    !shared.answerer.keepsHalfClosed && (inputIsClosed || wire.endIsNear)
  }

  /// Ends an answer that is under way when its client has left.
  func leaveWithClient() {
    guard clientHasLeft else { return }
    switch state {
    case .waiting, .performing, .relaying, .holding: leave()
    case .reading, .answering, .paging, .resetting, .lingering, .closed: break
    }
  }

  /// Ends an answer that stays silent for good when its client has closed its side: nothing more
  /// comes, for one that half-closes either.
  func endSilenceWithClient() {
    guard inputIsClosed, case .holding = state else { return }
    if clientHasLeft { return leave() }
    close(.client)
    finish()
  }

  /// Nothing more is read: what waits for the client's FIN ends.
  private func inputEnded() {
    inputIsClosed = true
    switch state {
    case .holding: endSilenceWithClient()
    case .lingering: finish()
    case .reading, .answering, .waiting, .paging, .performing, .relaying, .resetting, .closed:
      break
    }
  }

  /// Whether nothing more is read for now: there is a request to answer first, or an answer is
  /// under way behind which the connection closes, where what comes is no request of ours, as
  /// behind an upgrade.
  private var holdsReading: Bool {
    switch state {
    case .reading: waitsForTurn
    case .waiting, .performing, .paging, .relaying: parser.hasBytes || closesAfterAnswer
    default: parser.hasBytes
    }
  }

  /// Takes up requests, and reads more, as far as may be for now.
  ///
  /// An answer that ends at once, or with the connection, comes back here; the loop that is running
  /// goes on then, so that the stack does not grow with the requests that a client pipelines.
  func readOn() {
    guard !isReadingOn else { return }
    isReadingOn = true
    defer { isReadingOn = false }
    var requests = 0
    var bytes = 0
    while !waitsForTurn {
      if case .reading = state, let part = nextPart() {
        take(part)
        if case .end = part { requests += 1 }
      } else if wire.mayHaveInput, !holdsReading, !inputIsClosed {
        bytes += read()
      } else {
        break
      }
      let isReading = if case .reading = state { true } else { false }
      if bytes >= Self.bytesPerTurn || (requests >= Self.requestsPerTurn && isReading) {
        awaitTurn()
      }
    }
    if case .reading = state, inputIsClosed, !waitsForTurn { readLast() }
  }

  /// The next part of a request; what is none is refused.
  private func nextPart() -> RequestPart? {
    do {
      return try parser.next()
    } catch {
      refuse(error)
      return nil
    }
  }

  /// Reads once, and returns how many bytes there were.
  private func read() -> Int {
    switch wire.read(by: shared.scratch) {
    case .bytes(let bytes):
      parser.feed(bytes)
      return bytes.count
    case .nothing: break
    case .end: inputEnded()
    case .failure: leave()
    }
    return 0
  }

  /// Lets the streams of the loop go first: a client that pipelines without end must not make them
  /// late.
  private func awaitTurn() {
    guard let id else { return }
    waitsForTurn = true
    shared.performer.wake(id, at: .now(), for: .turn)
  }

  /// Goes on with the requests that came.
  func takeTurn() {
    waitsForTurn = false
    readOn()
  }

  /// Ends a connection on which the client sends no more.
  private func readLast() {
    guard parser.isInside else { return finish() }
    refuse(.invalid("the client ended it before it was complete"))
  }

  private func take(_ part: RequestPart) {
    switch assembly.take(part) {
    case .more: break
    case .continue(let request):
      if let answer = shared.answerer.refusal(ofHead: request) { return begin(answer) }
      let interim = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
      write(0..<interim.count, of: interim)
    case .refuse(let refusal): refuse(refusal)
    case .request(let request): take(request)
    }
  }

  /// Answers a request, now or when its answer is there.
  private func take(_ request: DeckRequest) {
    guard let id else { return }
    let arrival = Instant.now()
    let response = shared.answerer.respond(to: request) {
      state = .answering
      return Self.recipient(for: id, shared.answerer, shared.mailbox, arrival: arrival)
    }
    if let response { begin(response, arrival: arrival) }
  }

  /// Who takes a response on another thread for a connection, which may be gone by then.
  private static func recipient(
    for id: Connections.ID, _ answerer: Answerer, _ mailbox: Mailbox<ServingLoop>, arrival: Instant
  ) -> Answerer.Recipient {
    { response in
      mailbox.post { loop in
        let connections = loop.scene.connections
        guard let connection = connections[id], case .answering = connection.state else {
          return answerer.abandon(response, because: connections.isDraining ? .drain : .client)
        }
        // What nobody waits for any more is not asked upstream, where it costs something.
        if case .forward = response, connection.clientHasLeft {
          answerer.abandon(response, because: .client)
          return connection.leave()
        }
        guard case .answer(let answer) = response else { return connection.begin(response) }
        connection.begin(answer, arrival: arrival, isReady: .now())
      }
    }
  }

  private func refuse(_ error: RequestSyntaxError) {
    switch error {
    case .headTooLarge: refuse(assembly.headTooLarge)
    case .foreign(let spoken): refuse(spoken)
    case .unknownCoding:
      refuse(
        DeckRefusal(status: 501, "the deck supports no transfer-encoding but chunked", closes: true)
      )
    case .invalid(let why):
      refuse(
        DeckRefusal(status: 400, "this is not an HTTP/1.1 request: \(why)", closes: true))
    }
  }

  /// Closes the connection of a client that speaks another protocol.
  private func refuse(_ spoken: ForeignProtocol) {
    let number = shared.answerer.refuse(spoken)
    let nothing = JournalEntry.Delivery(
      bytes: 0, events: 0, ended: .disconnect, latenessNanoseconds: 0)
    shared.answerer.state.journal.close(number, nothing, insteadOf: nil)
    shared.answerer.state.journal.tell(number)
    finish()
  }

  /// Answers with an error after which the connection cannot go on.
  func refuse(_ refusal: DeckRefusal) {
    begin(
      shared.answerer.refuse(refusal, target: assembly.target, to: ClientTraits(closes: true)))
  }
}
