internal import LosslessJSON

extension AnthropicState {
  /// Adds a delta to its block; gives the text that it adds.
  mutating func takeDelta(
    _ data: JSONValue, bytes: Int, _ log: inout MessageLog
  ) -> [UInt8] {
    guard let (index, position) = place(in: data, &log) else { return [] }
    guard let delta = data[last: "delta"], let name = delta[last: "type"]?.stringBytes else {
      log.note("it has no delta with a type")
      return []
    }
    if !blocks[position].isOpen { log.note("block \(position) was stopped before it") }
    guard let type = AnthropicDeltaType(name) else {
      log.keep(data, bytes: bytes)
      return []
    }
    switch (type, blocks[position].kind) {
    case (.text, .text): return append(delta, "text", to: position, &log)
    case (.inputJSON, .tool): takeInput(delta, index, position, &log)
    case (.thinking, .thinking): _ = append(delta, "thinking", to: position, &log)
    case (.signature, .thinking): set("signature", of: position, from: delta, &log)
    case (.citations, .text): takeCitation(delta, position, &log)
    case (.compaction, .compaction):
      replace("content", of: position, from: delta)
      replace("encrypted_content", of: position, from: delta)
    case (_, .unknown): log.keep(data, bytes: bytes)
    default: log.note("a block of the type \(blocks[position].type) takes no \(type.spelling)")
    }
    return []
  }

  /// Adds to a string of a block that has the delta's own key.
  private mutating func append(
    _ delta: JSONValue, _ key: String, to position: Int, _ log: inout MessageLog
  ) -> [UInt8] {
    guard case .string(let more)? = delta[last: key] else {
      log.note("its delta has no \(key)")
      return []
    }
    var hasString = true
    update(key, of: position) { text in
      hasString = text.append(string: more)
      if !hasString { text = .string(more) }
    }
    if !hasString { log.note("block \(position) had no \(key)") }
    return more
  }

  private mutating func set(
    _ key: String, of position: Int, from delta: JSONValue, _ log: inout MessageLog
  ) {
    if delta[last: key] == nil { log.note("its delta has no \(key)") }
    replace(key, of: position, from: delta)
  }

  /// Sets a key as the delta has it.
  ///
  /// One that the delta lacks is null for the SDK: it becomes so where the block has it, and is not
  /// made up where the block has not.
  private mutating func replace(_ key: String, of position: Int, from delta: JSONValue) {
    let value = delta[last: key]?.withUniqueKeys
    updateContent { content in
      if value != nil || content[position][key] != nil {
        content[position].set(key, to: value ?? .null)
      }
    }
  }

  private mutating func takeCitation(
    _ delta: JSONValue, _ position: Int, _ log: inout MessageLog
  ) {
    if delta[last: "citation"] == nil { log.note("its delta has no citation") }
    let citation = delta[last: "citation"]?.withUniqueKeys ?? .null
    update("citations", of: position) { citations in
      if citations.withElements({ $0.append(citation) }) == nil { citations = .array([citation]) }
    }
  }

  /// The SDK joins the pieces of one index, whatever block stands there when they come; of two
  /// indices that name the same block, such as 0 and -1, the one that came last has its say.
  private mutating func takeInput(
    _ delta: JSONValue, _ index: Int, _ position: Int, _ log: inout MessageLog
  ) {
    guard case .string(let piece)? = delta[last: "partial_json"] else {
      return log.note("its delta has no partial_json")
    }
    if let other = blocks[position].inputIndex, other != index { writeInput(other) }
    blocks[position].inputIndex = index
    if let other = inputs[index]?.block, other != position {
      writeInput(index)
      inputs[index]?.block = position
    }
    if let flaw = inputs[index, default: AnthropicToolInput(block: position)].append(piece) {
      log.note(flaw)
    }
  }
}
