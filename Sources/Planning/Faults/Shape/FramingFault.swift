internal import Cassettes

/// `framing`: another way of saying where the body ends.
struct FramingFault: Fault {
  static let name = "framing"
  static let kind = FaultKind.shape
  static let layer = FaultLayer.http1
  static let takes = FaultPlace.Taking.nothing
  static let usage = "framing[:eof|:length|:length-short]"
  static let summary =
    "The body ends with the connection, has a Content-Length, or has one larger than the body."
  static let example = "framing:length-short"
  static let symptoms = [
    FaultSymptom(
      "ends with the connection", "framing:eof",
      ["http 1 0", "no content length", "no chunked", "connection close"]),
    FaultSymptom("Content-Length instead of chunks", "framing:length", ["content length"]),
    FaultSymptom(
      "Content-Length larger than the body", "framing:length-short",
      ["content length mismatch", "wrong content length", "short body"]),
  ]

  var effect: FaultEffect { .frames }

  private enum Framing: String {
    case eof, length
    case lengthShort = "length-short"
  }

  private let framing: Framing

  init(_ arguments: inout FaultArguments) throws(DirectiveError) {
    let text = arguments.next() ?? "eof"
    guard let framing = Framing(rawValue: text) else {
      throw arguments.unfit(text, "eof, length or length-short")
    }
    self.framing = framing
  }

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) {
    switch framing {
    case .eof: draft.message.framing = .eof
    case .length:
      // A recording that failed must not look whole: more is declared than comes.
      draft.message.framing = .length(
        Int64(draft.message.body.count) + (draft.message.end == .complete ? 0 : 1))
    case .lengthShort:
      draft.message.framing = .length(Int64(draft.message.body.count) + 1)
      if draft.message.end == .complete { draft.message.end = .disconnect }
    }
    draft.message.trailers = []
  }
}
