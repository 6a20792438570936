internal import LosslessJSON

/// What is wrong with the calls of functions in a response that has ended.
enum ResponsesCalls {
  /// The most items that are looked at.
  private static let limit = 1024

  /// Looks at the items of the output.
  static func check(_ output: [JSONValue], log: inout MessageLog) {
    var ids: Set<[UInt8]> = []
    for (index, item) in output.prefix(limit).enumerated() {
      guard let type = item["type"]?.text, type == "function_call" || type == "mcp_call" else {
        continue
      }
      if item["name"]?.stringBytes?.isEmpty ?? true {
        log.note("the call in output item \(index) has no name, so its arguments belong to nothing")
      }
      if let id = item["call_id"]?.stringBytes, !id.isEmpty, !ids.insert(id).inserted {
        log.notice("the call in output item \(index) has the call_id of another")
      }
      guard let arguments = item["arguments"], let flaw = flaw(of: arguments) else { continue }
      log.notice("the arguments of output item \(index) \(flaw)")
    }
  }

  private static func flaw(of arguments: JSONValue) -> String? {
    switch arguments {
    case .null, .string([]): nil
    case .string(let text): ToolArguments.flaw(of: text)
    default: "are \(arguments.kindNoun), not a string"
    }
  }
}
