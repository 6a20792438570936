internal import LosslessJSON

/// What is wrong with the tool calls of a choice, which come in pieces.
struct ChatToolCalls: Sendable {
  /// What the pieces of a call have said of it.
  private struct Call {
    var id: [UInt8] = []
    var name: [UInt8] = []
  }

  /// The most calls of a choice that are looked at.
  private static let limit = 1024

  private var calls: [Int: Call] = [:]

  /// Whether a piece came that does not say of which call it is.
  private var hasUnnumbered = false

  /// Looks at the pieces in a delta.
  mutating func take(_ pieces: JSONValue, log: inout MessageLog) {
    guard let elements = pieces.elements else {
      switch pieces {
      // What Python holds to be false is passed over.
      case .null, .bool(false), .string([]), .object([]): return
      default: return log.note("the tool_calls of a delta are \(pieces.kindNoun), not a list")
      }
    }
    for piece in elements.prefix(Self.limit) {
      let function = piece["function"] ?? piece["custom"] ?? .null
      guard function.members != nil else {
        log.note("a tool call has no function")
        continue
      }
      guard let index = piece["index"]?.integer else {
        // Later ones are noted where they are merged.
        if calls.isEmpty, !hasUnnumbered { log.note("a tool call has no index") }
        hasUnnumbered = true
        continue
      }
      if let flaw = Self.flaw(ofArguments: function) {
        log.notice("the arguments of tool call \(index) are \(flaw), not a string")
      }
      guard calls[index] != nil || calls.count < Self.limit else { continue }
      var call = calls[index] ?? Call()
      Self.add(piece["id"], to: &call.id, "id", of: index, &log)
      Self.add(function["name"], to: &call.name, "name", of: index, &log)
      calls[index] = call
    }
  }

  private static func flaw(ofArguments function: JSONValue) -> String? {
    switch function["arguments"] {
    case nil, .string?: nil
    case .null?: function["name"]?.stringBytes?.isEmpty == false ? "null" : nil
    case let value?: value.kindNoun
    }
  }

  /// Says where a piece repeats what the call has: strings are joined, so that a name doubles.
  private static func add(
    _ value: JSONValue?, to known: inout [UInt8], _ key: String, of index: Int,
    _ log: inout MessageLog
  ) {
    guard let new = value?.stringBytes, !new.isEmpty else { return }
    if known.isEmpty {
      known = new
    } else if new == known {
      log.notice("the \(key) of tool call \(index) comes again: clients that join pieces double it")
    } else {
      log.notice("the \(key) of tool call \(index) comes in several pieces, or changes")
    }
  }

  /// Looks at the calls of a choice that has ended.
  static func checkEnded(_ calls: [JSONValue], log: inout MessageLog) {
    var ids: Set<[UInt8]> = []
    for (place, call) in calls.prefix(limit).enumerated() {
      guard let function = call["function"] ?? call["custom"] else { continue }
      let index = call["index"]?.integer ?? place
      if let id = call["id"]?.stringBytes, !id.isEmpty, !ids.insert(id).inserted {
        log.notice("tool call \(index) has the id of another")
      }
      if function["name"]?.stringBytes?.isEmpty ?? true {
        log.note("tool call \(index) has no name, so its arguments belong to nothing")
      }
      guard call["custom"] == nil, let sent = function["arguments"]?.stringBytes, !sent.isEmpty
      else { continue }
      if let flaw = ToolArguments.flaw(of: sent) {
        log.notice("the arguments of tool call \(index) \(flaw)")
      }
    }
  }
}
