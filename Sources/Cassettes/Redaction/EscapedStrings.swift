internal import LosslessJSON

/// The strings of a JSON text as a client gets them, where escapes in the text may hide what they
/// hold.
///
/// Without a backslash a text has no escapes, and its bytes show all that its strings hold.
struct EscapedStrings {
  /// The strings and keys that are no signature or encrypted content, in order.
  private(set) var strings: [[UInt8]] = []

  /// Reads a text; one that is no JSON, or has no escapes, has none.
  init(json: some Collection<UInt8>) {
    guard json.contains(UInt8(ascii: "\\")), let value = try? JSONValue(parsing: Array(json)) else {
      return
    }
    add(value)
  }

  private mutating func add(_ value: JSONValue) {
    switch value {
    case .string(let bytes): strings.append(bytes)
    case .array(let values):
      for value in values { add(value) }
    case .object(let members):
      let opaque = JSONOpacity.keys(of: value)
      for member in members {
        strings.append(member.key)
        if !opaque.contains(member.key) { add(member.value) }
      }
    case .null, .bool, .number: break
    }
  }
}
