internal import JSON

extension ResponsesItems {
  /// Changes the item that an event tells of.
  ///
  /// The SDK's snapshot takes in only the text and the arguments of functions; the rest is put where
  /// the finished item has it.
  ///
  /// - Returns: The text that is added.
  mutating func change(
    _ response: inout JSONValue, _ data: JSONValue, _ kind: ResponsesEvent,
    log: inout MessageLog
  ) -> [UInt8] {
    guard let index = data["output_index"]?.integer else {
      log.note("it has no output_index")
      log.keep(data, bytes: data.bytes.count)
      return []
    }
    if place(of: index) == nil {
      log.note("output item \(index) never began")
      append(Self.field(of: kind).emptyItem(id: data["item_id"]), at: index, to: &response)
    }
    guard let place = place(of: index) else { return [] }
    let done = response.update("output") { output in
      output.withElements { Self.change(&$0[place], data, kind, log: &log) }
    }
    return (done ?? nil) ?? []
  }

  private static func field(of kind: ResponsesEvent) -> ResponsesField {
    switch kind {
    case .delta(let field), .done(let field), .partAdded(let field), .partDone(let field): field
    case .shellOutput: ResponsesField(item: "shell_call_output")
    default: .text
    }
  }

  private static func change(
    _ item: inout JSONValue, _ data: JSONValue, _ kind: ResponsesEvent, log: inout MessageLog
  ) -> [UInt8] {
    let field = field(of: kind)
    switch kind {
    case .partAdded: add(part(in: data, field), to: &item, field)
    case .partDone: finish(part(in: data, field), of: &item, data, field)
    case .annotationAdded: annotate(&item, data, log: &log)
    case .shellOutput: addOutput(data, to: &item)
    case .delta: return add(delta: data, to: &item, field, log: &log)
    case .done: finish(data, of: &item, field, log: &log)
    default: break
    }
    return []
  }

  private static func part(in data: JSONValue, _ field: ResponsesField) -> JSONValue? {
    data[field.part.isEmpty ? field.whole : "part"]
  }

  private static func add(
    _ part: JSONValue?, to item: inout JSONValue, _ field: ResponsesField
  ) {
    guard let part else { return }
    field.changeList(of: &item) { $0.append(part) }
  }

  private static func finish(
    _ part: JSONValue?, of item: inout JSONValue, _ data: JSONValue, _ field: ResponsesField
  ) {
    guard let part, let index = data[field.index]?.integer else { return }
    field.changeList(of: &item) { parts in
      guard parts.indices.contains(index) else { return }
      // The SDK goes by the deltas of a text, not by what is said of it later.
      let text = field == .text && part["text"] != nil ? parts[index]["text"] : nil
      parts[index] = part
      if let text { parts[index].set("text", to: text) }
    }
  }

  private static func isOwn(_ item: JSONValue, _ field: ResponsesField) -> Bool {
    item["type"]?.text == field.item
  }

  private static func add(
    delta data: JSONValue, to item: inout JSONValue, _ field: ResponsesField,
    log: inout MessageLog
  ) -> [UInt8] {
    guard let delta = data["delta"]?.stringBytes else {
      log.note("its delta is no string")
      log.keep(data, bytes: data.bytes.count)
      return []
    }
    guard isOwn(item, field) else {
      log.note("the item is no \(field.item)")
      log.keep(data, bytes: data.bytes.count)
      return []
    }
    field.change(&item, event: data, log: &log) { text in
      if !text.append(string: delta) { text = .string(delta) }
    }
    return field == .text ? delta : []
  }

  /// Takes the whole text in place of what the deltas gave, unless the SDK goes by the deltas.
  private static func finish(
    _ data: JSONValue, of item: inout JSONValue, _ field: ResponsesField, log: inout MessageLog
  ) {
    guard isOwn(item, field), let whole = data[field.whole]?.stringBytes else { return }
    var isSame = true
    field.change(&item, event: data, log: &log) { text in
      isSame = text == .string(whole)
      if field != .text, field != .arguments { text = .string(whole) }
    }
    if !isSame { log.note("the whole is not what the deltas gave") }
  }

  private static func annotate(
    _ item: inout JSONValue, _ data: JSONValue, log: inout MessageLog
  ) {
    guard let annotation = data["annotation"] else { return }
    var field = ResponsesField.text
    field.key = "annotations"
    field.change(&item, event: data, log: &log) { annotations in
      if annotations.elements == nil { annotations = .array([]) }
      _ = annotations.withElements { $0.append(annotation) }
    }
  }

  private static func addOutput(_ data: JSONValue, to item: inout JSONValue) {
    guard let delta = data["delta"]?.members, let index = data["command_index"]?.integer else {
      return
    }
    ResponsesField.change(&item, along: ["output"]) { output in
      if output.elements == nil { output = .array([]) }
      _ = output.withElements { outputs in
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
