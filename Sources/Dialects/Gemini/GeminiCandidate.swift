internal import LosslessJSON

/// One of the answers that a model gives at once, merged from the chunks that tell of it.
struct GeminiCandidate: Sendable {
  /// Its number among the answers, from 0.
  let index: Int

  private var members: [JSONValue.Member] = []

  /// Whether the last call of a function says that more of it comes.
  private var isInCall = false

  init(index: Int) { self.index = index }

  /// The candidate as the API sends it.
  var value: JSONValue { .object(members) }

  /// Why the model stopped, or nil as long as it has not.
  var finishReason: String? { Self.finishReason(in: value) }

  /// Why a candidate of a chunk stopped; an empty or unspecified reason names none.
  static func finishReason(in candidate: JSONValue) -> String? {
    guard let reason = candidate["finishReason"]?.text, !reason.isEmpty, reason != unspecified
    else { return nil }
    return reason
  }

  private static let unspecified = "FINISH_REASON_UNSPECIFIED"

  /// The parts of its content.
  var parts: [JSONValue] { value["content"]?["parts"]?.elements ?? [] }

  /// Takes what a chunk says of it, and adds the text in it.
  mutating func take(
    _ new: [JSONValue.Member], _ text: inout [UInt8], _ log: inout MessageLog
  ) {
    noteFinish(.object(new), &log)
    var hasToken = false
    var isAtEnd = false
    for place in new.indices {
      switch new[place].key {
      case GeminiKey.content:
        guard read(new[place].value, &text, &log) else { continue }
      case GeminiKey.groundingMetadata:
        var member = new[place]
        shiftSupports(of: &member.value)
        GeminiMerge.merge(member, into: &members, &log)
        continue
      case GeminiKey.citationMetadata:
        var member = new[place]
        Self.nameCitations(of: &member.value)
        GeminiMerge.merge(member, into: &members, &log)
        continue
      case GeminiKey.continuationToken: hasToken = !new[place].value.isNull
      case GeminiKey.finishReason:
        isAtEnd = new[place].value.text.map { $0 != Self.continuation } ?? false
      default: break
      }
      GeminiMerge.merge(new[place], into: &members, &log)
    }
    if isAtEnd, !hasToken {
      // What is at its end needs no token to go on with.
      members.removeAll { $0.key == GeminiKey.continuationToken }
    }
  }

  /// Says where a candidate goes on behind a reason to have stopped, or has two of them.
  private func noteFinish(_ new: JSONValue, _ log: inout MessageLog) {
    guard let before = finishReason, before != Self.continuation else { return }
    if let reason = Self.finishReason(in: new), reason != before {
      log.notice("the finishReason is \(reason), and was \(before) before")
    }
    let parts = new["content"]?["parts"]?.elements ?? []
    if parts.contains(where: Self.saysSomething) {
      log.notice("content comes after a finishReason, where some clients stop reading")
    }
  }

  private static func saysSomething(_ part: JSONValue) -> Bool {
    if let text = part["text"]?.stringBytes { return !text.isEmpty }
    return part["functionCall"] != nil || part["inlineData"] != nil || part["executableCode"] != nil
  }

  /// The reason to stop that another request goes on from.
  static let continuation = "CONTINUATION"

  /// Adds the text of a content.
  ///
  /// - Returns: Whether it is one.
  private mutating func read(
    _ content: JSONValue, _ text: inout [UInt8], _ log: inout MessageLog
  ) -> Bool {
    guard case .object(let members) = content else {
      if !content.isNull { log.note("the content of a candidate is not an object") }
      return content.isNull
    }
    guard let place = members.firstIndex(where: { $0.key == GeminiKey.parts }) else { return true }
    guard case .array(let parts) = members[place].value else {
      if members[place].value.isNull { return true }
      log.note("the parts of a candidate are not an array")
      return false
    }
    for part in parts { read(part: part, &text, &log) }
    return true
  }

  private mutating func read(
    part: JSONValue, _ text: inout [UInt8], _ log: inout MessageLog
  ) {
    guard case .object(let members) = part else { return log.note("a part is not an object") }
    if let call = GeminiMerge.value(of: GeminiKey.functionCall, in: part), !call.isNull {
      check(call: call, &log)
    }
    guard let place = members.firstIndex(where: { $0.key == GeminiKey.text }) else { return }
    guard case .string(let bytes) = members[place].value else {
      if !members[place].value.isNull { log.note("the text of a part is not a string") }
      return
    }
    if GeminiMerge.value(of: GeminiKey.thought, in: part) != .bool(true) { text += bytes }
  }

  /// Says where a call is not of the form that the SDK validates, or has no name; pieces of a call
  /// that goes on need none.
  private mutating func check(call: JSONValue, _ log: inout MessageLog) {
    guard call.members != nil else {
      return log.note("the functionCall of a part is not an object")
    }
    if !isInCall, call["name"]?.stringBytes?.isEmpty ?? true {
      log.note("a functionCall has no name, so its args belong to nothing")
    }
    isInCall = call["willContinue"] == .bool(true)
    guard let args = call["args"], !args.isNull, args.members == nil else { return }
    log.note("the args of a functionCall are \(args.kindNoun), not an object")
  }

  /// Makes indices into a chunk's own list of sources count in the list that it is joined to.
  ///
  /// What the segments of the supports count is left alone: in a stream they count in the whole
  /// text.
  private func shiftSupports(of metadata: inout JSONValue) {
    guard let offset = value["groundingMetadata"]?["groundingChunks"]?.elements?.count, offset > 0,
      GeminiMerge.value(of: GeminiKey.groundingSupports, in: metadata) != nil
    else { return }
    metadata.update("groundingSupports") { supports in
      _ = supports.withElements { supports in
        for place in supports.indices where supports[place]["groundingChunkIndices"] != nil {
          supports[place].update("groundingChunkIndices") { indices in
            _ = indices.withElements { indices in
              for place in indices.indices { Self.shift(&indices[place], by: offset) }
            }
          }
        }
      }
    }
  }

  private static func shift(_ index: inout JSONValue, by offset: Int) {
    guard let (sum, overflow) = index.integer?.addingReportingOverflow(offset), !overflow
    else { return }
    index = .number(sum)
  }

  /// Calls citations what the SDK calls them, whichever of Google's two APIs they come from.
  private static func nameCitations(of metadata: inout JSONValue) {
    _ = metadata.withMembers { members in
      guard let place = members.firstIndex(where: { $0.key == GeminiKey.citationSources }),
        !members[place].value.isNull
      else { return }
      members[place].key = GeminiKey.citations
      var seen = -1
      members.removeAll { member in
        seen += 1
        return seen != place && member.key == GeminiKey.citations
      }
    }
  }
}
