internal import Cassettes
internal import Matching
internal import Planning
internal import Sockets
internal import Synchronization

/// How far an answer has come, for the journal.
struct AnswerProgress {
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

  /// Who asked for its faults.
  let asker: AskedFaults.Asker?

  /// Under what its session remembers the attempt.
  let place: SessionTry.Place?

  /// What it holds of the provider's limits.
  let pass: LimitPass?

  /// How long it has waited for its turn.
  var queuedNanoseconds: Int64 = 0

  /// Whether its head is still to say how its client stands with limits.
  var lacksLimitFields = false

  /// Whether it is counted among those that are under way.
  var isActive = false

  /// Those of which nobody knows yet that they have fired.
  private var untold: [FiredFault]

  init(
    _ answer: any Deliverable, number: Int, asker: AskedFaults.Asker?, place: SessionTry.Place?,
    pass: LimitPass?
  ) {
    self.pass = pass
    self.answer = answer
    self.number = number
    self.asker = asker
    self.place = place
    untold = asker == nil ? [] : answer.faults
  }

  /// When the wire had come how far, for pictures; nil where that is not taken down.
  var trace: WriteTrace?

  mutating func note(_ step: Performance.Step) {
    wireBytes = step.wire.upperBound
    if trace != nil { trace?.note(wireBytes: wireBytes) }
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
      latenessNanoseconds: latenessNanoseconds,
      faults: answer.faults.filter {
        $0.reach.isReached(by: wireBytes - unsentBytes, hasEnded: ended.isWhole)
      }, queuedNanoseconds: queuedNanoseconds)
  }

  /// Gives back what it holds of limits.
  func endPass(_ entry: JournalEntry.Delivery) {
    pass?.end(status: wireBytes > 0 ? answer.head.status : nil, sentBytes: entry.bytes)
  }

  /// Takes those of the faults that have fired by now, each once.
  mutating func takeFired(_ ended: JournalEntry.Ended?, unsentBytes: Int) -> [FiredFault] {
    guard !untold.isEmpty else { return [] }
    let sent = wireBytes - unsentBytes
    let hasEnded = ended?.isWhole ?? false
    let fired = untold.filter { $0.reach.isReached(by: sent, hasEnded: hasEnded) }
    untold.removeAll { $0.reach.isReached(by: sent, hasEnded: hasEnded) }
    return fired
  }
}

extension Connection {
  /// Begins to note what goes out of an answer.
  func open(
    _ answer: any Deliverable, number: Int?, asker: AskedFaults.Asker? = nil,
    place: SessionTry.Place?, pass: LimitPass? = nil
  ) {
    openNothing()
    delivery = number.map {
      AnswerProgress(answer, number: $0, asker: asker, place: place, pass: pass)
    }
    if shared.answerer.state.tracesWrites { delivery?.trace = WriteTrace() }
    noteFired(unsentBytes: 0)
  }

  /// Remembers which of the faults that were asked for have fired by now.
  func noteFired(_ ended: JournalEntry.Ended? = nil, unsentBytes: Int) {
    guard let asker = delivery?.asker else { return }
    let fired = delivery?.takeFired(ended, unsentBytes: unsentBytes) ?? []
    if !fired.isEmpty { shared.answerer.state.note(fired: fired, of: asker) }
  }

  /// Begins an answer of which nothing is noted.
  func openNothing() {
    // What is left of the one before goes out in front of this one.
    finishEntry(unsentBytes: 0)
    forgetDelivery()
  }

  /// Counts the answer among those that are under way.
  func noteActive() {
    guard delivery?.isActive == false else { return }
    delivery?.isActive = true
    shared.answerer.state.streams.add(1, ordering: .relaxed)
  }

  /// Forgets the answer, which is over.
  func forgetDelivery() {
    if delivery?.isActive == true {
      shared.answerer.state.streams.subtract(1, ordering: .relaxed)
    }
    delivery = nil
  }

  /// Notes how the answer ended; where some of it is still in the socket's queue, the entry waits
  /// for that, and a client that leaves meanwhile is what ended it.
  ///
  /// So it is with one that fell silent: it ends with its client.
  func close(_ ended: JournalEntry.Ended?) {
    // After these nothing more goes out.
    let isFinal = [.client, .drain, .resetUnacknowledged, .writeTimeout].contains(ended)
    let isOpen = delivery?.ended == .hang || wire.queuedBytes > 0
    if delivery?.ended == nil || (isFinal && isOpen) { delivery?.ended = ended }
    if isFinal || !wire.isPending { finishEntry(unsentBytes: wire.queuedBytes) }
  }

  /// What the journal calls the end of a plan, or nil where that is not decided yet.
  func ended(_ ending: Plan.Ending) -> JournalEntry.Ended? {
    switch ending {
    case .complete, .disconnect, .malformed: .planned(ending.behindBytes)
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
    noteFired(ended, unsentBytes: 0)
    self.delivery?.announced = entry
    journal.close(delivery.number, entry, insteadOf: nil)
    remember(entry, of: delivery)
    // A client that has the last byte may ask again at once. Silence keeps its place.
    if ended != .hang { delivery.endPass(entry) }
  }

  private func takeBack() {
    guard let delivery, let announced = delivery.announced else { return }
    self.delivery?.announced = nil
    journal.close(delivery.number, nil, insteadOf: announced)
    remember(nil, of: delivery)
  }

  /// Lets the session know how an attempt's answer ended, or that it goes on after all.
  private func remember(_ entry: JournalEntry.Delivery?, of progress: AnswerProgress) {
    guard let place = progress.place else { return }
    let hasBegun = progress.wireBytes > 0 || progress.answer is RelayLine
    let head = hasBegun ? progress.answer.head : AnswerHead()
    let plan = progress.answer as? SharedPlan
    shared.answerer.state.note(
      entry, head, at: place, writes: plan.flatMap { progress.trace?.writes(of: $0) } ?? [])
  }

  private func finishEntry(unsentBytes: Int) {
    guard let delivery, let ended = delivery.ended else { return }
    let entry = delivery.entry(ended, unsentBytes: unsentBytes)
    noteFired(ended, unsentBytes: unsentBytes)
    if entry != delivery.announced {
      journal.close(delivery.number, entry, insteadOf: delivery.announced)
      remember(entry, of: delivery)
    }
    guard ended != .hang else {
      self.delivery?.announced = entry
      return
    }
    delivery.endPass(entry)
    journal.tell(delivery.number)
    forgetDelivery()
  }

  private var journal: Journal { shared.answerer.state.journal }
}
