/// What an event of the Responses API does to the response, by its type.
///
/// These are all the types of the SDK's `ResponseStreamEvent`; nil is a type that it does not know.
enum ResponsesEvent: Hashable, Sendable {
  /// The response itself, before it has ended.
  case lifecycle
  /// The response as it ended.
  case ending(OpenAIResponsesState.Ending)
  case itemAdded
  case itemDone
  case partAdded(ResponsesField)
  case partDone(ResponsesField)
  case delta(ResponsesField)
  case done(ResponsesField)
  case annotationAdded
  /// What the output of a command says, on one of its two streams or on both.
  case shellOutput
  case error
  /// Sound, which no form of a finished response has room for.
  case audio
  /// Progress of a tool, or a sign of life.
  case ignored

  init?(type: String) {
    guard let event = Self.table[type] else { return nil }
    self = event
  }

  private static let table: [String: ResponsesEvent] = {
    var table: [String: ResponsesEvent] = [
      "response.created": .lifecycle,
      "response.queued": .lifecycle,
      "response.in_progress": .lifecycle,
      "response.completed": .ending(.completed),
      "response.incomplete": .ending(.incomplete),
      "response.failed": .ending(.failed),
      "response.output_item.added": .itemAdded,
      "response.output_item.done": .itemDone,
      "response.content_part.added": .partAdded(.text),
      "response.content_part.done": .partDone(.text),
      "response.reasoning_summary_part.added": .partAdded(.summary),
      "response.reasoning_summary_part.done": .partDone(.summary),
      "response.shell_call_command.added": .partAdded(.command),
      "response.output_text.annotation.added": .annotationAdded,
      "response.shell_call_output_content.delta": .shellOutput,
      "response.audio.delta": .audio,
      "response.audio.transcript.delta": .audio,
      "error": .error,
    ]
    let fields: [(String, ResponsesField)] = [
      ("response.output_text", .text),
      ("response.refusal", .refusal),
      ("response.reasoning_text", .reasoning),
      ("response.reasoning_summary_text", .summary),
      ("response.function_call_arguments", .arguments),
      ("response.mcp_call_arguments", .mcpArguments),
      ("response.custom_tool_call_input", .input),
      ("response.code_interpreter_call_code", .code),
      ("response.shell_call_command", .command),
    ]
    for (name, field) in fields {
      table[name + ".delta"] = .delta(field)
      table[name + ".done"] = .done(field)
    }
    for name in progress { table[name] = .ignored }
    return table
  }()

  private static let progress: [String] = {
    let steps = [
      "code_interpreter_call": ["in_progress", "interpreting", "completed"],
      "file_search_call": ["in_progress", "searching", "completed"],
      "web_search_call": ["in_progress", "searching", "completed"],
      "image_generation_call": ["in_progress", "generating", "partial_image", "completed"],
      "mcp_call": ["in_progress", "completed", "failed"],
      "mcp_list_tools": ["in_progress", "completed", "failed"],
      "compaction": ["compacting"],
      "shell_call_output_content": ["done"],
      "audio": ["done"],
      "audio.transcript": ["done"],
    ]
    return ["keepalive"]
      + steps.flatMap { name, steps in steps.map { "response.\(name).\($0)" } }
  }()
}
