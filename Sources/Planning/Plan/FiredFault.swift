/// One fault that is planned on an attempt: what was asked for, and how to have the same again.
public struct FiredFault: Hashable, Sendable {
  /// The fault as it was asked for, or as chance drew it.
  public var asked: FaultSpec

  /// The same fault as one that every attempt fires, without chance: its place by byte.
  public var pinned: FaultSpec

  /// The recorded byte, from 1, before which it happens or that its event begins with; nil for what
  /// happens at the head or to the whole answer.
  public var byte: Int?

  /// How far an answer has come when it has happened.
  package var reach = FaultReach()
}
