internal import Cassettes
internal import Dialects

/// `status`: the API answers with an error.
struct StatusFault: Fault {
  static let name = "status"
  static let kind = FaultKind.answer
  static let takes = FaultPlace.Taking.nothing
  static let usage = "status[:CODE][,retry-after=D][,type=T]"
  static let summary = "The dialect's own error answer of that status, in place of the recording."
  static let example = "status:529,retry-after=1s,on=1-2"

  var effect: FaultEffect { .answers }

  private let code: Int
  private let errorType: String?
  private let retryAfter: Duration?

  init(_ arguments: inout FaultArguments) throws(DirectiveError) {
    let text = arguments.next() ?? "529"
    guard let code = Int(text), (200...599).contains(code), text.utf8.count == 3 else {
      throw arguments.unfit(text, "a status from 200 to 599")
    }
    self.code = code
    errorType = try arguments.value("type")
    if let delay = try arguments.value("retry-after") {
      retryAfter = .microseconds(try Quantity.duration(delay).count)
    } else {
      retryAfter = nil
    }
  }

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) {
    let reply = scene.dialect.reply(
      to: APIError(
        status: code, type: errorType, message: "tapedeck: status \(code)", retryAfter: retryAfter))
    draft.answer(
      status: code, headers: reply.headers.map { HeaderField($0.name, $0.value) }, body: reply.body)
  }
}
