/// `chaos`: one fault, drawn by chance for each session and attempt.
///
/// It never stands in a draft itself: the planner asks what it draws, and plans that.
struct ChaosFault: Fault {
  static let name = "chaos"
  static let kind = FaultKind.content
  static let layer = FaultLayer.message
  static let takes = FaultPlace.Taking.nothing
  static let usage = "chaos:P[,from=NAME+NAME+…]"
  static let summary =
    "With probability P, one fault fires, drawn separately for each session and attempt."
  static let example = "chaos:0.25,from=reset+status+stall"
  static let symptoms = [
    FaultSymptom(
      "anything may fail, at random", "chaos:0.25",
      ["random", "flaky", "fuzz", "unreliable", "monkey"])
  ]

  /// What is drawn from where nothing is named.
  static let standard = [
    "status", "disconnect", "reset", "end", "hang", "stall", "trickle", "rechunk", "coalesce",
    "newline", "comment", "split-data", "error", "drop", "duplicate", "swap", "unknown", "ping",
    "bad-json", "cut-json", "bad-utf8", "drop-terminal",
  ]

  var drawsChance: Bool { true }

  private let probability: ExactDecimal
  private let names: [String]

  init(_ arguments: inout FaultArguments) throws(DirectiveError) {
    let text = try arguments.required("0.25")
    guard let probability = ExactDecimal(text), probability.digits <= probability.scale else {
      throw arguments.unfit(text, "a probability from 0 to 1")
    }
    self.probability = probability
    guard let list = try arguments.value("from") else {
      names = Self.standard
      return
    }
    names = list.split(separator: "+", omittingEmptySubsequences: false).map(String.init)
    if let index = names.firstIndex(where: { $0.isEmpty || $0 == Self.name }) {
      throw arguments.unfit(names[index], "the name of a fault to draw")
    }
  }

  func apply(to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene) {}

  /// Throws where it names a fault that there is not.
  func check(in catalogue: FaultCatalogue) throws(DirectiveError) {
    for name in names { _ = try catalogue.fault(FaultSpec(parsing: name)) }
  }

  /// The fault of this session and attempt, with its default arguments and a place by chance where
  /// it takes a point or an event; nil where chance lets the stream be.
  ///
  /// - Throws: where the catalogue that it was checked in has it no more.
  func draw(in scene: FaultScene, _ catalogue: FaultCatalogue) throws(DirectiveError) -> FaultSpec?
  {
    // draw < P * 2^64, exactly.
    let draw = Int128(scene.chaos.draw("chaos"))
    guard draw * Int128(probability.scale) < Int128(probability.digits) << 64 else { return nil }
    let name = names[Int(scene.chaos.draw("chaos-pick") % UInt64(names.count))]
    var spec = try FaultSpec(parsing: name)
    switch catalogue.types.first(where: { $0.name == name })?.takes {
    case .point, .bodyPoint, .event: spec.place = FaultPlace(side: .before, target: .random)
    default: break
    }
    return spec
  }
}
