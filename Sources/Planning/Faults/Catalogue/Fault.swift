/// One named deviation from the recording.
///
/// A fault is a value of plain numbers and one function over the draft. To add one, write its file
/// and name its type in `FaultCatalogue.standard`: the planner asks nothing else of it.
package protocol Fault: Sendable {
  /// The name by which it is asked for.
  static var name: String { get }

  /// When it is applied.
  static var kind: FaultKind { get }

  /// At which layer it acts: a connection that has none of that cannot have the fault.
  static var layer: FaultLayer { get }

  /// What it happens to, and so which places it takes.
  static var takes: FaultPlace.Taking { get }

  /// How it is written, such as `stall[:D][@place][,burst]`.
  static var usage: String { get }

  /// One sentence for the catalogue.
  static var summary: String { get }

  /// A fault as a user would write it.
  static var example: String { get }

  /// What a person sees of it, by which it is found where its name is not known; none by default.
  static var symptoms: [FaultSymptom] { get }

  /// Whether it changes the end of the stream only; false by default.
  static var happensAtEnd: Bool { get }

  /// The layer of this one, where its arguments make it another than that of its type.
  var layer: FaultLayer { get }

  /// What it does to the answer as a whole, by which faults can contradict each other.
  var effect: FaultEffect { get }

  /// Whether applying it draws on chance, so that sessions and attempts cannot share a plan; false
  /// by default.
  var drawsChance: Bool { get }

  /// Whether it keeps an answer silent on purpose, for a time or for good; false by default.
  var isSilent: Bool { get }

  /// How many bytes its arguments alone say that it adds to the body, so that what is too much is
  /// refused before anything is built; 0 by default.
  var addedBytes: Int { get }

  /// Takes the arguments and keys that it was asked for with; what is left of them is an error.
  ///
  /// - Throws: where they are not those that it takes.
  init(_ arguments: inout FaultArguments) throws(DirectiveError)

  /// Changes the draft.
  ///
  /// - Parameters:
  ///   - draft: What will be sent; content and grammar faults edit its `content`, the others its
  ///     `body` and `chunks`.
  ///   - place: Where it happens, of the sort that `takes` names.
  ///   - scene: What else it can see.
  /// - Throws: where it cannot apply, as when there is nothing to change.
  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) throws(DirectiveError)
}

extension Fault {
  /// Most faults that somebody looks for have symptoms; one that has none is found by its name.
  package static var symptoms: [FaultSymptom] { [] }

  /// Most faults do not wait for the end of the stream.
  package static var happensAtEnd: Bool { false }

  /// Most faults act at one layer, whatever their arguments are.
  package var layer: FaultLayer { Self.layer }

  /// Most faults change the answer and leave its end alone.
  package var effect: FaultEffect { .edits }

  /// Most faults leave nothing to chance but their place.
  package var drawsChance: Bool { false }

  /// Most faults keep nothing silent.
  package var isSilent: Bool { false }

  /// Most faults add little, or what depends on the recording.
  package var addedBytes: Int { 0 }
}

/// What a fault does to the answer as a whole.
package enum FaultEffect: Hashable, Sendable {
  /// It changes what is sent.
  case edits
  /// It adds to what is sent, before the place.
  case inserts
  /// It changes the head of whatever is sent.
  case editsHead
  /// It decides how the body is framed.
  case frames
  /// It decides where and how the answer ends, in any framing.
  case ends
  /// It ends the answer in a way that only the chunked coding can show.
  case endsChunked
  /// It answers in place of the recording, so that its attempt uses none up.
  case answers
}
