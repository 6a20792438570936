internal import Cassettes

/// Reads field lines as they come, byte for byte as Latin-1.
///
/// A line that begins with white space goes on with the value of the line before. (RFC 9112, 5.2)
struct HeaderSection {
  /// The bytes that one section may have; a longer one is given up.
  static let limitBytes = 1 << 20

  private(set) var fields: [HeaderField] = []
  private var bytes = 0

  /// Adds a line, its end included or not; false where the section is too long.
  ///
  /// A line without a colon says nothing, and is left out.
  mutating func add(_ line: some Collection<UInt8>) -> Bool {
    bytes += line.count
    guard bytes <= Self.limitBytes else { return false }
    let text = Self.latin1(line)
    if let first = text.first, first == " " || first == "\t" {
      guard let last = fields.indices.last else { return true }
      let rest = Self.trimmed(text)
      let separator = fields[last].value.isEmpty || rest.isEmpty ? "" : " "
      fields[last].value += separator + rest
    } else if let colon = text.firstIndex(of: ":") {
      fields.append(
        HeaderField(Self.trimmed(text[..<colon]), Self.trimmed(text[text.index(after: colon)...])))
    }
    return true
  }

  /// The scalars of a line without its end; what no field value may hold becomes a space. (RFC 9110, 5.5)
  private static func latin1(_ line: some Collection<UInt8>) -> Substring.UnicodeScalarView {
    var scalars = String.UnicodeScalarView()
    for byte in line where byte != UInt8(ascii: "\n") {
      scalars.append(byte == 0 || byte == UInt8(ascii: "\r") ? " " : Unicode.Scalar(byte))
    }
    return Substring(String(scalars)).unicodeScalars
  }

  private static func trimmed(_ text: Substring.UnicodeScalarView) -> String {
    func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }
    let start = text.firstIndex { !isSpace($0) } ?? text.endIndex
    guard let last = text.lastIndex(where: { !isSpace($0) }), start <= last else { return "" }
    return String(text[start...last])
  }
}
