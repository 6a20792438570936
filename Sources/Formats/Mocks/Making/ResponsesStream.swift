internal import LosslessJSON

/// An answer as the events of OpenAI's Responses API.
struct ResponsesStream {
  /// The events.
  private(set) var events: [[UInt8]] = []

  private let answer: MadeAnswer
  /// The items that are done.
  private var output: [JSONValue] = []

  init(_ answer: MadeAnswer) {
    self.answer = answer
    add("response.created", ("response", response(status: "in_progress")))
    add("response.in_progress", ("response", response(status: "in_progress")))
    for part in answer.parts {
      switch part {
      case .reasoning(let text, _): addReasoning(text)
      case .text(let text): addText(text)
      case .call(let id, let name, let arguments): addCall(id, name, arguments)
      }
    }
    let isCut = answer.finishReason == "length"
    add(
      isCut ? "response.incomplete" : "response.completed",
      ("response", response(status: isCut ? "incomplete" : "completed")))
  }

  private mutating func addText(_ text: [UInt8]) {
    let id = "msg_\(output.count)"
    func item(_ status: String, _ content: [JSONValue]) -> JSONValue {
      .members(
        ("id", .string(id)), ("type", .string("message")), ("status", .string(status)),
        ("role", .string("assistant")), ("content", .array(content)))
    }
    func part(_ text: [UInt8]) -> JSONValue {
      .members(
        ("type", .string("output_text")), ("text", .string(text)), ("annotations", .array([])))
    }
    open(item("in_progress", []))
    addPlaced("response.content_part.added", id, "content_index", ("part", part([])))
    for piece in answer.pieces(of: text) {
      addPlaced("response.output_text.delta", id, "content_index", ("delta", .string(piece)))
    }
    addPlaced("response.output_text.done", id, "content_index", ("text", .string(text)))
    addPlaced("response.content_part.done", id, "content_index", ("part", part(text)))
    close(item("completed", [part(text)]))
  }

  private mutating func addReasoning(_ text: [UInt8]) {
    let id = "rs_\(output.count)"
    func part(_ text: [UInt8]) -> JSONValue {
      .members(("type", .string("summary_text")), ("text", .string(text)))
    }
    func item(_ summary: [JSONValue]) -> JSONValue {
      .members(
        ("id", .string(id)), ("type", .string("reasoning")), ("summary", .array(summary)))
    }
    open(item([]))
    let index = "summary_index"
    addPlaced("response.reasoning_summary_part.added", id, index, ("part", part([])))
    for piece in answer.pieces(of: text) {
      addPlaced("response.reasoning_summary_text.delta", id, index, ("delta", .string(piece)))
    }
    addPlaced("response.reasoning_summary_text.done", id, index, ("text", .string(text)))
    addPlaced("response.reasoning_summary_part.done", id, index, ("part", part(text)))
    close(item([part(text)]))
  }

  private mutating func addCall(_ call: String, _ name: String, _ arguments: [UInt8]) {
    let id = "fc_\(output.count)"
    func item(_ status: String, _ arguments: [UInt8]) -> JSONValue {
      .members(
        ("id", .string(id)), ("type", .string("function_call")), ("status", .string(status)),
        ("call_id", .string(call)), ("name", .string(name)), ("arguments", .string(arguments)))
    }
    open(item("in_progress", []))
    for piece in answer.pieces(of: arguments) {
      addPlaced("response.function_call_arguments.delta", id, nil, ("delta", .string(piece)))
    }
    addPlaced(
      "response.function_call_arguments.done", id, nil, ("arguments", .string(arguments)))
    close(item("completed", arguments))
  }

  private mutating func open(_ item: JSONValue) {
    add("response.output_item.added", ("output_index", .number(output.count)), ("item", item))
  }

  private mutating func close(_ item: JSONValue) {
    add("response.output_item.done", ("output_index", .number(output.count)), ("item", item))
    output.append(item)
  }

  private mutating func addPlaced(
    _ type: String, _ id: String, _ index: String?, _ member: (String, JSONValue)
  ) {
    let inner = index.map { [($0, JSONValue.number(0))] } ?? []
    add(
      type,
      [("item_id", .string(id)), ("output_index", .number(output.count))] + inner + [member])
  }

  private mutating func add(_ type: String, _ members: (String, JSONValue)...) {
    add(type, members)
  }

  private mutating func add(_ type: String, _ members: [(String, JSONValue)]) {
    let front: [(String, JSONValue)] = [
      ("type", .string(type)), ("sequence_number", .number(events.count)),
    ]
    events.append(MadeEvent.bytes(type, .object((front + members).map { .init($0, $1) })))
  }

  private func response(status: String) -> JSONValue {
    let isDone = status != "in_progress"
    var value = JSONValue.members(
      ("id", .string(answer.id ?? "resp_tapedeck")), ("object", .string("response")),
      ("created_at", .number(answer.created)), ("status", .string(status)), ("error", .null),
      (
        "incomplete_details",
        status == "incomplete" ? .members(("reason", .string("max_output_tokens"))) : .null
      ),
      ("instructions", .null), ("model", .string(answer.model ?? "model")),
      ("output", .array(output)), ("parallel_tool_calls", .bool(true)),
      ("tool_choice", .string("auto")), ("tools", .array([])), ("usage", .null))
    if isDone, let usage = answer.usage {
      value.set(
        "usage",
        to: .members(
          ("input_tokens", .number(usage.input)),
          ("input_tokens_details", .members(("cached_tokens", .number(0)))),
          ("output_tokens", .number(usage.output)),
          ("output_tokens_details", .members(("reasoning_tokens", .number(0)))),
          ("total_tokens", .number(usage.input &+ usage.output))))
    }
    return value
  }
}
