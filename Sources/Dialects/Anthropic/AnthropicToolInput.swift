internal import LosslessJSON

/// The input of a tool, which comes as pieces of its JSON text.
struct AnthropicToolInput: Sendable {
  /// The pieces, joined.
  private(set) var sent: [UInt8] = []

  /// The place in the content of the block whose input it is.
  var block: Int

  /// Whether the message has not been given the value of the last piece yet.
  var isAhead = false

  private var json = PartialJSON()

  /// The first half of a surrogate pair that ended the last piece.
  private var openHalf: [UInt8] = []

  init(block: Int) { self.block = block }

  /// The value so far; nil while there is none.
  var value: JSONValue? { json.value }

  /// Takes a piece; gives what is wrong with the text since that piece, as a clause.
  mutating func append(_ piece: [UInt8]) -> String? {
    let wasBroken = json.error != nil
    sent += piece
    let text = openHalf.isEmpty ? piece : openHalf + piece
    openHalf = Array(text.suffix(JSONString.openHalfLength(of: text)))
    json.append(JSONString.wellFormed(Array(text.dropLast(openHalf.count))).text)
    isAhead = true
    if JSONString.wellFormed(piece).loneHalves > 0 {
      return "its partial_json has half of a surrogate pair, which SDKs cannot encode"
    }
    if let error = json.error { return wasBroken ? nil : "the tool's input is not JSON: \(error)" }
    return sent.isEmpty || json.hasValue ? nil : "the tool's input holds no JSON yet"
  }
}
