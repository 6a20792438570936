internal import LosslessJSON

/// What the parts of a candidate say, however they were cut.
///
/// Texts of one kind that follow each other are one. So are function calls whose arguments come in
/// pieces, each saying that more is to come.
struct GeminiParts {
  private let choice: Int
  private var parts: [MessagePart] = []
  private var call: Call?

  /// A function call of which more may come.
  private struct Call {
    var name: String
    var args: JSONValue?
    /// The pieces of the arguments, each with its path.
    var pieces: [JSONValue] = []
  }

  init(choice: Int) { self.choice = choice }

  /// The parts, when there are no more of them.
  var finished: [MessagePart] {
    var copy = self
    copy.endCall()
    return copy.parts
  }

  /// Takes the next part; what stands beside a text or a call only describes it.
  mutating func take(_ part: JSONValue) {
    guard case .object(let members) = part else { return }
    if let text = GeminiMerge.value(of: GeminiKey.text, in: part)?.stringBytes {
      let isThought = GeminiMerge.value(of: GeminiKey.thought, in: part) == .bool(true)
      add(text, isThought ? .thinking : .text)
    } else if let call = GeminiMerge.value(of: GeminiKey.functionCall, in: part) {
      add(call: call)
    } else {
      for member in members { add(member) }
    }
  }

  private mutating func add(_ text: [UInt8], _ kind: MessagePart.Kind) {
    if text.isEmpty { return }
    endCall()
    if let last = parts.indices.last, parts[last].kind == kind {
      parts[last].bytes += text
    } else {
      parts.append(MessagePart(kind, text, choice: choice))
    }
  }

  private mutating func add(call new: JSONValue) {
    let name = new["name"]?.text
    if call == nil || name != nil {
      endCall()
      call = Call(name: name ?? "")
    }
    if let args = new["args"] { call?.args = args }
    for piece in new["partialArgs"]?.elements ?? [] { add(piece: piece) }
    if new["willContinue"] != .bool(true) { endCall() }
  }

  /// Joins a piece of a string to the one before it.
  private mutating func add(piece: JSONValue) {
    guard var pieces = call?.pieces else { return }
    call?.pieces = []
    if let last = pieces.indices.last, pieces[last]["jsonPath"] == piece["jsonPath"],
      let more = piece["stringValue"]?.stringBytes, pieces[last]["stringValue"] != nil
    {
      pieces[last].update("stringValue") { $0.append(string: more) }
    } else {
      var piece = piece
      piece.remove("willContinue")
      pieces.append(piece)
    }
    call?.pieces = pieces
  }

  private mutating func endCall() {
    guard let ended = call else { return }
    call = nil
    let pieces: JSONValue = ended.pieces.isEmpty ? .object([]) : .array(ended.pieces)
    parts.append(
      MessagePart(.toolCall, name: ended.name, (ended.args ?? pieces).bytes, choice: choice))
  }

  /// Adds a part of any other kind, but not what only describes one.
  private mutating func add(_ member: JSONValue.Member) {
    if member.key == GeminiKey.thought || member.key == GeminiKey.thoughtSignature { return }
    let name = String(decoding: member.key, as: UTF8.self)
    if name.hasSuffix("Metadata") || name == "mediaResolution" || member.value.isNull { return }
    endCall()
    parts.append(MessagePart(.other, name: name, member.value.bytes, choice: choice))
  }
}
