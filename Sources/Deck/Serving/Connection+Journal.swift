internal import Planning

/// An answer that can say how much of it a client has.
protocol Deliverable: AnyObject {
  /// What a client has with so many bytes of the wire: body bytes, and events that are whole.
  func delivered(wireBytes: Int) -> (bytes: Int, events: Int)
}

extension SharedPlan: Deliverable {}

/// How far an answer has come, for the journal.
struct Delivery {
  let answer: any Deliverable

  /// The request's number in the journal.
  let number: Int

  /// How far into the wire it has come, by what the channel was given.
  private(set) var wireBytes = 0

  private(set) var latenessNanoseconds: Int64 = 0

  /// How it ended, where only the socket's queue is still to be sent.
  var ended: JournalEntry.Ended?

  /// What the journal says already.
  var announced: JournalEntry.Delivery?

  init(_ answer: any Deliverable, number: Int) {
    self.answer = answer
    self.number = number
  }

  mutating func note(_ step: Performance.Step) {
    wireBytes = step.wire.upperBound
    latenessNanoseconds = max(latenessNanoseconds, step.latenessNanoseconds)
  }

  /// Notes how late the answer is from the beginning.
  mutating func note(latenessNanoseconds nanoseconds: Int64) {
    latenessNanoseconds = max(latenessNanoseconds, nanoseconds)
  }

  mutating func note(wireBytes count: Int) { wireBytes += count }

  /// What the journal says of an answer that ended, and of which some was never sent.
  func entry(_ ended: JournalEntry.Ended, unsentBytes: Int) -> JournalEntry.Delivery {
    let sent = answer.delivered(wireBytes: wireBytes - unsentBytes)
    return JournalEntry.Delivery(
      bytes: sent.bytes, events: sent.events, ended: ended,
      latenessNanoseconds: latenessNanoseconds)
  }
}

extension Connection {
  /// Begins to note what goes out of an answer.
  func open(_ answer: any Deliverable, number: Int?) {
    openNothing()
    delivery = number.map { Delivery(answer, number: $0) }
  }

  /// Begins an answer of which nothing is noted.
  func openNothing() {
    // What is left of the one before goes out in front of this one.
    finishEntry(unsentBytes: 0)
    delivery = nil
  }

  /// Notes how the answer ended; where some of it is still in the socket's queue, the entry waits for
  /// that, and a client that leaves meanwhile is what ended it.
  func close(_ ended: JournalEntry.Ended?) {
    // After these nothing more goes out.
    let isFinal = [.client, .drain, .resetUnacknowledged, .writeTimeout].contains(ended)
    if delivery?.ended == nil || (isFinal && wire.queuedBytes > 0) { delivery?.ended = ended }
    if isFinal || !wire.isPending { finishEntry(unsentBytes: wire.queuedBytes) }
  }

  /// What the journal calls the end of a plan, or nil where that is not decided yet.
  func ended(_ ending: Plan.Ending) -> JournalEntry.Ended? {
    switch ending {
    case .complete: .complete
    case .disconnect: .disconnect
    case .hang: isDraining ? .drain : .hang
    case .reset: nil
    }
  }

  /// Writes the last bytes of an answer, and says in the journal how it ends before they go out: a
  /// client that has them may read the journal at once.
  func writeLast(
    _ range: Range<Int>, of bytes: [UInt8], _ ending: Plan.Ending
  ) {
    // What the kernel may not take at once is not announced.
    let tail = max(range.lowerBound, range.upperBound - Self.announcedBytes)
    if tail > range.lowerBound {
      wire.write(range.lowerBound..<tail, of: bytes)
    }
    if !wire.isPending { announce(ending) }
    if tail < range.upperBound {
      wire.write(tail..<range.upperBound, of: bytes)
    }
    if wire.isPending { takeBack() }
    if wire.isBroken { return leave() }
    if wire.isPending { watchWrites() }
  }

  private static let announcedBytes = 32 << 10

  private func announce(_ ending: Plan.Ending) {
    guard let delivery, let ended = ended(ending) else { return }
    let entry = delivery.entry(ended, unsentBytes: 0)
    self.delivery?.announced = entry
    journal.close(delivery.number, entry, insteadOf: nil)
  }

  private func takeBack() {
    guard let announced = delivery?.announced, let number = delivery?.number else { return }
    delivery?.announced = nil
    journal.close(number, nil, insteadOf: announced)
  }

  private func finishEntry(unsentBytes: Int) {
    guard let delivery, let ended = delivery.ended else { return }
    let entry = delivery.entry(ended, unsentBytes: unsentBytes)
    if entry != delivery.announced {
      journal.close(delivery.number, entry, insteadOf: delivery.announced)
    }
    journal.tell(delivery.number)
    self.delivery = nil
  }

  private var journal: Journal { shared.answerer.state.journal }
}
