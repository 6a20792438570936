/// `bad-utf8`: the data of an event is not UTF-8.
struct BadUTF8Fault: Fault {
  static let name = "bad-utf8"
  static let kind = FaultKind.content
  static let layer = FaultLayer.message
  static let takes = FaultPlace.Taking.event
  static let usage = "bad-utf8[@place]"
  static let summary =
    "A byte FF, which never occurs in UTF-8, is put into the middle of an event's data."
  static let example = "bad-utf8@event:4"
  static let symptoms = [
    FaultSymptom(
      "bytes that are not UTF-8", "bad-utf8@event:12",
      ["invalid utf8", "utf8", "encoding", "unicode", "mojibake", "decode error"])
  ]

  init(_ arguments: inout FaultArguments) {}

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) throws(DirectiveError) {
    guard case .event(let event) = place else { return }
    try draft.content.changeData(ofEvent: event, for: Self.name) { data in
      data[..<(data.count / 2)] + [0xff] + data[(data.count / 2)...]
    }
  }
}
