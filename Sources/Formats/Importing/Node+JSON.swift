internal import Documents
internal import LosslessJSON

extension Node {
  /// The JSON value that it stands for: what was written without quotes is a number, a truth value
  /// or null where JSON has such a one. (YAML 1.2.2, 10.2)
  var json: JSONValue {
    switch value {
    case .sequence(let items): return .array(items.map(\.json))
    case .mapping(let members):
      return .object(
        members.map { JSONValue.Member(key: $0.key.scalarBytes, value: $0.value.json) })
    case .scalar(let scalar):
      if isNull { return .null }
      guard scalar.isPlain, tag == nil, let plain = try? JSONValue(parsing: scalar.bytes) else {
        return .string(bytes ?? scalar.bytes)
      }
      switch plain {
      case .bool, .number: return plain
      default: return .string(scalar.bytes)
      }
    }
  }

  private var scalarBytes: [UInt8] {
    if case .scalar(let scalar) = value { scalar.bytes } else { [] }
  }
}
