internal import Documents
internal import LosslessJSON

/// JSON of nodes as Python's `json.dumps` writes it, for bodies of which a file has only what was
/// parsed of them: with a blank behind commas and colons, and in ASCII.
struct RewrittenJSON {
  /// The text.
  private(set) var bytes: [UInt8] = []

  /// Writes a node.
  init(of node: Node) { append(node) }

  private mutating func append(_ node: Node) {
    switch node.value {
    case .scalar(let scalar):
      if scalar.isPlain, node.tag == nil, let literal = PlainScalar(scalar.bytes).json {
        bytes += literal.utf8
      } else {
        append(text: node.bytes ?? scalar.bytes)
      }
    case .sequence(let items):
      bytes.append(UInt8(ascii: "["))
      for (number, item) in items.enumerated() {
        if number > 0 { bytes += ", ".utf8 }
        append(item)
      }
      bytes.append(UInt8(ascii: "]"))
    case .mapping(let members):
      bytes.append(UInt8(ascii: "{"))
      for (number, member) in members.enumerated() {
        if number > 0 { bytes += ", ".utf8 }
        append(text: member.key.bytes ?? Array("null".utf8))
        bytes += ": ".utf8
        append(member.value)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  private mutating func append(text: [UInt8]) {
    guard text.contains(where: { $0 >= 0x7F }) else {
      JSONString.append(text, to: &bytes)
      return
    }
    var quoted: [UInt8] = []
    JSONString.append(text, to: &quoted)
    for scalar in String(decoding: quoted, as: UTF8.self).unicodeScalars {
      if scalar.value < 0x7F {
        bytes.append(UInt8(truncatingIfNeeded: scalar.value))
      } else {
        String(scalar).utf16.forEach { append(unit: $0) }
      }
    }
  }

  private mutating func append(unit: UInt16) {
    let digits = String(unit, radix: 16)
    bytes += "\\u".utf8
    bytes += String(repeating: "0", count: 4 - digits.utf8.count).utf8
    bytes += digits.utf8
  }
}

/// A text without quotes, which may be null, a truth value or a number. (YAML 1.1, the types)
struct PlainScalar {
  private let text: String

  init(_ bytes: [UInt8]) { text = String(decoding: bytes, as: UTF8.self) }

  /// What it is in JSON, or nil where it is a text.
  var json: String? {
    switch text {
    case "", "~", "null", "Null", "NULL": return "null"
    case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON": return "true"
    case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF": return "false"
    default: break
    }
    guard let first = text.utf8.first(where: { $0 != 0x2D && $0 != 0x2B }),
      (0x30...0x39).contains(first) || first == UInt8(ascii: ".")
    else { return nil }
    let digits = text.replacing("_", with: "")
    if let whole = Self.whole(digits) { return whole }
    // 1e5 is a text to YAML 1.1 without a point, and a number to JSON.
    guard digits.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }),
      digits.contains("."), let number = Double(digits), number.isFinite
    else { return nil }
    return number.description
  }

  /// A whole number of any length, or nil.
  private static func whole(_ digits: String) -> String? {
    let isNegative = digits.hasPrefix("-")
    let rest = isNegative || digits.hasPrefix("+") ? digits.dropFirst() : digits[...]
    let sign = isNegative ? "-" : ""
    for (prefix, radix) in [("0x", 16), ("0b", 2)] where rest.hasPrefix(prefix) {
      return Int(rest.dropFirst(2), radix: radix).map { "\(sign)\($0)" }
    }
    guard !rest.isEmpty, rest.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    guard rest.hasPrefix("0"), rest != "0" else { return sign + rest }
    return Int(rest, radix: 8).map { "\(sign)\($0)" }
  }
}
