internal import LosslessJSON

/// `split-data`: the data of an event comes in two lines.
struct SplitDataFault: Fault {
  static let name = "split-data"
  static let kind = FaultKind.grammar
  static let layer = FaultLayer.message
  static let takes = FaultPlace.Taking.events
  static let usage = "split-data[@place]"
  static let summary =
    "Data that is a JSON object or array is split into two data lines, which mean the same."
  static let example = "split-data"
  static let symptoms = [
    FaultSymptom(
      "an event with several data lines", "split-data",
      ["multiline", "multiline data", "data lines"])
  ]

  /// How deeply data may nest; what goes deeper is left as it is.
  private static let nesting = 512

  init(_ arguments: inout FaultArguments) {}

  func apply(
    to draft: inout Draft, at place: ResolvedPlace, in scene: FaultScene
  ) throws(DirectiveError) {
    try draft.content.rewriteEvents(at: place, for: Self.name, "no data to split") {
      number, bytes in
      Self.split(EventBlock(bytes, isFirst: number == 1))
    }
  }

  /// The block with its data broken behind the first byte, where the line feed that joining puts
  /// there is white space to JSON. (RFC 8259, 2)
  private static func split(_ whole: EventBlock) -> [UInt8]? {
    var block = whole
    guard let index = block.dataLines.first else { return nil }
    let line = block.lines[index]
    let value = EventBlock.value(of: line.text)
    guard !value.isEmpty, let json = try? JSONValue(parsing: block.data, nesting: nesting) else {
      return nil
    }
    switch json {
    case .object, .array: break
    default: return nil
    }
    let head = line.text.dropLast(value.count - 1)
    let tail = Array("data: ".utf8) + value.dropFirst()
    block.lines[index].text = Array(head)
    block.lines.insert(EventBlock.Line(text: tail, terminator: line.terminator), at: index + 1)
    return block.bytes
  }
}
