internal import LosslessJSON

extension AnthropicState {
  /// The counts that a `message_delta` replaces where it has them; it always replaces
  /// `output_tokens`.
  private static let optionalCounts = [
    "input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens", "server_tool_use",
    "output_tokens_details", "iterations", "fallback_credit",
  ]

  /// Takes why the model stopped, and what was used in all.
  mutating func takeMessageDelta(_ data: JSONValue, _ log: inout MessageLog) {
    if tree == nil { tree = .object([]) }
    if let delta = data[last: "delta"]?.withUniqueKeys, delta.members != nil {
      noteReason(delta, &log)
      for key in ["stop_reason", "stop_sequence", "stop_details"] { replace(key, from: delta) }
      fill("container", from: delta)
    } else {
      log.note("it has no delta")
    }
    fill("context_management", from: data)
    fill("input_transformations", from: data)
    if let usage = data[last: "usage"]?.withUniqueKeys, usage.members != nil {
      takeUsage(usage, &log)
    } else {
      log.note("it has no usage")
    }
  }

  /// Says where a message has two reasons to have stopped.
  private mutating func noteReason(_ delta: JSONValue, _ log: inout MessageLog) {
    guard let reason = delta["stop_reason"]?.stringBytes, !reason.isEmpty else { return }
    if let before = namedReason, before != reason {
      log.notice(
        "the stop_reason is \(String(decoding: reason, as: UTF8.self)), and was "
          + "\(String(decoding: before, as: UTF8.self)) before")
    }
    namedReason = reason
  }

  /// Sets a key as the delta has it.
  ///
  /// One that the delta lacks is null for the SDK: it becomes so where the message has it, and is
  /// not made up where the message has not.
  private mutating func replace(_ key: String, from delta: JSONValue) {
    let value = delta[key]
    if value != nil || tree?[key] != nil { tree?.set(key, to: value ?? .null) }
  }

  /// Sets a key where the event has a value for it.
  private mutating func fill(_ key: String, from event: JSONValue) {
    if let value = event[last: key], !value.isNull { tree?.set(key, to: value.withUniqueKeys) }
  }

  private mutating func takeUsage(_ more: JSONValue, _ log: inout MessageLog) {
    if tree?["usage"]?.members == nil { tree?.set("usage", to: .object([])) }
    if more["output_tokens"] == nil { log.note("its usage has no output_tokens") }
    tree?.update("usage") { usage in
      if more["output_tokens"] != nil || usage["output_tokens"] != nil {
        usage.set("output_tokens", to: more["output_tokens"] ?? .null)
      }
      for key in Self.optionalCounts {
        if let value = more[key], !value.isNull { usage.set(key, to: value) }
      }
    }
  }
}
