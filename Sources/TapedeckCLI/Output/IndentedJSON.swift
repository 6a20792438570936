import LosslessJSON

/// JSON for a person who compares two versions of it: a line for each member, and for each line of
/// a text.
struct IndentedJSON {
  /// The lines, in order.
  private(set) var lines: [String] = []

  /// Writes a value.
  ///
  /// - Parameters:
  ///   - value: The value; its reader bounds how deeply it is nested.
  ///   - indent: By how many spaces all lines are indented.
  init(_ value: JSONValue, indent: Int) {
    write(value, after: "", before: "", indent: indent)
  }

  /// Writes a value behind its key and in front of its comma.
  private mutating func write(
    _ value: JSONValue, after key: String, before comma: String, indent: Int
  ) {
    switch value {
    case .object(let members) where !members.isEmpty:
      add("\(key){", indent)
      for (index, member) in members.enumerated() {
        let name = Self.text(of: .string(member.key))
        let comma = index == members.count - 1 ? "" : ","
        write(member.value, after: "\(name): ", before: comma, indent: indent + 2)
      }
      add("}\(comma)", indent)
    case .array(let elements) where elements.count > 1 || elements.first.map(Self.isLong) == true:
      add("\(key)[", indent)
      for (index, element) in elements.enumerated() {
        let comma = index == elements.count - 1 ? "" : ","
        write(element, after: "", before: comma, indent: indent + 2)
      }
      add("]\(comma)", indent)
    case .string(let bytes) where bytes.dropLast().contains(UInt8(ascii: "\n")):
      write(text: bytes, after: key, before: comma, indent: indent)
    default:
      add("\(key)\(Self.text(of: value))\(comma)", indent)
    }
  }

  /// Writes a text of several lines as a string for each of them, so that a line which changed is
  /// one that differs.
  private mutating func write(
    text: [UInt8], after key: String, before comma: String, indent: Int
  ) {
    var indent = indent
    if !key.isEmpty {
      add(String(key.dropLast()), indent)
      indent += 2
    }
    var rest = text[...]
    while !rest.isEmpty {
      let end = rest.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? rest.endIndex
      let line = Self.text(of: .string(Array(rest[..<end])))
      rest = rest[end...]
      add("\(line)\(rest.isEmpty ? comma : "")", indent)
    }
  }

  /// Whether a value may take more than one line.
  private static func isLong(_ value: JSONValue) -> Bool {
    switch value {
    case .object, .array: true
    case .string(let bytes): bytes.dropLast().contains(UInt8(ascii: "\n"))
    default: false
    }
  }

  private mutating func add(_ line: String, _ indent: Int) {
    lines.append(String(repeating: " ", count: indent) + line)
  }

  private static func text(of value: JSONValue) -> String {
    TextForm.oneLine(String(decoding: value.bytes, as: UTF8.self))
  }
}
