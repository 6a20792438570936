internal import LosslessJSON

extension ResponsesItems {
  /// Changes the item that an event tells of.
  ///
  /// The SDK's snapshot takes in only the text and the arguments of functions; the rest is put
  /// where the finished item has it.
  ///
  /// - Returns: The text that is added.
  mutating func change(
    _ response: inout JSONValue, _ data: JSONValue, _ kind: ResponsesEvent,
    log: inout MessageLog
  ) -> [UInt8] {
    guard let index = data.value(of: "output_index")?.integer else {
      log.note("it has no output_index")
      log.keep(data, bytes: data.bytes.count)
      return []
    }
    if place(of: index) == nil {
      log.note("output item \(index) never began")
      append(Self.emptyItem(for: kind, id: data["item_id"]), at: index, to: &response)
    }
    guard let place = place(of: index) else { return [] }
    var text: [UInt8] = []
    response.change("output") { output in
      _ = output.withElements { text = Self.change(&$0[place], data, kind, log: &log) }
    }
    return text
  }

  /// An item of which only the deltas came.
  private static func emptyItem(for kind: ResponsesEvent, id: JSONValue?) -> JSONValue {
    let type: StaticString =
      switch kind {
      case .delta(let field), .done(let field), .partAdded(let field), .partDone(let field):
        field.item
      case .shellOutput: "shell_call_output"
      default: "message"
      }
    var item = JSONValue.object([.init("type", .string(type.description))])
    if let id { item.set("id", to: id) }
    if type.description == "message" { item.set("role", to: .string("assistant")) }
    return item
  }

  private static func change(
    _ item: inout JSONValue, _ data: JSONValue, _ kind: ResponsesEvent, log: inout MessageLog
  ) -> [UInt8] {
    switch kind {
    case .delta(let field): return add(delta: data, to: &item, field, log: &log)
    case .done(let field): finish(data, of: &item, field, log: &log)
    case .partAdded(let field):
      guard let part = data[field == .command ? "command" : "part"] else { break }
      field.changeList(of: &item) { $0.append(part) }
    case .partDone(let field): finishPart(data, of: &item, field)
    case .annotationAdded:
      guard let annotation = data["annotation"] else { break }
      ResponsesField.text.changePart(of: &item, event: data, log: &log) { part in
        part.change("annotations") { $0.changeElements { $0.append(annotation) } }
      }
    case .shellOutput: addOutput(data, to: &item)
    default: break
    }
    return []
  }

  private static func add(
    delta data: JSONValue, to item: inout JSONValue, _ field: ResponsesField,
    log: inout MessageLog
  ) -> [UInt8] {
    guard let delta = data.value(of: "delta")?.stringBytes, item.has("type", field.item) else {
      log.note("its delta is not a string, or its item is not a \(field.item)")
      log.keep(data, bytes: data.bytes.count)
      return []
    }
    var isString = true
    field.change(&item, event: data, log: &log) { text in
      isString = text.append(string: delta)
      if !isString { text = .string(delta) }
    }
    if !isString, field == .text || field == .arguments { log.note("there was no text before it") }
    return field == .text ? delta : []
  }

  /// Takes the whole text in place of what the deltas gave, unless the SDK goes by the deltas.
  private static func finish(
    _ data: JSONValue, of item: inout JSONValue, _ field: ResponsesField, log: inout MessageLog
  ) {
    guard item.has("type", field.item), let whole = data.value(of: field.key)?.stringBytes else {
      return
    }
    var isSame = true
    field.change(&item, event: data, log: &log) { text in
      isSame = text == .string(whole)
      if field != .text, field != .arguments { text = .string(whole) }
    }
    if !isSame { log.note("the complete value differs from what the deltas gave") }
  }

  private static func finishPart(
    _ data: JSONValue, of item: inout JSONValue, _ field: ResponsesField
  ) {
    guard let part = data["part"], let key = field.part?.index,
      let index = data.value(of: key)?.integer
    else { return }
    field.changeList(of: &item) { parts in
      guard parts.indices.contains(index) else { return }
      // The SDK goes by the deltas of a text, not by what is said of it later.
      let text = field == .text && part["text"] != nil ? parts[index]["text"] : nil
      parts[index] = part
      if let text { parts[index].set("text", to: text) }
    }
  }

  /// Adds what a command wrote, on either of its streams.
  private static func addOutput(_ data: JSONValue, to item: inout JSONValue) {
    guard let delta = data["delta"]?.members, let index = data["command_index"]?.integer else {
      return
    }
    item.change("output") { output in
      output.changeElements { outputs in
        if !outputs.indices.contains(index) { outputs.append(.object([])) }
        let place = min(max(index, 0), outputs.count - 1)
        for stream in delta {
          guard let text = stream.value.stringBytes else { continue }
          outputs[place].update(String(decoding: stream.key, as: UTF8.self)) {
            if !$0.append(string: text) { $0 = .string(text) }
          }
        }
      }
    }
  }
}
