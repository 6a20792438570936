internal import Documents
internal import HTTP
internal import LosslessJSON

extension Node {
  /// The JSON value that a node is: of plain texts what JSON takes for no string.
  var json: JSONValue {
    switch value {
    case .mapping(let members):
      .object(
        members.map { member in
          let key: [UInt8] = if case .scalar(let scalar) = member.key.value { scalar.bytes } else { [] }
          return .init(key: key, value: member.value.json)
        })
    case .sequence(let items): .array(items.map(\.json))
    case .scalar(let scalar): Self.json(of: scalar, isNull: isNull)
    }
  }

  private static func json(of scalar: Scalar, isNull: Bool) -> JSONValue {
    guard scalar.isPlain else { return .string(scalar.bytes) }
    if isNull { return .null }
    switch try? JSONValue(parsing: scalar.bytes) {
    case .number(let text): return .number(text)
    case .bool(let truth): return .bool(truth)
    default: return .string(scalar.bytes)
    }
  }

  /// Whether it is the truth value true.
  var isTrue: Bool { text?.lowercased() == "true" }

  /// The text of a member, as bytes: of a value that is no text its JSON.
  func textOrJSON(_ key: String) -> [UInt8]? {
    guard let node = self[key], !node.isNull else { return nil }
    return node.bytes ?? node.json.bytes
  }

  /// Makes sure that it is a mapping.
  func checkMapping(_ what: String) throws(ImportError) {
    guard members == nil else { return }
    throw ImportError("expected \(what) to be a mapping, found \(kind)", line: line)
  }

  /// The whole number of a member, or nil where it has none.
  func wholeNumber(_ key: String) throws(ImportError) -> Int? {
    guard let node = self[key], !node.isNull else { return nil }
    guard let number = node.int else {
      throw ImportError("expected \(key) to be a whole number, found \(node.shown)", line: node.line)
    }
    return number
  }

  /// What it is, for an error.
  var shown: String {
    guard let text, text.utf8.count <= 40 else { return kind }
    return "'\(text)'"
  }

  /// The fields of a mapping of names to a text or several; nothing where it is none.
  var fields: [HeaderField] {
    (members ?? []).flatMap { member -> [HeaderField] in
      guard let name = member.key.text else { return [] }
      let values = member.value.items ?? [member.value]
      return values.compactMap { Self.field(name, $0.bytes) }
    }
  }

  /// A field of bytes, or nil where no wire could carry it.
  private static func field(_ name: String, _ value: [UInt8]?) -> HeaderField? {
    guard let value, !name.isEmpty, name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x3A }),
      value.allSatisfy({ $0 != 0x0D && $0 != 0x0A && $0 != 0 })
    else { return nil }
    return HeaderField(name, bytes: value)
  }
}
