internal import Planning

/// An answer that can say how much of it a client has.
protocol Deliverable: AnyObject {
  /// What a client has with so many bytes of the wire: body bytes, and events that are whole.
  func delivered(wireBytes: Int) -> (bytes: Int, events: Int)

  /// The faults that fire as far as it gets.
  var faults: [FiredFault] { get }

  /// What its head says, as far as that is known.
  var head: AnswerHead { get }
}

/// What of an answer's head a client acts on that is to try again.
struct AnswerHead: Sendable {
  /// The status code, or nil where no whole head goes out.
  var status: Int?

  /// What it tells about trying again.
  var advice = RetryAdvice()
}

extension SharedPlan: Deliverable {
  var faults: [FiredFault] { plan.firedFaults }

  var head: AnswerHead { AnswerHead(status: plan.status, advice: plan.advice) }
}
