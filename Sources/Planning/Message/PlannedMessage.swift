internal import Cassettes

/// What a replay says, and when: a pure value, without a byte of any protocol in it.
///
/// An encoder makes a `Plan` of it, which is what goes out.
package struct PlannedMessage: Sendable {
  /// The `id` of the exchange that is planned.
  package var exchangeID: String

  /// Which try of the same request is planned, from 1.
  package var attempt: Int

  /// The seed of all chance in it.
  package var seed: UInt64

  /// What will be sent.
  package var message: HTTPMessage

  /// The faults that fire as far as the answer gets, in the order in which they were asked for.
  package var faults: [MessageFault] = []

  /// What a person should know of it: where it departs from the recording.
  package var notes: [String] = []
}

/// A fault that is planned in a message, and how far an answer has come when it has happened.
package struct MessageFault: Hashable, Sendable {
  /// A point of an answer.
  package enum Point: Hashable, Sendable {
    case start
    /// Behind the first part of the head.
    case headPart
    /// Behind the head.
    case head
    /// In front of a byte of the body: behind all that goes out together wholly before it.
    case before(Int)
    /// With a byte of the body, or with the end where that is behind the last.
    case with(Int)
    /// Behind all that goes out.
    case end
  }

  /// The fault as it was asked for, or as chance drew it.
  package var asked: FaultSpec

  /// The same fault as one that every attempt fires, without chance.
  package var pinned: FaultSpec

  /// The recorded byte, from 1, before which it happens or that its event begins with, or nil.
  package var byte: Int?

  /// How far the answer has come when it has happened.
  package var point: Point

  /// Whether only the end of the answer shows it.
  package var isEnd = false

  /// On what of the answer it is silent on purpose.
  package var silence = FaultReach.Silence.none
}
