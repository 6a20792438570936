internal import Cassettes
internal import HTTP
internal import Planning
internal import Quotas
internal import Sockets
internal import Synchronization
internal import Units

/// What the provider's limits do to an answer while it is served.
extension Connection {
  /// Up to so many bytes go out in one write with the fields of the head.
  private static let begunBytes = 16 << 10

  /// How many other answers are under way.
  var otherStreams: Int {
    let all = shared.answerer.state.streams.load(ordering: .relaxed)
    return max(0, all - (delivery?.isActive == true ? 1 : 0))
  }

  /// Whether an answer may begin; else it begins when those in front have ended.
  func isTurn(of answer: Answer) -> Bool {
    guard let id, let pass = answer.pass else { return true }
    delivery?.lacksLimitFields = answer.showsLimits
    let mailbox = shared.mailbox
    return pass.begin {
      { mailbox.post { $0.scene.connections[id]?.takePlace() } }
    }
  }

  /// Begins the answer that has waited for its turn, at the time of now.
  private func takePlace() {
    guard case .waiting(let answer) = state else { return }
    let now = Instant.now()
    if let pass = answer.pass {
      delivery?.queuedNanoseconds = max(0, now.nanoseconds(since: pass.arrival))
    }
    perform(answer, start: now)
  }

  /// The first bytes of an answer with what its head says of limits, where a part of the wire
  /// reaches to their place.
  ///
  /// A plan is shared by all who ask the same, and each of them stands otherwise: so the fields are
  /// none of the plan's, and are put in when the head goes out.
  ///
  /// - Returns: The bytes, and what of the part comes behind; nil where their place is not in it.
  func limitedBegin(
    of part: Range<Int>, of plan: SharedPlan
  ) -> (bytes: [UInt8], rest: Range<Int>)? {
    guard let pass = delivery?.pass, let place = plan.fieldsPlace else {
      delivery?.lacksLimitFields = false
      return nil
    }
    guard part.lowerBound < place, place <= part.upperBound else { return nil }
    delivery?.lacksLimitFields = false
    let end = min(part.upperBound, max(place, part.lowerBound + Self.begunBytes))
    var bytes: [UInt8] = []
    bytes.reserveCapacity(end - part.lowerBound + 1024)
    bytes += plan.wire[part.lowerBound..<place]
    bytes += pass.fields.lines(at: .now(), clock: Timestamp.now())
    bytes += plan.wire[place..<end]
    return (bytes, end..<part.upperBound)
  }
}
