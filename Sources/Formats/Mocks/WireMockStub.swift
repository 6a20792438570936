internal import Cassettes
internal import Documents
internal import HTTP
internal import LosslessJSON

/// One stub of WireMock.
struct WireMockStub {
  /// Its priority: the smallest wins.
  let priority: Int

  private let node: Node
  private let request: Node
  private let response: Node

  init(_ node: Node) throws(ImportError) {
    try node.checkMapping("a mapping")
    guard let request = node["request"], request.members != nil else {
      throw ImportError("expected a mapping to have a request, a mapping", line: node.line)
    }
    guard let response = node["response"], response.members != nil else {
      throw ImportError("expected a mapping to have a response, a mapping", line: node.line)
    }
    self.node = node
    self.request = request
    self.response = response
    priority = try node.wholeNumber("priority") ?? 5
  }

  /// Its part in a scenario.
  var step: ScenarioOrder.Step? {
    node["scenarioName"]?.text.map { name in
      ScenarioOrder.Step(
        scenario: name, required: node["requiredScenarioState"]?.text,
        next: node["newScenarioState"]?.text)
    }
  }

  /// The exchange that it stands for; `sibling` gives the bytes of files beside it.
  func capture(of sibling: (String) throws -> [UInt8]?) throws -> Capture {
    var losses: [String] = []
    let asked = WireMockRequest(request, losses: &losses)
    var capture = Capture(
      .init(
        method: asked.method, url: asked.path, headers: asked.headers, body: asked.body),
      line: node.line)
    capture.isMadeUp = true
    capture.status = try response.wholeNumber("status") ?? 200
    capture.headers = response["headers"]?.fields ?? []
    capture.body = try body(sibling, losses: &losses)
    if let target = response["proxyBaseUrl"]?.text {
      losses.append("it forwards to \(target): what that answers is not in the file")
    }
    if response["transformers"]?.items?.isEmpty == false {
      losses.append("its answer is a template, which is taken as it stands")
    }
    try settleTimes(of: &capture)
    try settleFault(of: &capture)
    capture.losses = losses
    return capture
  }

  private func body(
    _ sibling: (String) throws -> [UInt8]?, losses: inout [String]
  ) throws -> [UInt8] {
    if let body = response["body"], !body.isNull { return body.bytes ?? body.json.bytes }
    if let encoded = response["base64Body"], !encoded.isNull {
      guard let bytes = encoded.bytes.flatMap(Base64Text.decoded) else {
        throw ImportError("expected base64Body to be base64", line: encoded.line)
      }
      return bytes
    }
    if let json = response["jsonBody"], !json.isNull {
      losses.append("its jsonBody is written anew: spaces may differ")
      return json.json.bytes
    }
    guard let name = response["bodyFileName"]?.text else { return [] }
    // A mapping may name no file outside of its own folder.
    let isInside = !name.hasPrefix("/") && !name.split(separator: "/").contains("..")
    if isInside {
      for folder in ["../__files/", "__files/", ""] {
        if let bytes = try sibling(folder + name) { return bytes }
      }
    }
    losses.append("its body stands in the file \(name), which is not there")
    return []
  }

  private func settleTimes(of capture: inout Capture) throws(ImportError) {
    let delay = try delay()
    let dribble = response["chunkedDribbleDelay"]
    guard delay != nil || dribble?.members != nil else { return }
    let first = delay ?? 0
    let count = capture.body.count
    var pieces = min(1, count)
    var gap = 0.0
    if let dribble, dribble.members != nil, count > 0 {
      pieces = min(max(1, try dribble.wholeNumber("numberOfChunks") ?? 1), count)
      gap = (dribble["totalDuration"]?.double ?? 0) / Double(pieces)
    }
    let size = pieces > 0 ? count / pieces : 0
    let chunks = (0..<pieces).map { number in
      Chunk(
        end: number == pieces - 1 ? count : (number + 1) * size,
        at: Microseconds(milliseconds: first + gap * Double(number + 1)))
    }
    let head = Microseconds(milliseconds: first)
    capture.times = .arrivals(chunks, head: head, end: chunks.last?.at ?? head)
  }

  /// The pause before the answer, in milliseconds: of a distribution its middle.
  private func delay() throws(ImportError) -> Double? {
    let fixed = response["fixedDelayMilliseconds"]?.double
    guard let distribution = response["delayDistribution"], distribution.members != nil else {
      return fixed
    }
    let middle: Double? =
      switch distribution["type"]?.text {
      case "lognormal": distribution["median"]?.double
      case "uniform":
        ((distribution["lower"]?.double ?? 0) + (distribution["upper"]?.double ?? 0)) / 2
      case "fixed": distribution["milliseconds"]?.double
      default: nil
      }
    return middle.map { $0 + (fixed ?? 0) } ?? fixed
  }

  /// How the connection breaks, where the stub says that it does.
  private func settleFault(of capture: inout Capture) throws(ImportError) {
    guard let fault = response["fault"], let name = fault.text else { return }
    capture.endingDetail = "WireMock's fault \(name)"
    switch name {
    case "MALFORMED_RESPONSE_CHUNK":
      capture.ending = .malformed
      return
    case "EMPTY_RESPONSE", "CONNECTION_RESET_BY_PEER", "RANDOM_DATA_THEN_CLOSE": break
    default:
      throw ImportError(
        "expected fault to be EMPTY_RESPONSE, MALFORMED_RESPONSE_CHUNK, RANDOM_DATA_THEN_CLOSE or "
          + "CONNECTION_RESET_BY_PEER, found \(fault.shown)", line: fault.line)
    }
    capture.status = nil
    capture.headers = []
    capture.body = []
    capture.times = .unknown
  }
}
