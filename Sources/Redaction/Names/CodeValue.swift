/// Tells what a name is given in code from a value that authenticates.
enum CodeValue {
  /// Whether it is a word of a programming language that stands for nothing.
  static func isWord(_ value: ArraySlice<UInt8>) -> Bool {
    let words = ["none", "null", "nil", "true", "false", "undefined", "lambda"]
    return value.count <= 9 && words.contains(String(decoding: value, as: UTF8.self).lowercased())
  }

  /// Whether it is an expression, and no value.
  ///
  /// - Parameters:
  ///   - value: What stands behind the `=`, without quotes.
  ///   - isSetting: Whether the name is one of the environment at the beginning of a line, as in a
  ///     file of settings, which has values and hardly any code.
  /// - Returns: Whether nothing in it needs to be covered.
  static func isCode(_ value: ArraySlice<UInt8>, ofSetting isSetting: Bool) -> Bool {
    switch value.first {
    case UInt8(ascii: "$"): return isReference(value)
    case UInt8(ascii: "("): return isBracketed(value, by: ")") || !isSetting
    case UInt8(ascii: "["): return isBracketed(value, by: "]") || !isSetting
    case UInt8(ascii: "{"): return isBracketed(value, by: "}") || !isSetting
    default: return isCall(value, ofSetting: isSetting)
    }
  }

  /// Whether it names another variable, as `$NAME` and `${NAME}` do, and `$(command)`.
  ///
  /// A password may begin with `$` too: one that has digits beside small letters, or other marks,
  /// is none.
  static func isReference(_ value: ArraySlice<UInt8>) -> Bool {
    guard value.first == UInt8(ascii: "$") else { return false }
    let name = value.dropFirst()
    if name.count < 2 || "{(".utf8.contains(value[value.startIndex + 1]) { return true }
    let isUpperCase = name.allSatisfy {
      let traits = ByteTraits.of($0)
      return traits.contains(.upper) || traits.contains(.digit) || $0 == UInt8(ascii: "_")
    }
    return isUpperCase
      || name.allSatisfy {
        !ByteTraits.of($0).isDisjoint(with: [.upper, .lower]) || "_.:->[]'".utf8.contains($0)
      }
  }

  /// The least length at which what begins with a bracket and does not end with one is a value.
  private static let leastValue = 8

  /// Whether it ends with the bracket that belongs to its first byte, or soon.
  private static func isBracketed(_ value: ArraySlice<UInt8>, by close: Unicode.Scalar) -> Bool {
    value.count < leastValue || value.last == UInt8(ascii: close)
      || value[value.startIndex + 1] == value[value.startIndex]
  }

  /// Whether it calls something: a name right in front of a parenthesis.
  ///
  /// Behind the end of the parenthesis nothing else begins; a quote or a space may have cut it.
  private static func isCall(_ value: ArraySlice<UInt8>, ofSetting isSetting: Bool) -> Bool {
    let name = value.prefix {
      ByteTraits.of($0).contains(.dotted) || "$:[]?!&*>".utf8.contains($0)
    }
    guard !name.isEmpty, name.endIndex < value.endIndex,
      value[name.endIndex] == UInt8(ascii: "("),
      !ByteTraits.of(value[value.startIndex]).contains(.digit)
    else { return false }
    var depth = 0
    var rest = value[name.endIndex...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "(") { depth += 1 }
      if byte == UInt8(ascii: ")") { depth -= 1 }
      if depth == 0 { break }
    }
    if let next = rest.first, !".()[];,:?&|".utf8.contains(next) { return false }
    // What has digits in a file of settings is a password rather than a call without a full stop.
    return !isSetting || name.contains(UInt8(ascii: "."))
      || !value.contains { ByteTraits.of($0).contains(.digit) }
  }
}
