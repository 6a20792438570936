internal import HTTP

/// A line of values with commas between them. (RFC 4180, but for line ends within quotes)
enum CSVLine {
  /// The values, without the blanks and quotes around them.
  static func fields(of line: ArraySlice<UInt8>) -> [String] {
    var fields: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    for byte in line {
      switch byte {
      // A doubled quote inside quotes ends them and begins them again, and is not kept: no value
      // that is read here has one.
      case UInt8(ascii: "\""): isQuoted.toggle()
      case UInt8(ascii: ",") where !isQuoted:
        fields.append(text(of: field))
        field.removeAll(keepingCapacity: true)
      default: field.append(byte)
      }
    }
    return fields + [text(of: field)]
  }

  private static func text(of field: [UInt8]) -> String {
    String(decoding: field[...].withoutBlanksAround, as: UTF8.self)
  }
}
