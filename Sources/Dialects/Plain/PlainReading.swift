internal import EventStream
internal import LosslessJSON

/// What the events of an API say that has no dialect of its own.
struct PlainReading: Sendable {
  private let api: PlainAPI

  /// What the message says, part by part.
  private(set) var content: [MessagePart] = []

  /// Why the model stopped.
  private(set) var stopReason: String?

  /// What was used, as the API counts it.
  private(set) var usage: JSONValue?

  /// What the stream says went wrong.
  private(set) var failure: String?
  private var hasBegun = false
  private var hasEnded = false

  /// Why each choice finished; nil for one that has not.
  private var choices: [Int: String?] = [:]

  init(_ api: PlainAPI) { self.api = api }

  /// Takes the next event and returns the text that it adds.
  mutating func take(_ event: ServerSentEvent, log: inout MessageLog) -> [UInt8] {
    if OpenAIChatState.isDone(event) { return [] }
    guard let said = log.data(of: event) else { return [] }
    guard failure == nil else {
      log.notice("it comes after an error")
      return []
    }
    guard case .object(let data) = said else {
      if case .failure(let words) = said { failure = words }
      return []
    }
    if let words = Self.error(in: data, of: event) {
      failure = words
      return []
    }
    hasBegun = true
    guard api != .completions else { return takeCompletion(data, &log) }
    let before = hasEnded
    let text =
      switch api {
      case .completions, .ollama: takeOllama(data, &log)
      case .cohere: takeCohere(data, &log)
      case .converse: takeConverse(data, event.type, &log)
      }
    if before, !text.isEmpty { log.notice("text comes after the end, where clients stop reading") }
    return text
  }

  private static func error(in data: JSONValue, of event: ServerSentEvent) -> String? {
    if let words = ErrorWords.inChunk(data) { return words }
    return event.isError ? ErrorWords.inErrorEvent(event) : ErrorWords.bare(data)
  }

  /// Whether the message is whole, by the rule of the API.
  var completeness: Completeness {
    if let failure { return .incomplete("an error came: \(failure)") }
    guard hasBegun else { return .incomplete("no event came") }
    if choices.values.contains(nil) { return .incomplete("no finish_reason came") }
    return hasEnded ? .complete : .incomplete("no \(terminal) came")
  }

  private var terminal: String {
    switch api {
    case .completions: "finish_reason"
    case .cohere: "message-end"
    case .ollama: "line with done true"
    case .converse: "messageStop"
    }
  }
}

extension PlainReading {
  private mutating func takeCompletion(
    _ data: JSONValue, _ log: inout MessageLog
  ) -> [UInt8] {
    if let usage = data["usage"], usage.members != nil { self.usage = usage }
    var text: [UInt8] = []
    for choice in data["choices"]?.elements ?? [] {
      let index = choice["index"]?.integer ?? 0
      let more = Self.text(choice["text"], "the text of a choice", &log)
      let before = choices[index] ?? nil
      if before != nil, !more.isEmpty {
        log.notice("text comes after a finish_reason, where some clients stop reading")
      }
      text += add(.text, more, choice: index)
      let reason = choice["finish_reason"]?.text.flatMap { $0.isEmpty ? nil : $0 }
      choices[index] = .some(reason ?? before)
      guard let reason else { continue }
      Self.compare(reason, with: before, &log)
      hasEnded = true
      if index == 0 || stopReason == nil { stopReason = reason }
      noteError(reason, choice["error"])
    }
    return text
  }

  private mutating func takeCohere(_ data: JSONValue, _ log: inout MessageLog) -> [UInt8] {
    let delta = data["delta"]
    let message = delta?["message"]
    switch data["type"]?.text ?? data["event_type"]?.text {
    case "content-start"?, "content-delta"?:
      add(.thinking, message?["content"]?["thinking"]?.stringBytes ?? [])
      return add(.text, Self.text(message?["content"]?["text"], "the text of a delta", &log))
    case "text-generation"?:
      return add(.text, Self.text(data["text"], "the text of a delta", &log))
    case "tool-call-start"?, "tool-call-delta"?:
      let call = message?["tool_calls"]
      let function = (call?.elements?.first ?? call)?["function"]
      addCall(function?["name"]?.text, function?["arguments"]?.stringBytes ?? [])
    case "message-end"?: end(delta, delta?["finish_reason"], usage: delta?["usage"], &log)
    case "stream-end"?: end(data, data["finish_reason"], usage: data["response"]?["meta"], &log)
    default: break
    }
    return []
  }

  private mutating func takeOllama(_ data: JSONValue, _ log: inout MessageLog) -> [UInt8] {
    let message = data["message"]
    add(.thinking, (message?["thinking"] ?? data["thinking"])?.stringBytes ?? [])
    for call in message?["tool_calls"]?.elements ?? [] {
      let function = call["function"]
      addCall(function?["name"]?.text ?? "", function?["arguments"]?.bytes ?? [])
    }
    if data["done"] == .bool(true) {
      let counts = (data.members ?? []).filter {
        $0.hasKey("eval_count") || $0.hasKey("prompt_eval_count")
      }
      end(data, data["done_reason"], usage: counts.isEmpty ? nil : .object(counts), &log)
    }
    return add(.text, Self.text(message?["content"] ?? data["response"], "the content", &log))
  }

  private mutating func takeConverse(
    _ data: JSONValue, _ type: String, _ log: inout MessageLog
  ) -> [UInt8] {
    switch type {
    case "contentBlockStart":
      if let tool = data["start"]?["toolUse"] { addCall(tool["name"]?.text ?? "", []) }
    case "contentBlockDelta":
      let delta = data["delta"]
      if let input = delta?["toolUse"]?["input"]?.stringBytes { addCall(nil, input) }
      add(.thinking, delta?["reasoningContent"]?["text"]?.stringBytes ?? [])
      return add(.text, Self.text(delta?["text"], "the text of a delta", &log))
    case "messageStop": end(data, data["stopReason"], usage: nil, &log)
    case "metadata": usage = data["usage"]
    default: break
    }
    return []
  }

  /// Takes the end of the only choice that these APIs have.
  private mutating func end(
    _ data: JSONValue?, _ reason: JSONValue?, usage: JSONValue?, _ log: inout MessageLog
  ) {
    hasEnded = true
    if let usage, !usage.isNull { self.usage = usage }
    for call in content where call.kind == .toolCall && !call.bytes.isEmpty {
      if let flaw = ToolArguments.flaw(of: call.bytes) {
        let name = call.name.isEmpty ? "a tool" : call.name
        log.notice("the arguments of the call of \(name) \(flaw)")
      }
    }
    guard let reason = reason?.text, !reason.isEmpty else { return }
    Self.compare(reason, with: stopReason, &log)
    stopReason = reason
    noteError(reason, data?["error"])
  }

  /// Says where there are two reasons to have stopped.
  private static func compare(_ reason: String, with before: String?, _ log: inout MessageLog) {
    guard let before, before != reason else { return }
    log.notice("the reason to stop is \(reason), and was \(before) before")
  }

  /// What stops with an error is not whole.
  private mutating func noteError(_ reason: String, _ error: JSONValue?) {
    guard reason == "error" || reason.hasPrefix("ERROR"), failure == nil else { return }
    failure = ErrorWords.failure(in: error) ?? "the finish_reason is \(reason)"
  }

  /// The bytes of a text; what must be a string and is none is lost to a client.
  private static func text(
    _ value: JSONValue?, _ name: String, _ log: inout MessageLog
  ) -> [UInt8] {
    switch value {
    case .string(let bytes)?: return bytes
    case nil, .null?: return []
    case let value?:
      log.note("\(name) is \(value.kindNoun), not a string")
      return []
    }
  }

  @discardableResult
  private mutating func add(
    _ kind: MessagePart.Kind, _ bytes: [UInt8], choice: Int = 0
  ) -> [UInt8] {
    guard !bytes.isEmpty else { return [] }
    if let last = content.lastIndex(where: { $0.choice == choice }), content[last].kind == kind {
      content[last].bytes += bytes
    } else {
      content.append(MessagePart(kind, bytes, choice: choice))
    }
    return bytes
  }

  /// Begins a call where there is a name, and adds to the last one else.
  private mutating func addCall(_ name: String?, _ arguments: [UInt8]) {
    if name == nil, let last = content.indices.last, content[last].kind == .toolCall {
      content[last].bytes += arguments
    } else {
      content.append(MessagePart(.toolCall, name: name ?? "", arguments))
    }
  }
}
