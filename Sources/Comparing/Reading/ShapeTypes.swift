internal import LosslessJSON

/// The types that JSON values had at one place.
struct ShapeTypes: OptionSet, Hashable {
  let rawValue: UInt8

  static let null = ShapeTypes(rawValue: 1)
  static let bool = ShapeTypes(rawValue: 2)
  static let number = ShapeTypes(rawValue: 4)
  static let string = ShapeTypes(rawValue: 8)
  static let array = ShapeTypes(rawValue: 16)
  static let object = ShapeTypes(rawValue: 32)
  /// Something that is no JSON, such as `[DONE]`.
  static let text = ShapeTypes(rawValue: 64)

  private static let names: [(ShapeTypes, String)] = [
    (.string, "string"), (.number, "number"), (.bool, "boolean"), (.array, "array"),
    (.object, "object"), (.null, "null"), (.text, "no JSON"),
  ]

  /// The type of a value.
  init(of value: JSONValue) {
    self =
      switch value {
      case .null: .null
      case .bool: .bool
      case .number: .number
      case .string: .string
      case .array: .array
      case .object: .object
      }
  }

  init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The types in words: `string or null`.
  var words: String {
    Self.names.filter { contains($0.0) }.map(\.1).joined(separator: " or ")
  }
}
