internal import Planning

/// An answer that can say how much of it a client has.
protocol Deliverable: AnyObject {
  /// What a client has with so many bytes of the wire: body bytes, and events that are whole.
  func delivered(wireBytes: Int) -> (bytes: Int, events: Int)

  /// The faults that fire as far as it gets.
  var faults: [FiredFault] { get }
}

extension SharedPlan: Deliverable {
  var faults: [FiredFault] { plan.firedFaults }
}
