internal import JSON

/// A place in an output item that deltas add text to.
struct ResponsesField: Hashable, Sendable {
  /// The type of the items that have it.
  var item: String

  /// The keys that lead to the list of parts; empty where the text is the item's own.
  var list: [String] = []

  /// The key of an event that numbers the part.
  var index = ""

  /// The type of the part; "" where the part is the text itself.
  var part = ""

  /// The key of the text, in the part or the item, and in the event that says it whole; "" for none.
  var key = ""

  /// The key of the whole text in the event that ends it, where that is another.
  var whole = ""

  static let text = Self(
    item: "message", list: ["content"], index: "content_index", part: "output_text", key: "text",
    whole: "text")
  static let refusal = Self(
    item: "message", list: ["content"], index: "content_index", part: "refusal", key: "refusal",
    whole: "refusal")
  static let reasoning = Self(
    item: "reasoning", list: ["content"], index: "content_index", part: "reasoning_text",
    key: "text", whole: "text")
  static let summary = Self(
    item: "reasoning", list: ["summary"], index: "summary_index", part: "summary_text",
    key: "text", whole: "text")
  static let command = Self(
    item: "shell_call", list: ["action", "commands"], index: "command_index", whole: "command")
  static let arguments = Self(item: "function_call", key: "arguments", whole: "arguments")
  static let mcpArguments = Self(item: "mcp_call", key: "arguments", whole: "arguments")
  static let input = Self(item: "custom_tool_call", key: "input", whole: "input")
  static let code = Self(item: "code_interpreter_call", key: "code", whole: "code")

  /// An item of which only the deltas came.
  func emptyItem(id: JSONValue?) -> JSONValue {
    var members: [JSONValue.Member] = [.init("type", .string(item))]
    if let id { members.insert(.init("id", id), at: 0) }
    if item == "message" { members.append(.init("role", .string("assistant"))) }
    return .object(members)
  }

  /// A part of which only the deltas came.
  var emptyPart: JSONValue {
    if part.isEmpty { return .string([]) }
    return .object([.init("type", .string(part)), .init(key, .string([]))])
  }
}

extension ResponsesField {
  /// Changes the list of parts of an item, which is made where there is none.
  func changeList(of item: inout JSONValue, _ body: (inout [JSONValue]) -> Void) {
    Self.change(&item, along: list[...]) { value in
      if value.elements == nil { value = .array([]) }
      _ = value.withElements(body)
    }
  }

  /// Changes the text of an item that an event tells of, and notes where it could not be found.
  func change(
    _ item: inout JSONValue, event: JSONValue, log: inout MessageLog,
    _ body: (inout JSONValue) -> Void
  ) {
    guard !list.isEmpty else { return Self.change(&item, along: [key], body) }
    changeList(of: &item) { parts in
      let index = event[index]?.integer ?? -1
      var place = index
      if !parts.indices.contains(index) {
        log.note("part \(index) of the item never began")
        place = parts.count - 1
      }
      if !parts.indices.contains(place) || !isOwn(parts[place]) {
        if parts.indices.contains(index) { log.note("part \(index) is no \(part)") }
        // The part that was made for the delta before is the last.
        place = parts.last.map(isOwn) == true ? parts.count - 1 : parts.count
        if place == parts.count { parts.append(emptyPart) }
      }
      Self.change(&parts[place], along: key.isEmpty ? [] : [key], body)
    }
  }

  private func isOwn(_ value: JSONValue) -> Bool {
    part.isEmpty ? value.stringBytes != nil : value["type"]?.text == part
  }

  /// Changes what stands at the end of a path of keys, whose objects are made where there are none.
  static func change(
    _ value: inout JSONValue, along keys: ArraySlice<String>, _ body: (inout JSONValue) -> Void
  ) {
    guard let key = keys.first else { return body(&value) }
    if value.members == nil { value = .object([]) }
    value.update(key) { change(&$0, along: keys.dropFirst(), body) }
  }
}
