internal import Documents
internal import LosslessJSON

/// JSON of nodes, for bodies of which a file has only what was parsed of them.
struct RewrittenJSON {
  /// How it is written.
  enum Style {
    /// As Python's `json.dumps`: a blank behind commas and colons, ASCII.
    case python
    /// As most servers: without blanks, in UTF-8.
    case compact
  }

  private var output: [UInt8] = []
  private let style: Style

  /// The text of a node.
  static func bytes(of node: Node, style: Style) -> [UInt8] {
    var json = RewrittenJSON(style: style)
    json.append(node)
    return json.output
  }

  private init(style: Style) { self.style = style }

  private mutating func append(_ node: Node) {
    switch node.value {
    case .scalar(let scalar):
      if scalar.isPlain, node.tag == nil, let literal = PlainScalar(scalar.bytes).json {
        output += literal.utf8
      } else {
        append(text: node.bytes ?? scalar.bytes)
      }
    case .sequence(let items):
      output.append(UInt8(ascii: "["))
      for (number, item) in items.enumerated() {
        if number > 0 { separate(",") }
        append(item)
      }
      output.append(UInt8(ascii: "]"))
    case .mapping(let members):
      output.append(UInt8(ascii: "{"))
      for (number, member) in members.enumerated() {
        if number > 0 { separate(",") }
        append(text: member.key.bytes ?? Array("null".utf8))
        separate(":")
        append(member.value)
      }
      output.append(UInt8(ascii: "}"))
    }
  }

  private mutating func separate(_ sign: String) {
    output += sign.utf8
    if style == .python { output.append(UInt8(ascii: " ")) }
  }

  private mutating func append(text: [UInt8]) {
    guard style == .python, text.contains(where: { $0 >= 0x7F }) else {
      JSONString.append(text, to: &output)
      return
    }
    var quoted: [UInt8] = []
    JSONString.append(text, to: &quoted)
    for scalar in String(decoding: quoted, as: UTF8.self).unicodeScalars {
      if scalar.value < 0x7F {
        output.append(UInt8(truncatingIfNeeded: scalar.value))
      } else {
        for unit in UTF16.encode(scalar) ?? .init() { append(unit: unit) }
      }
    }
  }

  private mutating func append(unit: UInt16) {
    let digits = String(unit, radix: 16)
    output += "\\u".utf8
    output += String(repeating: "0", count: 4 - digits.utf8.count).utf8
    output += digits.utf8
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
    for (prefix, radix) in [("0x", 16), ("0b", 2), ("0o", 8)] where rest.hasPrefix(prefix) {
      return Int(rest.dropFirst(2), radix: radix).map { "\(sign)\($0)" }
    }
    guard !rest.isEmpty, rest.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    guard rest.hasPrefix("0"), rest != "0" else { return sign + rest }
    return Int(rest, radix: 8).map { "\(sign)\($0)" }
  }
}
