internal import EventStream
internal import JSON

/// What the events of an API say that has no dialect of its own.
struct PlainReading: Sendable {
  private let api: PlainAPI

  /// What the message says, part by part.
  private(set) var content: [MessagePart] = []

  /// Why the model stopped.
  private(set) var stopReason: String?

  /// What was used, as the API counts it.
  private(set) var usage: JSONValue?

  private var failure: String?
  private var hasBegun = false
  private var hasEnded = false

  /// The choices that have no reason to have finished.
  private var openChoices: Set<Int> = []

  init(_ api: PlainAPI) { self.api = api }

  /// Takes the next event and returns the text that it adds.
  mutating func take(_ event: ServerSentEvent, log: inout MessageLog) -> [UInt8] {
    if OpenAIChatState.isDone(event) { return [] }
    guard let data = log.object(of: event) else { return [] }
    guard failure == nil else {
      log.notice("it comes behind an error")
      return []
    }
    if let words = error(in: data, of: event) {
      failure = words
      return []
    }
    hasBegun = true
    let before = hasEnded
    let text =
      switch api {
      case .completions: takeCompletion(data)
      case .cohere: takeCohere(data)
      case .ollama: takeOllama(data)
      case .converse: takeConverse(data, event.type)
      }
    if before, !text.isEmpty { log.notice("text comes behind the end, where clients stop reading") }
    return text
  }

  private func error(in data: JSONValue, of event: ServerSentEvent) -> String? {
    if let words = OpenAIErrors.inChunk(data) { return words }
    guard ["exception", "error"].contains(event.type) else { return nil }
    return OpenAIErrors.text(of: data)
  }

  /// Whether the message is whole, by the rule of the API.
  var completeness: Completeness {
    if let failure { return .incomplete("an error came: \(failure)") }
    guard hasBegun else { return .incomplete("no event came") }
    if api == .completions, !hasEnded || !openChoices.isEmpty {
      return .incomplete("no finish_reason came")
    }
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
  private mutating func takeCompletion(_ data: JSONValue) -> [UInt8] {
    if let usage = data["usage"], usage.members != nil { self.usage = usage }
    var text: [UInt8] = []
    for choice in data["choices"]?.elements ?? [] {
      let index = choice["index"]?.integer ?? 0
      let more = choice["text"]?.stringBytes ?? []
      add(.text, more, choice: index)
      text += more
      openChoices.insert(index)
      guard let reason = choice["finish_reason"]?.text, !reason.isEmpty else { continue }
      if index == 0 || stopReason == nil { stopReason = reason }
      openChoices.remove(index)
      hasEnded = true
    }
    return text
  }

  private mutating func takeCohere(_ data: JSONValue) -> [UInt8] {
    let delta = data["delta"]
    let message = delta?["message"]
    switch data["type"]?.text ?? data["event_type"]?.text {
    case "content-start"?, "content-delta"?:
      add(.thinking, message?["content"]?["thinking"]?.stringBytes ?? [])
      return add(.text, message?["content"]?["text"]?.stringBytes ?? [])
    case "text-generation"?: return add(.text, data["text"]?.stringBytes ?? [])
    case "tool-call-start"?, "tool-call-delta"?:
      let call = message?["tool_calls"]
      let function = (call?.elements?.first ?? call)?["function"]
      addCall(function?["name"]?.text, function?["arguments"]?.stringBytes ?? [])
    case "message-end"?: end(delta, usage: delta?["usage"])
    case "stream-end"?: end(data, usage: data["response"]?["meta"])
    default: break
    }
    return []
  }

  private mutating func end(_ data: JSONValue?, usage: JSONValue?) {
    hasEnded = true
    stopReason = data?["finish_reason"]?.text
    if let usage, !usage.isNull { self.usage = usage }
    guard let stopReason, stopReason.hasPrefix("ERROR") else { return }
    failure = data?["error"]?.text ?? "the finish_reason is \(stopReason)"
  }

  private mutating func takeOllama(_ data: JSONValue) -> [UInt8] {
    let message = data["message"]
    add(.thinking, (message?["thinking"] ?? data["thinking"])?.stringBytes ?? [])
    for call in message?["tool_calls"]?.elements ?? [] {
      let function = call["function"]
      addCall(function?["name"]?.text ?? "", function?["arguments"]?.bytes ?? [])
    }
    if data["done"] == .bool(true) {
      hasEnded = true
      stopReason = data["done_reason"]?.text.flatMap { $0.isEmpty ? nil : $0 }
      let counts = (data.members ?? []).filter {
        $0.hasKey("eval_count") || $0.hasKey("prompt_eval_count")
      }
      if !counts.isEmpty { usage = .object(counts) }
    }
    return add(.text, (message?["content"] ?? data["response"])?.stringBytes ?? [])
  }

  private mutating func takeConverse(_ data: JSONValue, _ type: String) -> [UInt8] {
    switch type {
    case "contentBlockStart":
      if let tool = data["start"]?["toolUse"] { addCall(tool["name"]?.text ?? "", []) }
    case "contentBlockDelta":
      let delta = data["delta"]
      if let input = delta?["toolUse"]?["input"]?.stringBytes { addCall(nil, input) }
      add(.thinking, delta?["reasoningContent"]?["text"]?.stringBytes ?? [])
      return add(.text, delta?["text"]?.stringBytes ?? [])
    case "messageStop":
      hasEnded = true
      stopReason = data["stopReason"]?.text
    case "metadata": usage = data["usage"]
    default: break
    }
    return []
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
