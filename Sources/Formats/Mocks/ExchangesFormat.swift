internal import Cassettes
internal import Documents
internal import HTTP
internal import LosslessJSON
internal import Units

/// The JSON document that `tapedeck export json` writes: everything that a cassette says.
struct ExchangesFormat: ImportFormat {
  let name = "json"
  let title = "tapedeck export json"

  func recognizes(_ opening: Opening) -> Certainty {
    opening.isJSON && opening.contains(#""tapedeck":"exchanges""#) ? .certain : .no
  }

  func read(_ input: ImportInput, _ emit: (Capture) throws -> Void) throws {
    let reader = DocumentReader(input.feed, syntax: .json, limits: input.limits)
    let document = try reader.next(streaming: [["exchanges"]]) { node, _ in
      var capture = Capture(line: node.line)
      capture.whole = try Self.exchange(of: node)
      try emit(capture)
    }
    guard let document else { throw ImportError("expected a JSON document, found nothing") }
    try reader.expectEnd()
    guard document["tapedeck"]?.text == "exchanges", document["exchanges"]?.items != nil else {
      throw ImportError(
        #"expected {"tapedeck":"exchanges","version":1,"exchanges":[…]}, found other JSON"#,
        line: document.line)
    }
    guard document["version"]?.int == 1 else {
      let version = document["version"]?.shown ?? "none"
      throw ImportError(
        "expected version 1 of the document, found \(version)", line: document.line)
    }
  }

  private static func exchange(of node: Node) throws -> Exchange {
    try node.checkMapping("an exchange")
    var exchange = Exchange(request: try request(of: node), ending: try ending(of: node))
    if let head = node["response"], !head.isNull {
      exchange.head = try self.head(of: head, in: node)
    }
    for chunk in node["chunks"]?.items ?? [] {
      exchange.append(
        chunk: try bytes("text", of: chunk), at: try time("at_us", of: chunk))
    }
    if let trailers = node["trailers"], !trailers.isNull {
      exchange.trailers = Trailers(
        fields: try fields(of: trailers), at: try time("at_us", of: trailers))
    }
    for aside in node["asides"]?.items ?? [] {
      exchange.asides.append(
        Aside(
          code: try text("code", of: aside), data: aside["data"]?.json ?? .null,
          place: try aside.wholeNumber("place") ?? 0, at: try time("at_us", of: aside)))
    }
    return exchange
  }

  private static func request(of node: Node) throws -> RecordedRequest {
    guard let part = node["request"] else {
      throw ImportError("expected an exchange to have a request", line: node.line)
    }
    let url = node["url"]?.text
    var path = part["path"]?.text
    if path == nil, url == nil { path = try text("path", of: node) }
    let timing = try choice("timing", of: node, RecordedRequest.Timing.self) ?? .recorded
    return RecordedRequest(
      id: try text("id", of: node), at: try text("at", of: node), by: node["by"]?.text ?? "",
      timing: timing, method: try text("method", of: node), url: url, path: path,
      headers: try fields(of: part), body: try bytes("body", of: part),
      extra: extra(of: part))
  }

  private static func head(of part: Node, in node: Node) throws -> ResponseHead {
    let framing: ResponseHead.Framing
    switch part["framing"]?.text {
    case "chunked", nil: framing = .chunked
    case "eof": framing = .eof
    case "h2": framing = .h2
    case "length": framing = .length(Int64(try part.wholeNumber("length") ?? 0))
    case .some(let other):
      throw ImportError(
        "expected framing to be chunked, length, eof or h2, found '\(other)'", line: part.line)
    }
    guard let status = try node.wholeNumber("status") else {
      throw ImportError("expected an answer to have a status", line: node.line)
    }
    return ResponseHead(
      status: status, http: part["http"]?.text ?? "1.1", framing: framing,
      headers: try fields(of: part), decoded: part["decoded"]?.text,
      at: try time("first_byte_us", of: node), extra: extra(of: part))
  }

  private static func ending(of node: Node) throws -> Ending {
    guard let how = try choice("how", of: node, Ending.How.self) else {
      throw ImportError("expected an exchange to say how it ended", line: node.line)
    }
    let part = node["ending"] ?? Node(.mapping([]))
    return Ending(
      how: how, stage: try choice("stage", of: part, Ending.Stage.self),
      detail: part["detail"]?.text, curlCode: try part.wholeNumber("curl"),
      at: try time("duration_us", of: node), extra: extra(of: part))
  }
}

extension ExchangesFormat {
  private static func text(_ key: String, of node: Node) throws(ImportError) -> String {
    guard let text = node[key]?.text else {
      throw ImportError("expected \(key) to be a text", line: node.line)
    }
    return text
  }

  private static func time(_ key: String, of node: Node) throws(ImportError) -> Microseconds {
    guard let time = Microseconds(Int64(try node.wholeNumber(key) ?? -1)) else {
      throw ImportError("expected \(key) to be a number of microseconds", line: node.line)
    }
    return time
  }

  private static func bytes(_ key: String, of node: Node) throws(ImportError) -> [UInt8] {
    guard let encoded = node["\(key)64"] else { return node[key]?.bytes ?? [] }
    guard let bytes = encoded.bytes.flatMap(Base64.decode) else {
      throw ImportError("expected \(key)64 to be base64", line: encoded.line)
    }
    return bytes
  }

  private static func fields(of node: Node) throws(ImportError) -> [HeaderField] {
    var fields: [HeaderField] = []
    for item in node["headers"]?.items ?? [] {
      guard let pair = item.items, pair.count == 2, let name = pair[0].text,
        case .scalar(let value) = pair[1].value
      else {
        throw ImportError("expected headers to be pairs of name and value", line: item.line)
      }
      fields.append(HeaderField(name, String(decoding: value.bytes, as: UTF8.self)))
    }
    return fields
  }

  private static func choice<Choice: RawRepresentable<String>>(
    _ key: String, of node: Node, _: Choice.Type
  ) throws(ImportError) -> Choice? {
    guard let found = node[key], !found.isNull else { return nil }
    guard let choice = found.text.flatMap(Choice.init) else {
      throw ImportError("\(key) \(found.shown) is not known", line: found.line)
    }
    return choice
  }

  private static func extra(of node: Node) -> [JSONValue.Member] {
    node["extra"]?.json.members ?? []
  }
}
