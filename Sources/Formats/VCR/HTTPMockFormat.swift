internal import Cassettes
internal import Documents
internal import HTTP

/// Recordings and mocks of httpmock, for Rust: documents of `when` and `then`.
struct HTTPMockFormat: ImportFormat {
  let name = "httpmock"
  let title = "httpmock"

  func recognizes(_ opening: Opening) -> Certainty {
    let clues = CassetteClues(opening)
    if clues.topKeys.contains("when"), clues.topKeys.contains("then") { return .certain }
    return clues.topKeys.first == "when" || clues.listKeys.contains("when") ? .likely : .no
  }

  func read(_ input: ImportInput, _ emit: (Capture) throws -> Void) throws {
    let feed = try CassetteFeed(input)
    let reader = DocumentReader(feed.next, syntax: feed.syntax, limits: input.limits)
    var isEmpty = true
    // The last one of a file that was cut is kept until it is known to be the last.
    var held: (capture: Capture, isOpen: Bool)?
    func take(_ node: Node) throws {
      isEmpty = false
      if let last = held.take() { try emit(last.capture) }
      let capture = try Self.capture(of: node)
      if let byte = feed.byteOfCut {
        let response = node["then"]
        let endsWithBody = response?.endsWith("body", "body_base64") == true
        held = (capture, endsWithBody && response?.endsOpen(with: byte) == true)
      } else {
        try emit(capture)
      }
    }
    while let document = try reader.next(streaming: [[]], { node, _ in try take(node) }) {
      if !document.isNull, document.items == nil { try take(document) }
    }
    if let held {
      var last = held.capture
      if held.isOpen {
        last.cut()
      } else {
        last.losses.append("its last line has no end, as if cut")
      }
      try emit(last)
    }
    if isEmpty { throw ImportError("expected documents of `when` and `then`, found none") }
  }

  private static func capture(of node: Node) throws -> Capture {
    guard let request = node["when"], let response = node["then"] else {
      throw ImportError(expected: "a mapping of `when` and `then`", found: node, in: node)
    }
    guard request.members != nil, let members = response.members else {
      let found = request.members == nil ? request : response
      throw ImportError(expected: "matchers by name", found: found, in: node)
    }
    var capture = Capture(line: node.line)
    let wanted = try HTTPMockRequest(request)
    capture.request = wanted.request
    capture.losses = wanted.losses
    capture.status = try status(of: response)
    let headers = try InteractionHeaders(response.first(of: "header", "headers"), in: response)
    capture.headers = headers.fields
    capture.losses += headers.losses
    capture.body = try HTTPMockRequest.body(of: response)
    if let delay = response.first(of: "delay") {
      guard let milliseconds = delay.int, (0...1_000_000_000).contains(milliseconds) else {
        throw ImportError(expected: "a delay in milliseconds", found: delay, in: response)
      }
      let time = Microseconds(saturating: Int64(milliseconds) * 1000)
      capture.times = .span(head: time, end: time)
    }
    let known = ["status", "header", "headers", "body", "body_base64", "json_body", "delay"]
    for member in members where !known.contains(where: member.key.hasBytes) {
      capture.losses.append("its answer has `\(member.key.text ?? "")`, which is left out")
    }
    return capture
  }

  /// The status; httpmock answers 200 where a mock says none.
  private static func status(of response: Node) throws -> Int {
    guard let node = response.first(of: "status") else { return 200 }
    guard let status = node.int, (200...999).contains(status) else {
      throw ImportError(expected: "a status from 200 to 999", found: node, in: response)
    }
    return status
  }
}
