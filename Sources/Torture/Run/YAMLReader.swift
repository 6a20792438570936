internal import CYAML
internal import LosslessJSON

/// Reads a list of flat mappings out of YAML, by libyaml, or out of JSON, for which it is not
/// needed.
struct YAMLReader {
  /// One mapping.
  struct Item {
    var line: Int
    var members: [String: String]
  }

  private let bytes: [UInt8]

  init(_ bytes: [UInt8]) throws(KnownFailuresError) {
    self.bytes = bytes
  }

  /// The mappings of the list.
  mutating func list() throws(KnownFailuresError) -> [Item] {
    let first = bytes.first { $0 > 0x20 }
    if first == UInt8(ascii: "["), let value = try? JSONValue(parsing: bytes) {
      return try Self.list(value)
    }
    return try yaml()
  }

  private static func list(_ value: JSONValue) throws(KnownFailuresError) -> [Item] {
    guard case .array(let values) = value else { throw unfit(0) }
    var items: [Item] = []
    for value in values {
      guard case .object(let members) = value else { throw unfit(0) }
      var item = Item(line: 0, members: [:])
      for member in members {
        guard case .string(let text) = member.value else { throw unfit(0) }
        item.members[String(decoding: member.key, as: UTF8.self)] =
          String(decoding: text, as: UTF8.self)
      }
      items.append(item)
    }
    return items
  }

  private func yaml() throws(KnownFailuresError) -> [Item] {
    let events = try events()
    var rest = events[...]
    // A file of comments only has no failures.
    guard let first = rest.popFirst() else { return [] }
    guard first.kind == .listStart else { throw Self.unfit(first.line) }
    var items: [Item] = []
    while let event = rest.popFirst(), event.kind != .listEnd {
      guard event.kind == .mappingStart else { throw Self.unfit(event.line) }
      var item = Item(line: event.line, members: [:])
      while let key = rest.popFirst(), key.kind != .mappingEnd {
        guard key.kind == .scalar, let value = rest.popFirst(), value.kind == .scalar else {
          throw Self.unfit(key.line)
        }
        guard item.members.updateValue(value.text, forKey: key.text) == nil else {
          throw KnownFailuresError(line: key.line, reason: "'\(key.text)' is given twice")
        }
      }
      items.append(item)
    }
    guard rest.isEmpty else { throw Self.unfit(rest.first?.line ?? 0) }
    return items
  }

  private static func unfit(_ line: Int) -> KnownFailuresError {
    KnownFailuresError(
      line: line, reason: "expected a list of mappings with case, verdict and why, each a text")
  }

  /// One thing that the library says.
  private struct Event {
    enum Kind { case scalar, listStart, listEnd, mappingStart, mappingEnd }
    var kind: Kind
    var line: Int
    var text = ""
  }

  private func events() throws(KnownFailuresError) -> [Event] {
    var found: [Event] = []
    var failure: KnownFailuresError?
    bytes.withUnsafeBufferPointer { bytes in
      guard let parser = tapedeck_yaml_new(bytes.baseAddress, bytes.count) else {
        failure = KnownFailuresError(
          line: 0,
          reason: "YAML needs libyaml, which is not here: install it (Debian: libyaml-0-2), or "
            + "write the same list as JSON")
        return
      }
      defer { tapedeck_yaml_free(parser) }
      while failure == nil {
        let event = tapedeck_yaml_next(parser)
        let line = Int(clamping: event.line)
        let kind: Event.Kind
        switch event.kind {
        case TAPEDECK_YAML_SCALAR: kind = .scalar
        case TAPEDECK_YAML_SEQUENCE_START: kind = .listStart
        case TAPEDECK_YAML_SEQUENCE_END: kind = .listEnd
        case TAPEDECK_YAML_MAPPING_START: kind = .mappingStart
        case TAPEDECK_YAML_MAPPING_END: kind = .mappingEnd
        case TAPEDECK_YAML_BORDER: continue
        case TAPEDECK_YAML_END: return
        case TAPEDECK_YAML_ALIAS:
          failure = KnownFailuresError(line: line, reason: "aliases are not taken here")
          continue
        default:
          let words = String(
            decoding: UnsafeBufferPointer(start: event.bytes, count: event.count), as: UTF8.self)
          failure = KnownFailuresError(line: line, reason: "this is not YAML: \(words)")
          continue
        }
        let text = UnsafeBufferPointer(start: event.bytes, count: event.count)
        found.append(Event(kind: kind, line: line, text: String(decoding: text, as: UTF8.self)))
      }
    }
    if let failure { throw failure }
    return found
  }
}
