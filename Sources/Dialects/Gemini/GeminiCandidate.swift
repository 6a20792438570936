internal import JSON

/// One of the answers that a model gives at once, merged from the chunks that tell of it.
struct GeminiCandidate: Sendable {
  /// Its number among the answers, from 0.
  let index: Int

  private var members: [JSONValue.Member] = []

  init(index: Int) { self.index = index }

  /// The candidate as the API sends it.
  var value: JSONValue { .object(members) }

  /// Why the model stopped, or nil as long as it has not.
  var finishReason: String? {
    guard let reason = value["finishReason"]?.text, !reason.isEmpty else { return nil }
    return reason
  }

  /// The parts of its content.
  var parts: [JSONValue] { value["content"]?["parts"]?.elements ?? [] }

  /// Takes what a chunk says of it.
  ///
  /// - Returns: The text that it adds, as UTF-8.
  mutating func take(_ new: [JSONValue.Member], _ log: inout MessageLog) -> [UInt8] {
    var text: [UInt8] = []
    for member in new {
      var member = member
      switch member.key {
      case GeminiKey.content:
        guard Self.isContent(member.value, &log) else { continue }
        text += Self.text(of: member.value, &log)
      case GeminiKey.groundingMetadata: shiftSupports(of: &member.value)
      case GeminiKey.citationMetadata: Self.nameCitations(of: &member.value)
      default: break
      }
      GeminiMerge.merge(member, into: &members, &log)
    }
    if let reason = new.last(where: { $0.hasKey("finishReason") })?.value.text,
      reason != Self.continuation, !new.contains(where: { $0.key == GeminiKey.continuationToken })
    {
      // What is at its end needs no token to go on with.
      members.removeAll { $0.key == GeminiKey.continuationToken }
    }
    return text
  }

  /// The reason to stop that another request goes on from.
  static let continuation = "CONTINUATION"

  private static func isContent(_ content: JSONValue, _ log: inout MessageLog) -> Bool {
    if content.isNull { return true }
    guard case .object(let members) = content else {
      log.note("the content of a candidate is no object")
      return false
    }
    switch members.first(where: { $0.key == GeminiKey.parts })?.value {
    case nil, .null, .array: return true
    default:
      log.note("the parts of a candidate are no array")
      return false
    }
  }

  private static func text(of content: JSONValue, _ log: inout MessageLog) -> [UInt8] {
    guard case .array(let parts)? = GeminiMerge.value(of: GeminiKey.parts, in: content) else {
      return []
    }
    var text: [UInt8] = []
    for part in parts {
      guard case .object = part else {
        log.note("a part of a candidate is no object")
        continue
      }
      switch GeminiMerge.value(of: GeminiKey.text, in: part) {
      case nil, .null: break
      case .string(let bytes):
        if GeminiMerge.value(of: GeminiKey.thought, in: part) != .bool(true) { text += bytes }
      default: log.note("the text of a part is no string")
      }
    }
    return text
  }

  /// Makes indices into a chunk's own list of sources count in the list that it is joined to.
  ///
  /// What the segments of the supports count is left alone: in a stream they count in the whole text.
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
