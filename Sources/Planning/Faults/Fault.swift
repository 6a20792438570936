public import Cassettes

/// The kinds of fault, in the order in which they are applied; the pace is set before `time`.
public enum FaultKind: Int, Comparable, CaseIterable, Sendable {
  case content, grammar, time, shape, cut, answer

  /// Whether faults of one kind are applied before those of the other.
  public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// One named deviation from the recording.
///
/// A fault is a value of plain numbers and one function over the draft. To add one, write its file and
/// name its type in `FaultCatalogue.standard`: the planner asks nothing else of it.
public protocol Fault: Sendable {
  /// The name by which it is asked for.
  static var name: String { get }

  /// When it is applied.
  static var kind: FaultKind { get }

  /// Whether it answers in place of the recording, so that its attempt uses none up; false by default.
  static var generatesAnswer: Bool { get }

  /// One sentence for the catalogue.
  static var summary: String { get }

  /// Takes the arguments, keys and place that it was asked for with.
  ///
  /// - Throws: where they are not those that it takes.
  init(_ spec: FaultSpec) throws(DirectiveError)

  /// Changes the draft.
  ///
  /// - Throws: where it cannot apply, as when there is no such event.
  func apply(to draft: inout Draft, in scene: FaultScene) throws(DirectiveError)
}

/// What a fault can see beside the draft.
public struct FaultScene: Sendable {
  /// The recording, which places are resolved against.
  public var exchange: Exchange

  /// The source of chance.
  public var chance: Chance

  /// Which try of the same request is planned, from 1.
  public var attempt: Int
}

extension Fault {
  /// Whether it answers in place of the recording, so that its attempt uses none up.
  public static var generatesAnswer: Bool { false }
}
