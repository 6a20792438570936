internal import Documents
internal import HTTP
internal import LosslessJSON

/// What a stub of WireMock matches, as a request.
struct WireMockRequest {
  /// The method, or nil for any.
  var method: String?
  /// The path, with its query.
  var path: String
  /// The fields that must have one value.
  var headers: [HeaderField] = []
  /// The body that it must have.
  var body: [UInt8] = []

  /// - Parameters:
  ///   - node: What is matched.
  ///   - losses: Receives what of it is no request.
  init(_ node: Node, losses: inout [String]) {
    let method = node["method"]?.text
    self.method = method == "ANY" ? nil : method
    path = "/"
    path = Self.path(of: node, losses: &losses)
    for member in node["headers"]?.members ?? [] {
      guard let name = member.key.text, name.isToken else { continue }
      if let value = member.value["equalTo"]?.text {
        headers.append(HeaderField.imported(name, value))
      } else {
        losses.append("it matches the header \(name) by a pattern, which is left out")
      }
    }
    setBody(of: node, losses: &losses)
    for key in ["cookies", "basicAuthCredentials", "multipartPatterns", "formParameters", "host"]
    where node[key] != nil {
      losses.append("it matches on \(key), which is left out")
    }
  }

  private mutating func setBody(of node: Node, losses: inout [String]) {
    var others = 0
    for pattern in node["bodyPatterns"]?.items ?? [] {
      if let encoded = pattern["binaryEqualTo"]?.bytes, body.isEmpty {
        body = Base64Text.decoded(encoded) ?? []
      } else if let exact = ["equalTo", "equalToJson", "equalToXml"].lazy.compactMap({
        pattern.textOrJSON($0)
      }).first, body.isEmpty {
        body = exact
      } else {
        others += 1
      }
    }
    if others > 0 { losses.append("it matches the body by patterns, which are left out") }
  }

  private static func path(of node: Node, losses: inout [String]) -> String {
    if let url = node["url"]?.text { return slashed(url) }
    if let path = node["urlPath"]?.text {
      return slashed(path) + query(of: node, losses: &losses)
    }
    if let template = node["urlPathTemplate"]?.text {
      return filled(template, of: node, losses: &losses) + query(of: node, losses: &losses)
    }
    guard let pattern = (node["urlPattern"] ?? node["urlPathPattern"])?.text else {
      losses.append("it matches any path: / stands for it")
      return "/"
    }
    let (literal, isWhole) = PatternText.literal(of: pattern)
    let path = slashed(literal)
    if !isWhole { losses.append("its path is the pattern \(pattern): \(path) stands for it") }
    return path + query(of: node, losses: &losses)
  }

  /// A path of a template, with the parameters that must have one value.
  private static func filled(
    _ template: String, of node: Node, losses: inout [String]
  ) -> String {
    var path = template
    for member in node["pathParameters"]?.members ?? [] {
      guard let name = member.key.text, let value = member.value["equalTo"]?.text,
        let place = path.firstRange(of: "{\(name)}")
      else { continue }
      path.replaceSubrange(place, with: value)
    }
    if path.contains("{") { losses.append("its path is the template \(template), taken as it is") }
    return slashed(path)
  }

  private static func query(of node: Node, losses: inout [String]) -> String {
    var pairs: [String] = []
    for member in node["queryParameters"]?.members ?? [] {
      guard let name = member.key.text else { continue }
      if let value = member.value["equalTo"]?.text {
        pairs.append("\(PatternText.escaped(name))=\(PatternText.escaped(value))")
      } else {
        losses.append("it matches the parameter \(name) by a pattern, which is left out")
      }
    }
    return pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")
  }

  /// A text as a path can be written: from a slash on, without spaces and control characters.
  private static func slashed(_ text: String) -> String {
    let path = PatternText.withoutSpaces(text)
    return path.hasPrefix("/") ? path : "/" + path
  }
}

/// What of a pattern is text.
enum PatternText {
  /// The literal text in front of the first part that is a pattern, and whether that is all of it.
  static func literal(of pattern: String) -> (text: String, isWhole: Bool) {
    var text = ""
    var isEscaped = false
    for character in pattern.drop(while: { $0 == "^" }) {
      if isEscaped {
        // Behind a backslash, letters and digits stand for classes.
        guard !character.isLetter, !character.isNumber else { return (text, false) }
        text.append(character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == "$" {
        continue
      } else if "?*+{".contains(character) {
        // It says how often the character before it comes.
        return (String(text.dropLast()), false)
      } else if ".[]()|}".contains(character) {
        return (text, false)
      } else {
        text.append(character)
      }
    }
    return (text, true)
  }

  /// A text in which no character ends a name or a value of a query.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for byte in text.utf8 {
      let isPlain =
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
        || (0x61...0x7A).contains(byte) || "-._~/:,".utf8.contains(byte)
      if isPlain {
        escaped.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        escaped += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return escaped
  }

  /// A text without what no URL may have: spaces are escaped, control characters left out.
  static func withoutSpaces(_ text: String) -> String {
    var kept = ""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x20: kept += "%20"
      case 0x00..<0x20, 0x7F..<0xA0: continue
      default: kept.unicodeScalars.append(scalar)
      }
    }
    return kept
  }
}
