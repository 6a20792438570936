internal import LosslessJSON

extension AnthropicState {
  /// Adds a block to the content, where it comes last whatever its index says.
  mutating func startBlock(_ data: JSONValue, _ log: inout MessageLog) -> [UInt8] {
    guard let block = data[last: "content_block"]?.withUniqueKeys, block.members != nil else {
      log.note("it has no content_block")
      return []
    }
    let index = data[last: "index"]?.integer
    if index != blocks.count {
      let said = index.map { "\($0)" } ?? "missing"
      log.note("its index is \(said), and the block is number \(blocks.count)")
    }
    if tree == nil { tree = .object([]) }
    if tree?["content"]?.elements == nil { tree?.set("content", to: .array([])) }
    updateContent { $0.append(block) }
    blocks.append(AnthropicBlock(block, isOpen: true))
    if blocks[blocks.count - 1].kind == .tool, let id = block["id"]?.stringBytes, !id.isEmpty,
      !toolIDs.insert(id).inserted
    {
      log.notice("the tool call in block \(blocks.count - 1) has the id of another")
    }
    if block["type"]?.text == "fallback" {
      // The last of them names the model that served the answer.
      let model = block["to"]?["model"]
      if model == nil { log.note("its block names no model to fall back to") }
      if block["to"]?.members != nil { tree?.set("model", to: model ?? .null) }
    }
    return block["type"]?.text == "text" ? block["text"]?.stringBytes ?? [] : []
  }

  /// Ends a block; what comes to it afterwards is still added, as the SDK does.
  mutating func stopBlock(_ data: JSONValue, _ log: inout MessageLog) {
    guard let position = place(in: data, &log)?.position else { return }
    if !blocks[position].isOpen { log.note("block \(position) was already stopped") }
    blocks[position].isOpen = false
    guard let index = blocks[position].inputIndex else { return }
    writeInput(index)
    guard let sent = inputs[index]?.sent, !sent.isEmpty else { return }
    if let flaw = ToolArguments.flaw(of: sent) {
      log.notice("the arguments of the tool in block \(position) \(flaw)")
    }
  }

  /// The index that an event names, and the place in the content that the SDK finds there: like
  /// every list of Python, it counts a negative index from the end.
  func place(in data: JSONValue, _ log: inout MessageLog) -> (index: Int, position: Int)? {
    guard let index = data[last: "index"]?.integer else {
      log.note("it has no index")
      return nil
    }
    let (fromEnd, overflow) = blocks.count.addingReportingOverflow(index)
    let position = index < 0 && !overflow ? fromEnd : index
    guard blocks.indices.contains(position) else {
      log.note("there is no block \(index)")
      return nil
    }
    return (index, position)
  }

  /// Changes the content in place; nothing happens where there is none.
  mutating func updateContent(_ body: (inout [JSONValue]) -> Void) {
    tree?.update("content") { _ = $0.withElements(body) }
  }

  /// Changes the value of a key of a block in place.
  mutating func update(_ key: String, of position: Int, _ body: (inout JSONValue) -> Void) {
    updateContent { $0[position].update(key, body) }
  }

  /// Gives the message the input of a tool as far as it has come.
  mutating func writeInput(_ index: Int) {
    guard inputs[index]?.isAhead == true else { return }
    inputs[index]?.write(to: &tree)
    inputs[index]?.isAhead = false
  }
}

extension AnthropicToolInput {
  /// Sets the input in a message.
  func write(to message: inout JSONValue?) {
    guard let value else { return }
    message?.update("content") { content in
      _ = content.withElements { $0[block].set("input", to: value) }
    }
  }
}
