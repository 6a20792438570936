internal import EventStream
internal import LosslessJSON

/// What an error says, whichever server made it.
package enum ErrorWords {
  /// What the JSON of an error says.
  ///
  /// - Parameter text: An object with an `error`, a list of such, or one that is an error itself.
  /// - Returns: `TYPE: MESSAGE`; nil where the text is no error.
  package static func text(in text: [UInt8]) -> String? {
    guard let value = try? JSONValue(parsing: text, nesting: 512) else { return nil }
    if let words = inChunk(value) { return words }
    guard value.members != nil else { return nil }
    let isError = value["message"]?.text != nil && (value["type"] ?? value["code"]) != nil
    return isError ? Self.text(of: value) : nil
  }

  /// What a chunk says went wrong; nil where it is no error.
  ///
  /// Most servers put it under `error`. Serving engines send an object that says of itself that it
  /// is an error, by its `object` or its `type`, and Google's put their errors in a list.
  static func inChunk(_ chunk: JSONValue?) -> String? {
    guard let chunk else { return nil }
    if let elements = chunk.elements {
      return elements.lazy.filter { $0.members != nil }.compactMap(inChunk).first
    }
    guard chunk.members != nil else { return nil }
    if let text = failure(in: chunk.value(of: "error")) { return text }
    if chunk.has("object", "error") { return text(of: chunk) }
    guard chunk.has("type", "error") else { return nil }
    return text(of: .object((chunk.members ?? []).filter { !$0.hasKey("type") }))
  }

  /// What an object says that is an error and has no name for it, as gateways send it; nil for any
  /// other.
  static func bare(_ object: JSONValue) -> String? {
    guard object["object"] == nil, message(of: object) != nil else { return nil }
    let type = object["type"]?.text?.lowercased() ?? ""
    let hasCode = object["code"].map { !$0.isNull } ?? false
    let isError = hasCode || ["error", "exception"].contains { type.hasSuffix($0) }
    return isError || object["detail"]?.text != nil ? text(of: object) : nil
  }

  /// What the data of an event says that calls itself an error by its type, in whatever form it
  /// has.
  static func inErrorEvent(_ event: ServerSentEvent) -> String {
    guard let data = try? JSONValue(parsing: event.data, nesting: 512) else {
      return event.data.isEmpty ? "no reason" : event.data
    }
    return inChunk(data) ?? (data.members != nil ? text(of: data) : data.text ?? event.data)
  }

  /// What the `error` of an event says, as `TYPE: MESSAGE`; nil where the SDK takes it for none,
  /// which it does with all that Python holds to be false.
  static func failure(in error: JSONValue?) -> String? {
    guard let error else { return nil }
    switch error {
    case .null, .bool(false), .string([]), .array([]), .object([]): return nil
    case .number(let text) where Double(text) == 0: return nil
    case .string: return error.text
    default: return text(of: error)
    }
  }

  /// What an error object says, as `TYPE: MESSAGE`, with its status or its code where it has no
  /// type.
  static func text(of error: JSONValue) -> String {
    let status = error["status"]?.text.map { JSONValue.string($0) }
    let kind = [error["type"], status, error["code"]].lazy.compactMap { kind in
      switch kind {
      case .string(let bytes)? where !bytes.isEmpty: String(decoding: bytes, as: UTF8.self)
      case .number(let text)?: text
      default: nil
      }
    }.first
    guard let message = message(of: error) else { return kind ?? "no reason" }
    return kind.map { "\($0): \(message)" } ?? message
  }

  /// The message, by whichever name a server has for it.
  private static func message(of error: JSONValue) -> String? {
    for key in ["message", "detail", "msg", "error"] {
      if let text = error[key]?.text, !text.isEmpty { return text }
    }
    return nil
  }
}

extension ServerSentEvent {
  /// Whether its type says that it is an error; the second is what Bedrock's frames have.
  var isError: Bool { type == "error" || type == "exception" }
}
