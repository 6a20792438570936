internal import Cassettes
internal import HTTP

/// `header`: another response header.
struct HeaderFault: Fault {
  static let name = "header"
  static let kind = FaultKind.answer
  static let layer = FaultLayer.message
  static let takes = FaultPlace.Taking.nothing
  static let usage = "header[:NAME=VALUE|:-NAME]"
  static let summary = "A response header is set or, with -, removed."
  static let example = "header:-content-type"
  static let symptoms = [
    FaultSymptom(
      "the wrong content type", "header:content-type=text%2Fplain",
      ["content type", "mime type"]),
    FaultSymptom(
      "a header is missing", "header:-content-type",
      ["missing header", "no content type"]),
  ]

  var effect: FaultEffect { .editsHead }

  private let field: String
  private let value: String?

  /// What makes the framing is no header that a user can set: `framing` does that.
  private static let framing: Set = ["content-length", "transfer-encoding", "connection"]

  init(_ arguments: inout FaultArguments) throws(DirectiveError) {
    let text = arguments.rest() ?? "-content-type"
    if text.hasPrefix("-") {
      field = String(text.dropFirst())
      value = nil
    } else {
      let pair = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard pair.count == 2 else { throw arguments.unfit(text, "NAME=VALUE or -NAME") }
      field = String(pair[0])
      value = String(pair[1])
    }
    guard field.isToken, value?.isFieldValue ?? true else {
      throw arguments.unfit(text, "a header field (RFC 9110, 5)")
    }
    guard !Self.framing.contains(field.lowercased()) else {
      throw arguments.unfit(text, "a header that can be set, since it belongs to the framing")
    }
  }

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) {
    draft.message.headers.removeAll { $0.isNamed(field) }
    if let value { draft.message.headers.append(HeaderField(field, value)) }
  }
}
