internal import Cassettes
internal import HTTP

/// `body`: a 200 that is no stream.
struct BodyFault: Fault {
  static let name = "body"
  static let kind = FaultKind.answer
  static let layer = FaultLayer.message
  static let takes = FaultPlace.Taking.nothing
  static let usage = "body[:html|:json]"
  static let summary =
    "A page of HTML or a JSON object with status 200 is sent instead of the recording."
  static let example = "body:html"
  static let symptoms = [
    FaultSymptom(
      "a page instead of the stream", "body:html",
      ["html", "html page", "error page", "captive portal", "login page", "cloudflare page"]),
    FaultSymptom(
      "JSON instead of the stream", "body:json", ["json", "no stream", "not a stream"]),
  ]

  var effect: FaultEffect { .answers }

  private enum Content: String {
    case html, json

    var type: String { self == .html ? "text/html; charset=utf-8" : "application/json" }

    var text: String {
      switch self {
      case .html: "<!doctype html><title>tapedeck</title><p>This is no stream.</p>\n"
      case .json: #"{"tapedeck":"this is no stream"}"#
      }
    }
  }

  private let content: Content

  init(_ arguments: inout FaultArguments) throws(DirectiveError) {
    let text = arguments.next() ?? "html"
    guard let content = Content(rawValue: text) else { throw arguments.unfit(text, "html or json") }
    self.content = content
  }

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) {
    draft.answer(
      status: 200, headers: [HeaderField("content-type", content.type)],
      body: Array(content.text.utf8))
  }
}
