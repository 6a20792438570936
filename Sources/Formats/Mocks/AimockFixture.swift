internal import Cassettes
internal import Documents
internal import HTTP
internal import LosslessJSON

/// One fixture of aimock.
struct AimockFixture {
  private let node: Node

  init(_ node: Node) { self.node = node }

  /// The exchange that it stands for, its bytes made in the API that its model tells.
  func capture() throws(ImportError) -> Capture {
    try node.checkMapping("a fixture")
    guard let response = node["response"], response.members != nil else {
      throw ImportError("expected a fixture to have a response, a mapping", line: node.line)
    }
    let match = node["match"]
    let model = response["model"]?.text ?? match?["model"]?.text
    let api = self.api(response, model: model)
    var capture = MadeExchange.capture(
      api: api, model: model, userMessage: match?["userMessage"]?.text, line: node.line)
    addLosses(of: match, to: &capture)
    if let error = response["error"] {
      try fill(&capture, withError: error, of: response, api)
    } else if response["json"] != nil {
      fill(&capture, withJSON: response)
    } else {
      var answer = MadeAnswer(try parts(of: response))
      answer.model = model
      answer.id = response["id"]?.text
      answer.created = try response.wholeNumber("created") ?? 0
      answer.finish = response["finishReason"]?.text
      answer.usage = Self.usage(of: response["usage"])
      if let size = try node.wholeNumber("chunkSize") { answer.chunkSize = size }
      try answer.checkSize(line: node.line)
      try MadeDelivery(fixture: node).fill(&capture, with: api.events(of: answer))
    }
    return capture
  }

  private func api(_ response: Node, model: String?) -> MadeAPI {
    let usage = response["usage"]
    if response["reasoningSignature"] != nil { return .anthropic }
    if usage?["promptTokenCount"] != nil { return .gemini }
    return MadeAPI(ofModel: model)
  }

  private func addLosses(of match: Node?, to capture: inout Capture) {
    let known: Set = ["userMessage", "model", "endpoint"]
    let others = (match?.members ?? []).compactMap(\.key.text).filter { !known.contains($0) }
    if !others.isEmpty {
      capture.losses.append("it matches on \(others.joined(separator: ", ")), which is left out")
    }
    for key in ["chaos", "redactedThinking", "webSearches"]
    where node[key] ?? node["response"]?[key] != nil {
      capture.losses.append("its \(key) is left out")
    }
  }

  private func parts(of response: Node) throws(ImportError) -> [MadeAnswer.Part] {
    var parts: [MadeAnswer.Part] = []
    if let reasoning = response["reasoning"]?.bytes, !reasoning.isEmpty {
      parts.append(.reasoning(reasoning, signature: response["reasoningSignature"]?.text))
    }
    var calls = 0
    if let blocks = response["blocks"]?.items, !blocks.isEmpty {
      for block in blocks {
        if block["type"]?.text == "toolCall" {
          parts.append(Self.call(block, number: calls))
          calls += 1
        } else {
          parts.append(.text(block["text"]?.bytes ?? []))
        }
      }
      return parts
    }
    let content = response.textOrJSON("content")
    if let content { parts.append(.text(content)) }
    let toolCalls = response["toolCalls"]?.items
    for call in toolCalls ?? [] {
      parts.append(Self.call(call, number: calls))
      calls += 1
    }
    guard content != nil || toolCalls != nil || !parts.isEmpty else {
      let keys = (response.members ?? []).compactMap(\.key.text).joined(separator: ", ")
      throw ImportError(
        "expected a response with content, toolCalls, blocks or error, found one with \(keys)",
        line: response.line)
    }
    return parts
  }

  private static func call(_ node: Node, number: Int) -> MadeAnswer.Part {
    .call(
      id: node["id"]?.text ?? "call_\(number)", name: node["name"]?.text ?? "",
      arguments: node.textOrJSON("arguments") ?? Array("{}".utf8))
  }

  private static func usage(of node: Node?) -> MadeAnswer.Usage? {
    guard let node else { return nil }
    func first(_ keys: [String]) -> Int? { keys.lazy.compactMap { node[$0]?.int }.first }
    let input = first(["prompt_tokens", "input_tokens", "promptTokenCount"])
    let output = first(["completion_tokens", "output_tokens", "candidatesTokenCount"])
    guard input != nil || output != nil else { return nil }
    return MadeAnswer.Usage(input: input ?? 0, output: output ?? 0)
  }

  private func fill(
    _ capture: inout Capture, withError error: Node, of response: Node, _ api: MadeAPI
  ) throws(ImportError) {
    capture.status = try response.wholeNumber("status") ?? 500
    if capture.status == 429 {
      let seconds = try response.wholeNumber("retryAfter") ?? 1
      capture.headers.append(HeaderField("retry-after", "\(seconds)"))
    }
    capture.body =
      api.error(
        type: error["type"]?.text ?? "server_error", message: error["message"]?.text ?? "",
        code: error["code"]?.text
      ).bytes
  }

  private func fill(_ capture: inout Capture, withJSON response: Node) {
    capture.status = response["status"]?.int ?? 200
    capture.body = response["json"]?.json.bytes ?? []
  }
}
