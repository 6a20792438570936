internal import Cassettes
internal import Documents
internal import HTTP
internal import LosslessJSON

/// The fixtures of llmposter, in YAML or JSON.
struct LLMPosterFormat: ImportFormat {
  let name = "llmposter"
  let title = "llmposter fixtures"

  func recognizes(_ opening: Opening) -> Certainty {
    if opening.isJSON {
      guard opening.contains("\"fixtures\"") else { return .no }
      return ["user_message", "tool_calls", "catch_all"].contains { opening.contains("\"\($0)\"") }
        ? .likely : .no
    }
    guard opening.hasLine(beginning: "fixtures:") else { return .no }
    let keys = ["response:", "error:", "refusal:"]
    return keys.contains(where: opening.contains) ? .certain : .possible
  }

  func read(_ input: ImportInput, _ emit: (Capture) throws -> Void) throws {
    var feed = input.feed
    let begin = try feed(1 << 10)
    let first = begin.first { $0 > 0x20 }
    var rest: [UInt8]? = begin
    let tail = feed
    feed = { limit in
      if let begun = rest {
        rest = nil
        return begun
      }
      return try tail(limit)
    }
    let reader = DocumentReader(
      feed, syntax: first == UInt8(ascii: "{") ? .json : .yaml, limits: input.limits)
    let document = try reader.next(streaming: [["fixtures"]]) { node, _ in
      try emit(Self.capture(of: node))
    }
    guard let document else { throw ImportError("expected fixtures, found nothing") }
    try reader.expectEnd()
    guard document["fixtures"]?.items != nil else {
      throw ImportError("expected fixtures, a list, found \(document.kind)", line: document.line)
    }
  }

  private static func capture(of node: Node) throws(ImportError) -> Capture {
    try node.checkMapping("a fixture")
    let match = node["match"]
    let model = match?["model"]?.text
    let api = try api(of: node, model: model)
    var capture = MadeExchange.capture(
      api: api, model: model, userMessage: match?["user_message"]?.text, line: node.line)
    if match?["user_message"]?.members != nil || match?["model"]?.members != nil {
      capture.losses.append("it matches by a pattern, which is no request")
    }
    if let error = node["error"] {
      try fill(&capture, withError: error, api)
      return capture
    }
    var answer = MadeAnswer(try parts(of: node))
    answer.model = model
    answer.finish = finish(of: node)
    if let size = try node["streaming"]?.wholeNumber("chunk_size") { answer.chunkSize = size }
    try answer.checkSize(line: node.line)
    let failure = node["failure"]
    if failure?["corrupt_body"]?.isTrue == true {
      capture.headers = [HeaderField("content-type", "text/plain")]
      capture.body = Array("overloaded".utf8)
      return capture
    }
    try delivery(of: node).fill(&capture, with: api.events(of: answer))
    return capture
  }

  private static func api(of node: Node, model: String?) throws(ImportError) -> MadeAPI {
    switch node["provider"]?.text {
    case "openai": return .chat
    case "anthropic": return .anthropic
    case "gemini": return .gemini
    case "responses": return .responses
    case nil: return MadeAPI(ofModel: model)
    case .some(let other):
      throw ImportError(
        "expected provider to be openai, anthropic, gemini or responses, found '\(other)'",
        line: node.line)
    }
  }

  private static func parts(of node: Node) throws(ImportError) -> [MadeAnswer.Part] {
    if let refusal = node["refusal"] {
      return [.text(refusal["reason"]?.bytes ?? refusal.bytes ?? [])]
    }
    guard let response = node["response"], response.members != nil else {
      throw ImportError(
        "expected a fixture with a response, an error or a refusal", line: node.line)
    }
    var parts: [MadeAnswer.Part] = []
    if let content = response.textOrJSON("content") { parts.append(.text(content)) }
    for (number, call) in (response["tool_calls"]?.items ?? []).enumerated() {
      parts.append(
        .call(
          id: "call_\(number)", name: call["name"]?.text ?? "",
          arguments: call.textOrJSON("arguments") ?? Array("{}".utf8)))
    }
    return parts
  }

  /// Why it stopped, in OpenAI's word, from whichever API's word stands there.
  private static func finish(of node: Node) -> String? {
    if node["refusal"] != nil { return "content_filter" }
    let response = node["response"]
    switch (response?["finish_reason"] ?? response?["stop_reason"])?.text {
    case "end_turn", "stop_sequence", "STOP": return "stop"
    case "max_tokens", "MAX_TOKENS": return "length"
    case "tool_use": return "tool_calls"
    case let word: return word
    }
  }

  private static func delivery(of node: Node) throws(ImportError) -> MadeDelivery {
    let failure = node["failure"]
    let first = failure?["latency_ms"]?.double
    let gap = node["streaming"]?["latency"]?.double
    var delivery = MadeDelivery()
    if first != nil || gap != nil {
      delivery.pauses = { $0 == 0 ? first ?? gap ?? 0 : gap ?? 0 }
    }
    delivery.eventLimit = try failure?.wholeNumber("truncate_after_chunks")
    delivery.timeLimit = failure?["disconnect_after_ms"]?.double
    return delivery
  }

  private static func fill(
    _ capture: inout Capture, withError error: Node, _ api: MadeAPI
  ) throws(ImportError) {
    let status = try error.wholeNumber("status") ?? 500
    capture.status = status
    capture.headers += error["headers"]?.fields ?? []
    let type =
      switch status {
      case 400: "invalid_request_error"
      case 401: "authentication_error"
      case 403: "permission_error"
      case 404: "not_found_error"
      case 429: "rate_limit_error"
      case 529: "overloaded_error"
      default: api == .anthropic ? "api_error" : "server_error"
      }
    capture.body =
      api.error(type: type, message: error["message"]?.text ?? "", code: nil).bytes
  }
}
