internal import JSON

/// The input of a tool, which comes as pieces of its JSON text.
struct AnthropicToolInput: Sendable {
  /// The pieces, joined.
  private(set) var sent: [UInt8] = []

  /// The place in the content of the block whose input it is.
  var block: Int

  /// Whether the message has not been given the value of the last piece yet.
  var isAhead = false

  private var json = PartialJSON()

  init(block: Int) { self.block = block }

  /// The value so far; nil while there is none.
  var value: JSONValue? { json.value }

  /// Takes a piece; gives what is wrong with the text since that piece, as a clause.
  mutating func append(_ piece: [UInt8]) -> String? {
    let wasBroken = json.error != nil
    sent += piece
    json.append(piece)
    isAhead = true
    if let error = json.error { return wasBroken ? nil : "the tool's input is no JSON: \(error)" }
    return sent.isEmpty || json.hasValue ? nil : "the tool's input has not begun as JSON"
  }
}
