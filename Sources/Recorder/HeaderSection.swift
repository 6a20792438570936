internal import Cassettes

/// Reads field lines as they come, byte for byte as Latin-1.
///
/// A line that begins with white space goes on with the value of the line before. (RFC 9112, 5.2)
struct HeaderSection {
  /// The bytes that one section may have; a longer one is given up.
  static let limitBytes = 1 << 20

  /// The fields that one section may have.
  static let limitFields = 100_000

  private(set) var fields: [HeaderField] = []
  /// How many lines were left out because they are no fields.
  private(set) var leftOut = 0
  private var isFieldOpen = false
  private var bytes = 0

  /// Adds a line, its end included or not; false where the section is too long.
  ///
  /// A line that is no field is left out, and what goes on with it.
  mutating func add(_ line: some Collection<UInt8>) -> Bool {
    bytes += line.count
    guard bytes <= Self.limitBytes, fields.count < Self.limitFields else { return false }
    let text = Self.latin1(line)
    if let first = text.first, first == " " || first == "\t" {
      goOn(with: Self.trimmed(text))
    } else if let colon = text.firstIndex(of: ":"), Self.trimmed(text[..<colon]).isToken {
      let value = Self.trimmed(text[text.index(after: colon)...])
      fields.append(HeaderField(Self.trimmed(text[..<colon]), value))
      isFieldOpen = true
    } else {
      leftOut += 1
      isFieldOpen = false
    }
    return true
  }

  private mutating func goOn(with rest: String) {
    guard isFieldOpen, let last = fields.indices.last else {
      leftOut += 1
      return
    }
    let separator = fields[last].value.isEmpty || rest.isEmpty ? "" : " "
    fields[last].value += separator + rest
  }

  /// The scalars of a line without its end; what no field value may hold becomes a space. (RFC
  /// 9110, 5.5)
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
